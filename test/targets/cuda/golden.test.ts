// The golden tensors of the Multi-Token Attention authors on the emulation of a GPU, from examples/mta.ts: all cases in float
// within 1e-5 of what the authors' code gives, and in 16 bits by the error rule.
import { describe, expect } from 'vitest';
import { judge } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { roundTensor } from '../../../src/tensors/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { authorsCases, authorsGraph, authorsTensors, distance } from '../../support/authors-tensors.js';
import { testsOn } from '../../support/devices.js';
import { inLongTests } from '../../support/share.js';

const float = cudaEmulator();
const narrowDevices: readonly (readonly [dtype: 'bf16' | 'f16', architecture: 'sm_90a' | undefined])[] = [
  ['bf16', undefined],
  ...inLongTests<readonly ['bf16' | 'f16', 'sm_90a' | undefined]>(['f16', undefined], ['bf16', 'sm_90a']),
];
const onEmulator = await testsOn(float);

describe.each(authorsCases)('%s', (name, settings) => {
  onEmulator('is what the authors compute', async () => {
    const tensors = authorsTensors(name);
    const outputs = await float.run(await authorsGraph(settings), tensors);
    expect(distance(outputs.get('out')!, tensors.get('out')!)).toBeLessThan(1e-5);
  });

  for (const [dtype, architecture] of narrowDevices) {
    // The whole layer spends its time in kernels that are what they are elsewhere.
    if (architecture && name === 'full-layer') continue;
    onEmulator(`keeps to the rule in ${dtype}${architecture ? ` on ${architecture}` : ''}`, async () => {
      const graph = await authorsGraph(settings);
      const inputs = new Map([...authorsTensors(name)].map(([each, tensor]) => [each, roundTensor(tensor, dtype)]));
      const [gold, low] = [interpret(graph, inputs), interpret(graph, inputs, { precision: dtype })];
      const outputs = await cudaEmulator({ dtype, architecture }).run(graph, inputs);
      for (const [output, expected] of gold) {
        const { passed, reason } = judge(outputs.get(output)!, expected, low.get(output)!, dtype);
        expect(passed, `${output}: ${reason}`).toBe(true);
      }
    });
  }
});
