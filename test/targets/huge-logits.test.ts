// Rows of huge logits, and rows with NaN and infinities, on every device, under every schedule, in every dtype. Equal logits
// of any finite size give the mean of the values; NaN and +Infinity give NaN, and stay in the rows that see them.
import { afterAll, describe, expect } from 'vitest';
import { tilesDevice } from '../../codegen/schedule/index.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { gradientGraph } from '../../src/autodiff/index.js';
import type { Device } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { optimise } from '../../src/passes/index.js';
import { type HostTensor, hostTensor, largestFinite, Random, roundTensor } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { webgpu, wgpu } from '../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../targets/wgsl/graph-device.js';
import { testsOn } from '../support/devices.js';

afterAll(() => Promise.all([webgpu.close(), wgpu.close()]));

const spec = await openSpec(new URL('./specs/huge-bias.ts', import.meta.url).pathname);
const graphs = {
  plain: spec.compile('hugeBias', {}),
  sink: spec.compile('hugeBiasAndSink', {}),
  neighbours: spec.compile('hugeBiasAndNeighbours', {}),
  convolved: spec.compile('hugeConvolved', {}),
};
type Name = keyof typeof graphs;

const [HEADS, KEYS, FEATURES] = [2, 23, 8];

/** What the logits of a row are, but for q · k, which is 0 where they are meant to be equal. */
type Row = { readonly equal: number } | { readonly bias: (key: number) => number; readonly query?: number };
const rowsFor = (precision: Device['precision']): readonly Row[] => {
  const lowest = -largestFinite(precision === 'f64' ? 'f32' : precision);
  const sizes = [-1e7, -1e9, -1e30, 1e4, -1e4, 1e30, lowest, -lowest, 0].filter((size) => Math.abs(size) <= -lowest);
  return [
    { bias: () => 0 },
    ...sizes.map((equal) => ({ equal })),
    { bias: (key) => (key % 3 === 0 ? 0 : lowest) },
    { bias: (key) => (key % 3 === 0 ? -lowest : lowest) },
    { bias: (key) => (key % 2 === 0 ? -16 : -1.5e4) },
    { bias: (key) => (key === 5 ? lowest : Number.NEGATIVE_INFINITY) },
    { bias: () => Number.NEGATIVE_INFINITY },
    { bias: (key) => (key === 4 ? Number.NaN : 0) },
    { bias: () => Number.NaN },
    { bias: () => 0 },
    { bias: (key) => (key === 7 ? Number.POSITIVE_INFINITY : 0) },
    { bias: (key) => (key === 3 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY) },
    { bias: () => 0, query: Number.NaN },
    // Beyond the end of float32, and of the 16-bit formats.
    { bias: () => 0, query: Number.POSITIVE_INFINITY },
  ];
};

function inputsFor(precision: Device['precision'], rows: readonly Row[]): Map<string, HostTensor> {
  const random = new Random(11);
  const of = (shape: readonly number[]): HostTensor => random.fork(String(shape.length)).normalTensor(shape);
  const q = of([1, HEADS, rows.length, FEATURES]);
  const bias = hostTensor([rows.length, KEYS]);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < KEYS; j += 1) bias.data[i * KEYS + j] = 'equal' in row ? row.equal : row.bias(j);
    for (let h = 0; h < HEADS; h += 1) {
      const at = (h * rows.length + i) * FEATURES;
      if ('equal' in row) q.data.fill(0, at, at + FEATURES);
      else if (row.query !== undefined) q.data[at] = row.query;
    }
  }
  const tensors = {
    q,
    k: of([1, HEADS, KEYS, FEATURES]),
    v: random.fork('v').normalTensor([1, HEADS, KEYS, FEATURES]),
    bias,
    sink: hostTensor([HEADS], [-1e9, 0.5]),
  };
  return new Map(Object.entries(tensors).map(([name, tensor]) => [name, roundTensor(tensor, precision)]));
}

const isPoison = (x: number): boolean => Number.isNaN(x) || x === Number.POSITIVE_INFINITY;
const givesNaN = ({ bias, query = 0 }: Exclude<Row, { readonly equal: number }>): boolean =>
  isPoison(query) || Array.from({ length: KEYS }, (_, key) => bias(key)).some(isPoison);

