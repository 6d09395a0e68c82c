// Scores that two kernels compute, one for their maximum and one to weigh by it: the same bits in both, as logits of 1e12 that differ
// in the last of them have another softmax. The kernels hold other numbers of rows, and would write a large stencil in other forms.
import { afterAll, expect } from 'vitest';
import { checkGraph } from '../../../src/checking/index.js';
import { optimise } from '../../../src/passes/index.js';
import { webgpu } from '../../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../../targets/wgsl/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const onWebgpu = await testsOn(webgpu);
afterAll(() => webgpu.close());

const [queries, keys] = [8, 13];
const parts = { preQueryKernel: queries, preKeyKernel: keys, postQueryKernel: queries, postKeyKernel: keys };
const graph = optimise(multiTokenAttention({ heads: 2, kvHeads: 2, headDim: 16, ...parts }));

onWebgpu('convolutions of 8 × 13 on both sides, at logits of 1e12', async () => {
  // Bands keep the scores: nobody computes them twice.
  const schedule = 'two-pass';
  const shapes = [
    { batch: 2, queries: 15, keys: 29, rows: 1 },
    { batch: 1, queries: 21, keys: 32, rows: 7 },
  ];
  const cases = await checkGraph(graph, wgslDevice(webgpu, { dtype: 'f32', schedule }), {
    seed: 3,
    shapes,
    draw: 'large',
  });
  expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
});
