// A study, run by the package as a user gets it: in processes of its own, which end with it, and which another run goes on behind.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { installedForTests, SPEC } from './pack.js';

const installed = installedForTests();

const inProject = (...names: string[]): string => join(installed().project, ...names);

describe('a study', () => {
  const STUDY = `import { ablation } from 'heddle';
import { sloped } from './sloped.js';
export const study = ablation(sloped, {
  base: { heads: 2, headDim: 4 },
  variants: { narrow: { window: 2 }, wide: { window: 9 }, 'as base': {} },
  shapes: [{ keys: 5 }],
});
`;
  const command = (out: string, ...more: readonly string[]): readonly string[] => [
    ...[join(installed().folder, 'dist', 'cli', 'main.js'), 'ablate', 'specs/study.ts', '--out', out, '--jobs', '2'],
    ...['--device', 'interpreter', '--device', 'tiles', '--rounds', '40', ...more],
  ];
  /** The record without what a clock says. */
  const recordIn = (out: string): string =>
    readFileSync(inProject(out, 'study.json'), 'utf8').replaceAll(/"milliseconds": \[[^\]]*\]|"date": "[^"]*"/g, '');
  /** Whether a process of the group of `leader` is left. */
  const isAlive = (leader: number): boolean => {
    try {
      return process.kill(-leader, 0);
    } catch {
      return false;
    }
  };

  test('is run by processes of their own, ends with them at Ctrl-C, and goes on to the same record', async () => {
    writeFileSync(inProject('package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
    mkdirSync(inProject('specs'), { recursive: true });
    writeFileSync(inProject('specs', 'sloped.ts'), SPEC);
    writeFileSync(inProject('specs', 'study.ts'), STUDY);
    const whole = spawnSync(process.execPath, command('whole'), { cwd: installed().project, encoding: 'utf8' });
    expect({ status: whole.status, stderr: whole.stderr }).toEqual({ status: 0, stderr: '' });
    expect(whole.stdout).toContain('the same (the same kernel)');

    const worksIn = (out: string): number => {
      const folder = inProject(out, 'work');
      return existsSync(folder) ? readdirSync(folder).length : 0;
    };
    let stops = 0;
    for (const wanted of [2, 5, 8]) {
      const child = spawn(process.execPath, command('parts', ...(stops > 0 ? ['--resume'] : [])), {
        cwd: installed().project,
        detached: true,
        stdio: 'ignore',
      });
      const ended = new Promise<string | null>((resolve) => {
        child.once('exit', (_, signal) => resolve(signal));
      });
      while (worksIn('parts') < wanted && child.exitCode === null) await setTimeout(20);
      child.kill('SIGINT');
      if ((await ended) === 'SIGINT') stops += 1;
      // The last of them may be on its way out.
      for (let turn = 0; turn < 50 && isAlive(child.pid!); turn += 1) await setTimeout(100);
      expect(isAlive(child.pid!)).toBe(false);
    }
    expect(stops).toBeGreaterThan(0);
    const rest = spawnSync(process.execPath, command('parts', '--resume'), {
      cwd: installed().project,
      encoding: 'utf8',
    });
    expect({ status: rest.status, stderr: rest.stderr }).toEqual({ status: 0, stderr: '' });
    expect(recordIn('parts')).toBe(recordIn('whole'));
    const again = spawnSync(process.execPath, command('parts', '--json'), {
      cwd: installed().project,
      encoding: 'utf8',
    });
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, performed: 0 });
  });
});
