// The golden tensors of the Multi-Token Attention authors on the emulation of a GPU, from examples/mta.ts: all cases in float
// within 1e-5 of what the authors' code gives, and in 16 bits by the error rule.
import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import { judge } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, hostTensor, roundTensor } from '../../../src/tensors/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { inRepository } from '../../cli/harness.js';
import { testsOn } from '../../support/devices.js';
import { exampleFiles } from '../../support/examples.js';
import { readSafetensors } from '../../support/safetensors.js';
import { inLongTests } from '../../support/share.js';

type Settings = Readonly<Record<string, number | boolean | string>>;

const golden = JSON.parse(readFileSync(inRepository('test/golden/manifest.json'), 'utf8')) as Record<string, Settings>;
/** What a golden case leaves out is off. */
const off: Settings = {
  preQueryKernel: 0,
  preKeyKernel: 0,
  preMix: 0,
  postQueryKernel: 0,
  postKeyKernel: 0,
  postMix: 0,
  norm: 'none',
  gate: 'none',
  depthScale: false,
};

async function graphOf(settings: Settings): Promise<Graph> {
  return optimise((await openSpec(exampleFiles.get('mta')!)).compile('mta', { ...off, ...settings }));
}

function tensorsOf(name: string): ReadonlyMap<string, HostTensor> {
  const tensors = Object.entries(readSafetensors(inRepository(`test/golden/${name}.safetensors`)));
  return new Map(tensors.map(([tensor, { shape, data }]) => [tensor, hostTensor(shape, data, 'F32')]));
}

/** ‖actual − expected‖ / ‖expected‖ in the Frobenius norm. */
function distance(actual: HostTensor, expected: HostTensor): number {
  expect(actual.shape).toEqual(expected.shape);
  const sum = (entry: (n: number) => number): number => expected.data.reduce((total, _, n) => total + entry(n) ** 2, 0);
  return Math.sqrt(sum((n) => actual.data[n]! - expected.data[n]!) / sum((n) => expected.data[n]!));
}

const float = cudaEmulator();
const narrowDevices: readonly (readonly [dtype: 'bf16' | 'f16', architecture: 'sm_90a' | undefined])[] = [
  ['bf16', undefined],
  ...inLongTests<readonly ['bf16' | 'f16', 'sm_90a' | undefined]>(['f16', undefined], ['bf16', 'sm_90a']),
];
const onEmulator = await testsOn(float);

describe.each(Object.entries(golden))('%s', (name, settings) => {
  onEmulator(
    'is what the authors compute',
    async () => {
      const tensors = tensorsOf(name);
      const outputs = await float.run(await graphOf(settings), tensors);
      expect(distance(outputs.get('out')!, tensors.get('out')!)).toBeLessThan(1e-5);
    },
    240_000,
  );

  for (const [dtype, architecture] of narrowDevices) {
    // The whole layer spends its time in kernels that are what they are elsewhere.
    if (architecture && name === 'full-layer') continue;
    onEmulator(
      `keeps to the rule in ${dtype}${architecture ? ` on ${architecture}` : ''}`,
      async () => {
        const graph = await graphOf(settings);
        const inputs = new Map([...tensorsOf(name)].map(([each, tensor]) => [each, roundTensor(tensor, dtype)]));
        const [gold, low] = [interpret(graph, inputs), interpret(graph, inputs, { precision: dtype })];
        const outputs = await cudaEmulator({ dtype, architecture }).run(graph, inputs);
        for (const [output, expected] of gold) {
          const { passed, reason } = judge(outputs.get(output)!, expected, low.get(output)!, dtype);
          expect(passed, `${output}: ${reason}`).toBe(true);
        }
      },
      240_000,
    );
  }
});
