// Logits of any size on the emulation of a GPU, in 16 bits: rows of equal ones give the mean of the values that they see, and what lies
// above all others its own value, also where powers of two are relative to a rounded number and where statistics are stored.
import { describe, expect } from 'vitest';
import { gradientOf, inTwoRuns } from '../../../driver/gradients.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, hostTensor, Random, roundTensor } from '../../../src/tensors/index.js';
import { type CudaDeviceOptions, cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

/** More than a step of the widest tiles. */
const KEYS = 140;
const keys = Array.from({ length: KEYS }, (_, n) => n);

/** Products of every query with a key, as a number that both have a part of: f16 holds nothing beyond 65504. */
interface Products {
  readonly power: number;
  readonly at: (key: number) => number;
}

const inBoth: readonly Products[] = [1, -1].flatMap((sign) => [
  { power: 1, at: () => sign * 1.25 },
  { power: 2 ** 13, at: () => sign * 1.25 * 2 ** 14 },
  { power: 2 ** 15, at: () => sign * 1.75 * 2 ** 15 },
  { power: 2 ** 12, at: (key) => sign * (1 + (key % 5) / 64) * 2 ** 10 },
  { power: 2 ** 4, at: (key) => sign * (1 + Math.floor(key / 2) / 64) * 2 ** 6 },
]);
const inBfloat16: readonly Products[] = [1, -1].flatMap((sign) => [
  { power: 2 ** 50, at: () => sign * 1.25 * 2 ** 50 },
  { power: 2 ** 63, at: () => sign * 1.25 * 2 ** 61 },
  { power: 2 ** 50, at: (key) => sign * (1 + (key % 5) / 64) * 2 ** 50 },
]);

const cases: readonly (readonly [headDim: number, options: CudaDeviceOptions])[] = [
  [16, { dtype: 'f16' }],
  [24, { dtype: 'bf16' }],
  [24, { dtype: 'bf16', schedule: 'two-pass' }],
  [24, { dtype: 'f16', schedule: 'decode' }],
  [64, { dtype: 'bf16', architecture: 'sm_90a' }],
  [32, { dtype: 'f16', architecture: 'sm_90a' }],
];

const trainingCases: typeof cases = [
  [16, { dtype: 'bf16' }],
  [64, { dtype: 'f16' }],
  [64, { dtype: 'bf16', architecture: 'sm_90a' }],
];

describe('logits of any size', async () => {
  const onEmulator = await testsOn(cudaEmulator());
  for (const [headDim, options] of cases) {
    const { dtype = 'f32', architecture = 'sm_80', schedule = 'online' } = options;
    onEmulator(`over ${headDim} features in ${dtype}, ${schedule} on ${architecture}`, async () => {
      const all = dtype === 'bf16' ? [...inBoth, ...inBfloat16] : inBoth;
      const { inputs, values } = inputsOf(all, headDim, dtype as 'f16' | 'bf16');
      const graph = optimise(multiTokenAttention({ heads: 1, kvHeads: 1, headDim }));
      const out = (await cudaEmulator(options).run(graph, inputs)).get('out')!.data;
      const within = dtype === 'f16' ? 2 ** -10 : 2 ** -7;
      for (const [n, { power, at }] of all.entries()) {
        const logits = keys.map((key) => (power * at(key)) / Math.sqrt(headDim));
        for (const row of [0, 1, 15, 63, KEYS - 1]) {
          const expected = weightedMean(logits.slice(0, row + 1), values, headDim);
          const actual = out.slice((n * KEYS + row) * headDim, (n * KEYS + row + 1) * headDim);
          const error = Math.max(...expected.map((value, d) => Math.abs(value - actual[d]!)));
          expect(error, `row ${row} of ${logits.slice(0, 6)} …`).toBeLessThan(4 * within);
        }
      }
    });
  }
});

describe('gradients of values at logits of any size', async () => {
  const onEmulator = await testsOn(cudaEmulator());
  for (const [headDim, options] of trainingCases) {
    const { dtype = 'f32', architecture = 'sm_80' } = options;
    onEmulator(`over ${headDim} features in ${dtype} on ${architecture}`, async () => {
      const all = dtype === 'bf16' ? [...inBoth, ...inBfloat16] : inBoth;
      const { inputs } = inputsOf(all, headDim, dtype as 'f16' | 'bf16');
      // The last row alone has a gradient: that of a value is its weight times it.
      const shape = [all.length, 1, KEYS, headDim];
      const incoming = shape.reduce((x, y) => x * y);
      const ofLastRow = Float64Array.from({ length: incoming }, (_, n) =>
        Math.floor(n / headDim) % KEYS === KEYS - 1 ? 1 : 0,
      );
      const graph = gradientOf(multiTokenAttention({ heads: 1, kvHeads: 1, headDim }), ['grad_out']);
      const given = new Map([...inputs, ['grad_out', hostTensor(shape, ofLastRow)]]);
      const { data } = (await inTwoRuns(cudaEmulator(options)).run(graph, given)).get('grad_v')!;
      const within = dtype === 'f16' ? 2 ** -10 : 2 ** -7;
      for (const [n, { power, at }] of all.entries()) {
        const logits = keys.map((key) => (power * at(key)) / Math.sqrt(headDim));
        const weights = softmax(logits);
        for (const [key, weight] of weights.entries()) {
          const error = Math.abs(data[(n * KEYS + key) * headDim]! - weight);
          expect(error, `key ${key} of ${logits.slice(0, 6)} …`).toBeLessThan(2 * within * Math.max(...weights));
        }
      }
    });
  }
});

function inputsOf(all: readonly Products[], headDim: number, dtype: 'f16' | 'bf16') {
  const features = (value: number): number[] => [value, ...new Array<number>(headDim - 1).fill(0)];
  const shape = [all.length, 1, KEYS, headDim];
  const { data: values } = roundTensor(new Random(5).normalTensor([KEYS, headDim]), dtype);
  const inputs = new Map<string, HostTensor>([
    [
      'q',
      hostTensor(
        shape,
        all.flatMap(({ power }) => keys.flatMap(() => features(power))),
      ),
    ],
    [
      'k',
      hostTensor(
        shape,
        all.flatMap(({ at }) => keys.flatMap((key) => features(at(key)))),
      ),
    ],
    [
      'v',
      hostTensor(
        shape,
        all.flatMap(() => [...values]),
      ),
    ],
  ]);
  return { inputs, values };
}

function softmax(logits: readonly number[]): readonly number[] {
  const largest = Math.max(...logits);
  const weights = logits.map((each) => Math.exp(each - largest));
  const sum = weights.reduce((total, each) => total + each, 0);
  return weights.map((each) => each / sum);
}

function weightedMean(logits: readonly number[], values: ArrayLike<number>, headDim: number): readonly number[] {
  const weights = softmax(logits);
  return Array.from({ length: headDim }, (_, d) =>
    weights.reduce((total, each, key) => total + each * values[key * headDim + d]!, 0),
  );
}
