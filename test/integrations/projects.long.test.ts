// The worked projects as a stranger meets them: begun by `heddle init` of the packed package in an empty folder, then the commands of
// each README, word for word. The registry has no such version of Heddle, so package.json names the packed file in its place.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { softwareVulkan } from '../../targets/wgsl/device/software-vulkan.js';
import { installedForTests } from '../packaging/pack.js';
import { testsOn } from '../support/devices.js';

const installed = installedForTests();
const vulkan = softwareVulkan();

/** Each project with the programs that it needs beside Node, and what its commands print. */
const projects = [
  { name: 'node', needs: [], said: ['passed', 'of values that are all 1 are at most'] },
  { name: 'cmake', needs: ['cmake', 'nvcc'], said: ['Built target attention', 'tests passed'] },
] as const;

const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** The commands of the first block of a README, without their comments. */
function commandsOf(readme: string): readonly string[] {
  const [, block] = /```sh\n(.*?)```/s.exec(readme)!;
  return block!
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, ''))
    .filter((line) => line !== '');
}

/** The test of a project; skipped by the name of a program that is missing. */
const testOf = ({ name, needs }: (typeof projects)[number]) => {
  const missing = needs.find((program) => !isThere(program));
  return testsOn({
    name,
    availability: async () =>
      missing === undefined
        ? { available: true, detail: name }
        : { available: false, why: `there is no ${missing}`, remedy: `install ${missing}` },
  });
};

for (const project of projects) {
  const { name, said } = project;
  const inShell = await testOf(project);
  inShell('a new project works by the commands of its README', () => {
    const folder = join(installed().temporary, `${name} project`);
    const heddle = join(installed().folder, 'dist', 'cli', 'main.js');
    execFileSync(process.execPath, [heddle, 'init', folder, '--template', name]);
    const manifest = join(folder, 'package.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace(/("heddle": )"[^"]*"/, `$1"file:${installed().tarball}"`));
    const printed: string[] = [];
    for (const command of commandsOf(readFileSync(join(folder, 'README.md'), 'utf8'))) {
      const ended = spawnSync('sh', ['-c', command], {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          // What npm has fetched before it need not fetch again.
          npm_config_prefer_offline: 'true',
          npm_config_audit: 'false',
          ...(vulkan.available ? vulkan.environment : {}),
        },
      });
      expect(ended.status, `${command}\n${ended.stdout}${ended.stderr}`).toBe(0);
      printed.push(ended.stdout);
    }
    for (const words of said) expect(printed.join('\n')).toContain(words);
  });
}
