// examples/training: the studies beside it compile to packages when they are trained, what is Python behaves as it promises, and
// what it writes is what studies read.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect } from 'vitest';
import { readTraining } from '../../studies/training/index.js';
import { findPython } from '../../targets/torch/device/python.js';
import { onTorch } from '../targets/torch/support.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const examples = here('../../examples/training');
const temporary = mkdtempSync(join(tmpdir(), 'heddle-training-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

onTorch(
  'tasks, resuming, processes, signals and sweeps are as they should be, and studies read what is written',
  async () => {
    const python = await findPython();
    if ('why' in python) throw new Error(python.why);
    const { stdout } = await promisify(execFile)(python.python, ['-I', here('behaviour.py'), examples, temporary]);
    expect(stdout.trim().split('\n').at(-1)).toBe('"all is well"');

    const { tasks, faults } = readTraining(join(temporary, 'sweep'));
    expect(faults).toEqual([]);
    const [task] = tasks;
    expect([task!.task, task!.base, task!.metric]).toEqual(['motivating', 'base', { name: 'error', solvedAt: 0.05 }]);
    expect(task!.variants.map(({ name, parameters }) => [name, parameters!.attention])).toEqual([
      ['base', 0],
      ['MTA', 36],
    ]);
    const [run] = task!.variants[1]!.rates[0]!.runs;
    expect([run!.state, run!.seed, run!.device, run!.curve.map(({ step }) => step)]).toEqual([
      'finished',
      0,
      'cpu',
      [0, 2, 4, 6, 8],
    ]);
    expect(task!.comparisons).toMatchObject([
      { variant: 'MTA', verdict: 'undecided', reason: '1 seeds finished for both, and 6 are needed' },
    ]);
    // One that was stopped can be resumed.
    const stopped = readTraining(join(temporary, 'signal')).tasks[0]!.variants[0]!.rates[0]!.runs[0]!;
    expect([stopped.state, stopped.test]).toEqual(['unfinished', null]);
  },
);
