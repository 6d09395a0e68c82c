// Convolutions in bfloat16 on tensor cores: their operands hold what bfloat16 holds, scores from 1e-3 to 1e30 and taps of any
// size, and what is worked out of several taps is rounded no more than the spec's own evaluation would.
import { describe, expect } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import { judgeOutput, randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { type Graph, history } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, roundTensor } from '../../../src/tensors/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const [ROWS, KEYS] = [64, 72];
type Tensors = Map<string, HostTensor>;

const scaledBy = (tensor: HostTensor, factor: number): HostTensor =>
  roundTensor({ ...tensor, data: tensor.data.map((x) => x * factor) }, 'bf16');

function inputsOf(graph: Graph, seed: number, scale: (name: string) => number): Tensors {
  const sizes = { batch: 1, queries: ROWS + history(graph), keys: KEYS };
  const drawn = randomInputs(graph, sizes, seed, 'bf16');
  return new Map([...drawn].map(([name, tensor]) => [name, scaledBy(tensor, scale(name))]));
}

const before = multiTokenAttention({ heads: 2, kvHeads: 2, headDim: 16, preQueryKernel: 3, preKeyKernel: 5 });
const behind = multiTokenAttention({ heads: 2, kvHeads: 2, headDim: 16, postQueryKernel: 2, postKeyKernel: 3 });
const scales = [
  { name: 'scores of 1e-3', q: 1e-3, taps: 1 },
  { name: 'scores of 1e5', q: 1e5, taps: 1 },
  { name: 'scores of 1e30', q: 1e30, taps: 1 },
  { name: 'taps of 300', q: 1 / 300, taps: 300 },
  { name: 'taps of 1e4', q: 1e-4, taps: 1e4 },
  { name: 'taps of 1e-6', q: 1, taps: 1e-6 },
  { name: 'scores of 1e5 and taps of 1e30', q: 1e5, taps: 1e30 },
] as const;

describe.each([
  ['before', undefined, before],
  ['before', 'sm_90a', before],
  ['behind', undefined, behind],
] as const)('%s the softmax, for %s', async (_place, architecture, graph) => {
  const device = cudaEmulator({ dtype: 'bf16', architecture });
  const onEmulator = await testsOn(device);
  const optimised = optimise(graph);
  for (const { name, q, taps } of scales) {
    onEmulator(`a convolution keeps to the rule at ${name}`, async () => {
      const inputs = inputsOf(graph, 3, (input) => (input === 'q' ? q : input.startsWith('theta') ? taps : 1));
      const found = await device.run(optimised, inputs, { rows: ROWS });
      for (const [output, gold] of interpret(graph, inputs, { rows: ROWS })) {
        const out = found.get(output)!;
        const judgement = judgeOutput(graph, 'bf16', { inputs, rows: ROWS }, output, { out, gold });
        expect(judgement, output).toMatchObject({ passed: true });
      }
    });
  }
});

describe('taps that are products of parameters', async () => {
  const spec = await openSpec(new URL('../specs/separable-taps.ts', import.meta.url).pathname);
  const graph = spec.compile(undefined, {});
  const optimised = optimise(graph);
  const meanError = ({ data }: HostTensor, gold: HostTensor): number =>
    data.reduce((sum, x, n) => sum + Math.abs(x - gold.data[n]!), 0) / data.length;

  for (const dtype of ['bf16', 'f16'] as const) {
    const device = cudaEmulator({ dtype });
    const onEmulator = await testsOn(device);
    // Scores of one sign: taps that are all off by as much move the log-sum-exps of all rows.
    onEmulator(`are off by no more than scores are, in ${dtype}`, async () => {
      const drawn = inputsOf(graph, 1, () => 1);
      for (const name of ['q', 'k']) {
        const tensor = drawn.get(name)!;
        drawn.set(name, roundTensor({ ...tensor, data: tensor.data.map((x) => 1 + Math.abs(x) / 20) }, 'bf16'));
      }
      const inputs: Tensors = new Map([...drawn].map(([name, tensor]) => [name, roundTensor(tensor, dtype)]));
      const gold = interpret(graph, inputs, { rows: ROWS }).get('lse')!;
      const low = interpret(graph, inputs, { rows: ROWS, precision: dtype }).get('lse')!;
      const found = (await device.run(optimised, inputs, { rows: ROWS })).get('lse')!;
      expect(meanError(found, gold)).toBeLessThanOrEqual(1.2 * meanError(low, gold));
    });
  }
});
