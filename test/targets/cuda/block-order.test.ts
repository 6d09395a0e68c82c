// The order of blocks: kernels know where their longest sweeps are, whichever axis they own.
import { expect, it } from 'vitest';
import { trainingPair } from '../../../src/autodiff/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { longestSweep, sweptBuffers } from '../../../targets/cuda/layout/block-order.js';
import { compilePairCuda } from '../../../targets/cuda/training.js';
import { kernelsOf } from '../../../targets/shared/tile/program.js';
import { exampleGraph } from '../../support/example-graphs.js';

const orders = (program: Parameters<typeof kernelsOf>[0]) =>
  Object.fromEntries(kernelsOf(program).map(({ kernel }) => [kernel.name, longestSweep(kernel)]));

it('rows that see most keys are last under a causal mask, and no rows see more without one or in a window', async () => {
  const orderOf = async (example: string) => {
    const { emitted } = compileCuda(await exampleGraph(example, {}), { dtype: 'bf16', single: true });
    return Object.values(orders(emitted.program));
  };
  expect(await orderOf('causal')).toEqual(['last']);
  expect(await orderOf('bidirectional')).toEqual(['none']);
  expect(await orderOf('slidingWindow')).toEqual(['none']);
});

it('keys that most rows see are first', async () => {
  const pair = trainingPair(await exampleGraph('causal', {}));
  const { backward } = compilePairCuda(pair, { dtype: 'bf16' });
  const found = orders(backward.program);
  expect(new Set(Object.values(found))).toEqual(new Set(['first', 'last', 'none']));
});

it('what blocks of a head read again and again are keys and values', async () => {
  const { emitted } = compileCuda(await exampleGraph('causal', {}), { dtype: 'bf16', single: true });
  const [{ kernel }] = kernelsOf(emitted.program) as [ReturnType<typeof kernelsOf>[number]];
  expect(sweptBuffers(kernel, emitted.program.buffers).map(({ name }) => name)).toEqual(['k', 'v']);
});
