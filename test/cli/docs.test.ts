// docs/command-line.md and docs/api.md name everything that there is: each command, option, device, target and function.
// What they say about it is for readers to judge.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as api from '../../cli/api.js';
import { scheduleKinds } from '../../codegen/schedule/index.js';
import { deviceNames } from '../../driver/devices.js';
import { targetNames } from '../../driver/targets.js';
import { inRepository, runHeddle } from './harness.js';

const commandLine = readFileSync(inRepository('docs/command-line.md'), 'utf8');
const library = readFileSync(inRepository('docs/api.md'), 'utf8');

describe('docs/command-line.md', () => {
  test.each(['compile', 'run', 'check', 'explain', 'init', 'devices'])('names all options of %s', async (command) => {
    const start = commandLine.indexOf(`## heddle ${command}`);
    const section = commandLine.slice(start, commandLine.indexOf('\n## ', start + 1));
    const { out } = await runHeddle([command, '--help']);
    const options = Array.from(out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm), ([, option]) => option!);
    expect(options.length).toBeGreaterThan(1);
    for (const option of options) if (option !== '--help') expect(section).toContain(option);
  });

  test('names all targets, devices and schedules', async () => {
    for (const name of [...targetNames, ...deviceNames, ...scheduleKinds]) {
      expect(commandLine).toContain(`\`${name}\``);
    }
    const { out } = await runHeddle(['compile', '--help']);
    for (const name of [...targetNames, ...scheduleKinds]) expect(out).toContain(name);
  });
});

test('docs/api.md names all functions of the library', () => {
  for (const [name, value] of Object.entries(api)) if (typeof value === 'function') expect(library).toContain(name);
});