/** As `inputsFor`, for a graph that lacks some of them. Tile programs are interpreted with NaN as poison, without rows of it. */
function caseFor(name: Name, precision: Device['precision'], canHoldNaN: boolean) {
  const rows = rowsFor(precision).filter((row) => canHoldNaN || 'equal' in row || !givesNaN(row));
  const all = inputsFor(precision, rows);
  const inputs = new Map(graphs[name].inputs.map((input) => [input.name, all.get(input.name)!]));
  return { rows, inputs };
}

const tolerances: Readonly<Record<Device['precision'], number>> = { f64: 1e-12, f32: 4e-6, f16: 4e-3, bf16: 3e-2 };

/** Entries that differ by more than rounding: NaN is NaN, an infinity itself. */
function differences(actual: HostTensor | undefined, expected: HostTensor, tolerance: number): readonly string[] {
  if (actual?.shape.join() !== expected.shape.join()) return [`the shape is ${actual?.shape}`];
  return [...expected.data].flatMap((value, n) => {
    const own = actual.data[n]!;
    const isSame =
      Object.is(own, value) || own === value || Math.abs(own - value) <= tolerance * Math.max(1, Math.abs(value));
    return isSame ? [] : [`entry ${n}: ${own} for ${value}`];
  });
}

async function holds(name: Name, device: Device): Promise<void> {
  const { rows, inputs } = caseFor(name, device.precision, !device.name.startsWith('tiles'));
  const expected = interpret(graphs[name], inputs);
  const outputs = await device.run(optimise(graphs[name]), inputs);
  const tolerance = tolerances[device.precision];
  // Row statistics are float32 whatever the inputs are.
  const problems = [...expected].flatMap(([output, tensor]) =>
    differences(outputs.get(output), tensor, output === 'lse' ? Math.min(tolerance, 2e-3) : tolerance).map(
      (each) => `${output} ${each}`,
    ),
  );
  expect(problems).toEqual([]);
  if (name === 'plain') expect(unlikeTheMean(outputs.get('out')!, rows, inputs.get('v')!, tolerance)).toEqual([]);
}

/** Rows of equal logits whose output is not the mean of the values. */
function unlikeTheMean(out: HostTensor, rows: readonly Row[], v: HostTensor, tolerance: number): readonly number[] {
  return rows.flatMap((row, i) => {
    if (!('equal' in row)) return [];
    const isMean = Array.from({ length: HEADS * FEATURES }, (_, n) => {
      const [h, d] = [Math.floor(n / FEATURES), n % FEATURES];
      let sum = 0;
      for (let j = 0; j < KEYS; j += 1) sum += v.data[(h * KEYS + j) * FEATURES + d]!;
      return Math.abs(out.data[(h * rows.length + i) * FEATURES + d]! - sum / KEYS) <= tolerance;
    });
    return isMean.every((each) => each) ? [] : [i];
  });
}

const interpreter: Device = {
  name: 'interpreter',
  precision: 'f64',
  availability: async () => ({ available: true, detail: 'the meaning' }),
  run: async (graph, inputs) => interpret(graph, inputs),
};

const devices: readonly (readonly [Device, ...Name[]])[] = [
  [interpreter, 'plain'],
  [gpujsDevice(), 'plain', 'sink', 'neighbours'],
  [torchDevice(), 'plain', 'sink', 'neighbours'],
  ...(['online', 'decode', 'materialised'] as const).map((kind) => [tilesDevice({ kind }), 'plain', 'sink'] as const),
  ...(['two-pass', 'decode', 'slab', 'materialised'] as const).map(
    (kind) => [tilesDevice({ kind }), 'neighbours'] as const,
  ),
  [wgslDevice(webgpu), 'plain', 'sink', 'neighbours'],
  [wgslDevice(wgpu, { dtype: 'f16' }), 'plain', 'neighbours'],
  [cudaEmulator(), 'plain', 'neighbours'],
  [cudaEmulator({ dtype: 'bf16' }), 'plain', 'sink'],
  [cudaEmulator({ dtype: 'f16', schedule: 'decode' }), 'neighbours'],
];

