// Bands of rows on the emulation of a GPU: matrices of scores go from kernel to kernel in the spec's own 16 bits, and heads that are
// mixed are so by kernels of their own. Several bands of few rows, and the error rule of 16 bits.
import { describe, expect } from 'vitest';
import { type CheckShape, checkGraph, randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { optimise } from '../../../src/passes/index.js';
import { hostTensor, roundTensor } from '../../../src/tensors/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const sizes = { kvHeads: 2, headDim: 16 };
const convolved = { ...sizes, preQueryKernel: 3, preKeyKernel: 5, postQueryKernel: 2, postKeyKernel: 3 };
const graphs = {
  'eight heads, convolved and mixed before and behind': { ...convolved, heads: 8, preMix: 8, postMix: 8 },
  // The kernel that stores logits takes their statistics on the way.
  'six heads, mixed behind the softmax alone': { ...convolved, heads: 6, postMix: 6 },
};

describe.each(['bf16', 'f16'] as const)('%s', async (dtype) => {
  const device = cudaEmulator({ dtype, schedule: 'slab', tiles: { rows: 16, columns: 16, band: 32 } });
  const onEmulator = await testsOn(device);
  for (const [name, settings] of Object.entries(graphs)) {
    onEmulator(`${name} keep to the rule of 16 bits`, async () => {
      const graph = optimise(multiTokenAttention(settings));
      const shapes: CheckShape[] = [
        { batch: 1, queries: 1, keys: 1, rows: 1 },
        { batch: 2, queries: 70, keys: 75, rows: 67 },
      ];
      const cases = await checkGraph(graph, device, { shapes });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    });
  }
});

describe.each(['bf16', 'f16'] as const)('weights in %s', async (dtype) => {
  const device = cudaEmulator({ dtype, schedule: 'slab', tiles: { rows: 16, columns: 16, band: 32 } });
  const onEmulator = await testsOn(device);
  onEmulator('sum to one at logits of hundreds: statistics are those of the scores as they are stored', async () => {
    const mixed = { kvHeads: 2, headDim: 16, heads: 6, preQueryKernel: 3, preKeyKernel: 5, postMix: 6 };
    const graph = optimise(multiTokenAttention(mixed));
    const inputs = new Map(randomInputs(graph, { batch: 1, queries: 40, keys: 40 }, 3, dtype));
    const changed = (name: string, change: (value: number) => number): void => {
      const { shape, data } = inputs.get(name)!;
      inputs.set(name, roundTensor(hostTensor(shape, Float64Array.from(data, change)), dtype));
    };
    changed('q', (value) => 64 * value);
    changed('v', () => 1);
    const expected = interpret(graph, inputs).get('out')!.data;
    const actual = (await device.run(graph, inputs)).get('out')!.data;
    const error = Math.max(...Array.from(expected, (value, n) => Math.abs(value - actual[n]!)));
    const largest = Math.max(...Array.from(expected, Math.abs));
    expect(error).toBeLessThan((dtype === 'bf16' ? 2 ** -6 : 2 ** -9) * largest);
  });
});
