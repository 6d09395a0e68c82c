// The gradient of a convolution's kernel: products on tensor cores where scores have 16 bits, at tiles as large as they are in use;
// where they are floats, all threads of a block divide the rows for each tap.
import { expect, it } from 'vitest';
import { schedule } from '../../../codegen/schedule/index.js';
import { inTwoRuns, wholeGradient } from '../../../driver/gradients.js';
import { trainingPair } from '../../../src/autodiff/index.js';
import { checkCase } from '../../../src/checking/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { emitCuda } from '../../../targets/cuda/index.js';
import { narrow } from '../../../targets/cuda/narrow.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph, openExample } from '../../support/example-graphs.js';
import { inLongTests } from '../../support/share.js';

const settings = { heads: 2, kvHeads: 1, headDim: 16 };

async function textOf(dtype: 'f32' | 'bf16'): Promise<string> {
  const { backward } = trainingPair(await exampleGraph('decode', settings));
  const { program } = schedule(backward, { candidates: [{ rows: 32, columns: 32 }] });
  return emitCuda(narrow(program, dtype), { name: 'grams', settings: {}, history: 0 }, { dtype }).cuda;
}

it('multiplies rows of taps by warps in 16 bits', async () => {
  const text = await textOf('bf16');
  expect(text).toContain('multiply_accumulate<bfloat16>(products[');
  // The tile of all six rows of taps is written once, and the scores that it meets are those of a stencil of products.
  expect(text.match(/#pragma unroll 1\n +for \(int unit_\d+ = /g)).toHaveLength(1);
  expect(text.match(/Toeplitz matrices of the weights/g)).toHaveLength(4);
});

it('divides rows between threads in floats', async () => {
  const text = await textOf('f32');
  expect(text).not.toContain('products[');
  expect(text.match(/line_\d+ = thread \/ 11; /g)).toHaveLength(6);
});

const device = cudaEmulator({ dtype: 'bf16' });
const onEmulator = await testsOn(device);

// Small tiles are those of test/targets/gradients.test.ts.
for (const shape of inLongTests({ batch: 1, queries: 45, keys: 70, rows: 40 })) {
  onEmulator('has the gradient of its meaning in 16 bits', async () => {
    const gradient = wholeGradient((await openExample('decode')).compile(undefined, settings));
    const { problems } = await checkCase(gradient, inTwoRuns(device), shape, 3);
    expect(problems).toEqual([]);
  });
}
