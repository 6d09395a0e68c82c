// The tutorial as a stranger meets it, word for word: the packed package, an empty folder, a new home, and on the PATH nothing but
// Node, npm and a shell. What npm has fetched before it need not fetch again.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { walk } from '../cli/walk.js';
import { installedForTests } from './pack.js';

const installed = installedForTests();

/** A folder with what Node brings and `sh`, which npm runs programs by. */
function nodeAlone(folder: string): string {
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const program of ['npm', 'npx', 'sh']) {
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim(),
      join(folder, program),
    );
  }
  return folder;
}

const npmSays = (setting: string): string =>
  execFileSync('npm', ['config', 'get', setting], { encoding: 'utf8' }).trim();

test('its commands run in order with Node alone', async () => {
  const { temporary, tarball } = installed();
  const [folder, home] = [join(temporary, 'tutorial'), join(temporary, 'home')];
  for (const each of [folder, home]) mkdirSync(each);
  const env = {
    PATH: nodeAlone(join(temporary, 'programs')),
    HOME: home,
    // Where packages come from is the machine's business.
    npm_config_userconfig: npmSays('userconfig'),
    npm_config_cache: npmSays('cache'),
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_update_notifier: 'false',
  };
  const commands = await walk('docs/tutorial.md', folder, (command) => {
    const packed = command.replace('npm install heddle', `npm install '${tarball}'`);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', packed], { cwd: folder, env, encoding: 'utf8' });
    const printed = stdout + stderr;
    expect(status === 0 || printed.includes('error['), `${command}\n${printed}`).toBe(true);
    return command.startsWith('npm ') ? '' : printed;
  });
  expect(commands).toBeGreaterThanOrEqual(12);
});