for (const [device, ...names] of devices) {
  const onDevice = await testsOn(device);
  describe(`in ${device.precision}`, () => {
    for (const name of names) {
      onDevice(`${name}: equal logits give the mean, hidden rows zeros, NaN and infinities NaN`, () =>
        holds(name, device),
      );
    }
  });
}

describe('a convolution of scores beyond the end of float16, in bf16', async () => {
  const device = cudaEmulator({ dtype: 'bf16' });
  const onDevice = await testsOn(device);
  const [rows, features] = [21, 16];
  const vectors = (fill: number): HostTensor => {
    const tensor = hostTensor([1, HEADS, rows, features]);
    tensor.data.fill(fill);
    return tensor;
  };
  const v = roundTensor(new Random(5).normalTensor([1, HEADS, rows, features]), 'bf16');
  // Its own row counts whole, the row above a quarter, which does not see the last key.
  const tapsTimes = (factor: number): HostTensor => {
    const theta = hostTensor([HEADS, 3, 5]);
    for (let h = 0; h < HEADS; h += 1) {
      theta.data[h * 15 + 7] = 0.25 * factor;
      theta.data[h * 15 + 12] = factor;
    }
    return theta;
  };
  const expected = vectors(0);
  for (let at = 0; at < expected.data.length; at += 1) {
    const [place, d] = [Math.floor(at / features), at % features];
    const [h, i] = [Math.floor(place / rows), place % rows];
    const seen = Math.max(1, i);
    for (let j = 0; j < seen; j += 1) expected.data[at]! += v.data[(h * rows + j) * features + d]! / seen;
  }
  const sizes = [2 ** 8, 67_712, 2 ** 20, 2 ** 30, 1e30].map((score) => [score, 1] as const);
  for (const [score, taps] of [...sizes, [2 ** 8, 300], [2 ** 8, 1e4], [1e5, 1e30]] as const) {
    onDevice(`is right for scores of ${score} and taps of ${taps}`, async () => {
      const same = vectors(Math.sqrt(score / 4));
      const inputs = new Map(Object.entries({ q: same, k: same, v, theta: tapsTimes(taps) }));
      const found = await device.run(optimise(graphs.convolved), inputs);
      expect(differences(found.get('out'), expected, tolerances.bf16)).toEqual([]);
    });
  }
});

describe.each([interpreter, gpujsDevice(), torchDevice()])('gradients on $name', async (device) => {
  const onDevice = await testsOn(device);
  onDevice('are those of a mean', async () => {
    const rows = rowsFor(device.precision).filter((row) => 'equal' in row);
    const graph = gradientGraph(graphs.plain, { inputs: ['bias'] });
    const random = new Random(3);
    const gradOut = random.normalTensor([1, HEADS, rows.length, FEATURES]);
    const gradLse = random.normalTensor([1, HEADS, rows.length]);
    const inputs = inputsFor(device.precision, rows).set('grad_out', gradOut).set('grad_lse', gradLse);
    inputs.delete('sink');
    const v = inputs.get('v')!;
    const found = await device.run(optimise(graph), inputs);
    const expected = hostTensor([rows.length, KEYS]);
    for (let i = 0; i < rows.length; i += 1) {
      for (let h = 0; h < HEADS; h += 1) {
        const weightGradients = Array.from({ length: KEYS }, (_, j) => {
          let sum = 0;
          for (let d = 0; d < FEATURES; d += 1) {
            sum += gradOut.data[(h * rows.length + i) * FEATURES + d]! * v.data[(h * KEYS + j) * FEATURES + d]!;
          }
          return sum;
        });
        const mean = weightGradients.reduce((sum, each) => sum + each, 0) / KEYS;
        for (let j = 0; j < KEYS; j += 1) {
          expected.data[i * KEYS + j]! += (weightGradients[j]! - mean + gradLse.data[h * rows.length + i]!) / KEYS;
        }
      }
    }
    expect(differences(found.get('grad_bias'), expected, tolerances[device.precision])).toEqual([]);
  });
});
