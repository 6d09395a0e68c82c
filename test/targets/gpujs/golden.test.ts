// The authors' own numbers: every golden case of Multi-Token Attention through the emitted module, forward and backward.
// Forward on webasm and cpu, as built and optimised; gradients, which are graphs like any other, on webasm.
import { describe, expect, test } from 'vitest';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { optimise } from '../../../src/passes/index.js';
import { gpujsDevice } from '../../../targets/gpujs/device.js';
import { authorsSettings, authorsTensors, distance } from '../../support/authors-tensors.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

describe.each(authorsSettings)('%s', (name, settings) => {
  const inputs = authorsTensors(name);
  const graph = multiTokenAttention(settings);

  test.each([
    ['webasm', 'as built', graph],
    ['cpu', 'as built', graph],
    ['webasm', 'optimised', optimise(graph)],
    ['cpu', 'optimised', optimise(graph)],
  ] as const)('%s, %s', async (mode, _, each) => {
    const device = gpujsDevice(mode);
    const out = await device.run(each, inputs);
    expect(distance(out.get('out')!, inputs.get('out')!)).toBeLessThan(1e-5);
    await device.close();
  });

  test('gradients on webasm', async () => {
    const device = gpujsDevice('webasm');
    const gradients = optimise(gradientGraph(graph));
    const out = await device.run(gradients, inputs);
    for (const [gradient, actual] of out) {
      expect(distance(actual, inputs.get(gradient)!), gradient).toBeLessThan(3e-5);
    }
    await device.close();
  });
});
