// The kernels of a training step behind the operator of an emitted package, on the emulation: gradients against eager PyTorch in
// float64, and what PyTorch asks of an operator. What gradient kernels are not to be had for says why.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { compileTraining } from '../../../targets/binding/index.js';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { findPython } from '../../../targets/torch/device/python.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph, openExample } from '../../support/example-graphs.js';
import { inLongTests } from '../../support/share.js';
import { buildEmulated, cleanUp, writePackage } from './bound.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const python = await findPython();
afterAll(cleanUp);

/** A script on the package of an example, with the kernels of a training step behind it on the host. */
async function said(
  script: string,
  name: string,
  dtype: 'f32' | 'bf16',
  settings: Readonly<Record<string, number>>,
): Promise<string> {
  const training = compileTraining((await openExample(name)).compile(undefined, settings), { dtype });
  const written = writePackage(await exampleGraph(name, settings), dtype, training);
  const library = await buildEmulated(written);
  if ('why' in python) throw new Error(python.why);
  const file = fileURLToPath(new URL(script, import.meta.url));
  const names = script === 'compiled.py' ? [] : [written.bound.package];
  const { stdout } = await promisify(execFile)(python.python, ['-I', file, written.folder, ...names, library]);
  return stdout.trim();
}

const small = { heads: 4, kvHeads: 2, headDim: 8, queryKernel: 3, keyKernel: 5 };

describe('gradients by kernels on the host', () => {
  for (const [name, dtype, settings] of [
    ['causal', 'f32', { heads: 2, headDim: 8 }],
    ...inLongTests(
      ['decode', 'bf16', small] as const,
      // A window leaves tiles of eight columns, half of what a product on tensor cores sums up at once.
      ['sinks', 'bf16', { heads: 4, kvHeads: 2, headDim: 8, window: 4 }] as const,
    ),
  ] as const) {
    onEmulator(`${name} in ${dtype}`, async () => {
      expect(await said('training.py', name, dtype, settings)).toBe('all is well');
    });
  }
});

/** Older versions have neither opcheck nor custom_op: what is in them is tested above. */
const [major = 0, minor = 0] = 'torch' in python ? python.torch.split('.').map(Number) : [];
const hasOperatorChecks = major > 2 || (major === 2 && minor >= 4);
/** On the PyTorch of Debian, which CI has, nothing of it can be tested: what is skipped there counts as failed. */
const onNewTorch = hasOperatorChecks ? onEmulator : leaveOut;
function leaveOut(name: string): void {
  if (process.env['CI'] !== 'true') test.skip(`PyTorch 2.4: ${name}`);
}

onNewTorch('operators pass the checks of PyTorch, and compile whole', async () => {
  expect(await said('compiled.py', 'decode', 'bf16', small)).toBe('all is well');
});
