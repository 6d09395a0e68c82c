// Tensors of 16 bits on the emulation of a GPU: products on tensor cores, in the fragment layouts of the instructions, keep to
// the error rule of 16 bits. Head sizes make rows of whole chunks, of half ones, and of an odd number of fragments.
import { describe, expect } from 'vitest';
import { awkwardShapes, type CheckShape, checkGraph } from '../../../src/checking/index.js';
import { optimise } from '../../../src/passes/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { TAKES_ALL } from '../../support/share.js';

const graphs = {
  'plain attention, D = 40': multiTokenAttention({ heads: 4, kvHeads: 2, headDim: 40 }),
  'plain attention, D = 5': multiTokenAttention({ heads: 3, kvHeads: 3, headDim: 5 }),
  'plain attention, D = 16': multiTokenAttention({ heads: 1, kvHeads: 1, headDim: 16 }),
  'a convolution before the softmax': multiTokenAttention({
    heads: 2,
    kvHeads: 2,
    headDim: 16,
    preQueryKernel: 6,
    preKeyKernel: 11,
  }),
  'a convolution behind the softmax': multiTokenAttention({
    heads: 2,
    kvHeads: 1,
    headDim: 24,
    postQueryKernel: 4,
    postKeyKernel: 3,
  }),
  'heads that are mixed': multiTokenAttention({ heads: 4, kvHeads: 2, headDim: 16, preMix: 2, postMix: 2 }),
};

/** Of f16, `npm test` takes the graph that has most in it; of bf16 one of each kind. */
const telling = [
  'a convolution before the softmax',
  'heads that are mixed',
  'plain attention, D = 5',
  'dcmha',
  'diffV2',
];
const taken = (name: string, dtype: 'bf16' | 'f16'): boolean =>
  TAKES_ALL || (dtype === 'bf16' ? telling : telling.slice(0, 1)).includes(name);

describe.each(['bf16', 'f16'] as const)('%s', async (dtype) => {
  const device = cudaEmulator({ dtype });
  const onEmulator = await testsOn(device);
  for (const [name, graph] of Object.entries(graphs)) {
    if (!taken(name, dtype)) continue;
    onEmulator(`${name} keeps to the rule of 16 bits`, async () => {
      const optimised = optimise(graph);
      const shapes: CheckShape[] = awkwardShapes(optimised).filter((_, n) => n % 2 === 0);
      shapes.push({ batch: 1, queries: 150, keys: 170, rows: 140 });
      const cases = await checkGraph(optimised, device, { shapes });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    });
  }

  // A row that sees one key has weights without an error, and what is made of them for the values is rounded once.
  for (const [name, heads] of [
    ['dcmha', 3],
    ['talkingHeads', 4],
    ['diffV2', 8],
    ['forgettingTransformer', 2],
  ] as const) {
    if (!taken(name, dtype)) continue;
    onEmulator(`${name} keeps to it where rows see one key`, async () => {
      const graph = await exampleGraph(name, { heads, headDim: 4 });
      const shapes = new Array<CheckShape>(3).fill({ batch: 1, queries: 1, keys: 1, rows: 1 });
      const cases = await checkGraph(graph, device, { shapes });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    });
  }
});
