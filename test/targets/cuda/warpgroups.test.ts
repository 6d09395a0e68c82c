// Kernels for sm_90a on the emulation of a GPU: products of warpgroups on boxes that copies bring keep to the rule of 16 bits,
// at head sizes that take each swizzle and at shapes that fit no tile; what takes other instructions says why.
import { describe, expect } from 'vitest';
import { awkwardShapes, type CheckShape, checkGraph } from '../../../src/checking/index.js';
import { history } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const convolution = { preQueryKernel: 6, preKeyKernel: 11 };
const graphs = {
  'plain attention, D = 64': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 64 }),
  'plain attention, D = 96': multiTokenAttention({ heads: 2, kvHeads: 2, headDim: 96 }),
  'plain attention, D = 128': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 128 }),
  'plain attention, D = 16': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 16 }),
  'a convolution, D = 64': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 64, ...convolution }),
  'a convolution, D = 96': multiTokenAttention({ heads: 2, kvHeads: 2, headDim: 96, ...convolution }),
  'a convolution, D = 128': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 128, ...convolution }),
};

describe.each(['bf16', 'f16'] as const)('%s', async (dtype) => {
  const device = cudaEmulator({ dtype, architecture: 'sm_90a' });
  const onEmulator = await testsOn(device);
  for (const [name, graph] of Object.entries(graphs)) {
    onEmulator(`${name} keeps to the rule of 16 bits`, async () => {
      const optimised = optimise(graph);
      const shapes: CheckShape[] = awkwardShapes(history(optimised)).filter((_, n) => n % 2 === 0);
      shapes.push({ batch: 1, queries: 150, keys: 170, rows: 140 });
      const cases = await checkGraph(optimised, device, { shapes });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    });
  }
});
