// Tensors of 16 bits on a device that has them: what is loaded from f16, computed in f32 and stored as f16 keeps to the error
// rule of 16 bits, for plain attention and for the convolution before the softmax.
import { afterAll, describe, expect } from 'vitest';
import { awkwardShapes, checkGraph } from '../../../src/checking/index.js';
import { optimise } from '../../../src/passes/index.js';
import { wgpu } from '../../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../../targets/wgsl/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const onWgpu = await testsOn(wgpu, ['shader-f16']);
afterAll(() => wgpu.close());

const graphs = {
  'plain attention, D = 8': multiTokenAttention({ heads: 4, kvHeads: 2, headDim: 8 }),
  'plain attention, D = 5': multiTokenAttention({ heads: 3, kvHeads: 3, headDim: 5 }),
  'a convolution before the softmax': multiTokenAttention({
    heads: 2,
    kvHeads: 2,
    headDim: 8,
    preQueryKernel: 3,
    preKeyKernel: 5,
  }),
};

describe.each(Object.entries(graphs))('%s', (_, graph) => {
  onWgpu('keeps to the rule of 16 bits', async () => {
    const optimised = optimise(graph);
    const device = wgslDevice(wgpu, { dtype: 'f16' });
    const cases = await checkGraph(optimised, device, { shapes: awkwardShapes(optimised) });
    expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
