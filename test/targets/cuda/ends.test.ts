// Ends of loops and sums on the emulation of a GPU: a loop that takes no step leaves what came before it under way, and the last
// slice of a product on tensor cores reads nothing beyond its sum, where shared memory holds anything.
import { describe, expect } from 'vitest';
import { along, axis, type BlockBuilder, kernel, view } from '../../../codegen/tile/builder.js';
import { operand } from '../../../codegen/tile/operations.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import { apply, extent, feature, float, integer, variable } from '../../../src/ir/index.js';
import { hostTensor } from '../../../src/tensors/index.js';
import { emulatorAvailability, runCuda } from '../../../targets/cuda/device/index.js';
import { type CudaOptions, emitCuda } from '../../../targets/cuda/index.js';
import { testsOn } from '../../support/devices.js';

const ROWS = 16;
const KEYS = 48;
const FEATURES = 64;
const sizes = { batch: 1, queries: ROWS, keys: KEYS, rows: ROWS };
const rows = axis('query', 0, ROWS);
const keys = axis('key', 0, KEYS);
const features = axis('feature', 0, FEATURES);
const scores: Buffer = { name: 'scores', role: 'input', axes: [extent(ROWS), extent(KEYS)], dtype: 'f32' };
const values = (dtype: Buffer['dtype']): Buffer => ({
  name: 'values',
  role: 'input',
  axes: [extent(KEYS), feature(FEATURES)],
  dtype,
});
/** Small integers, so that sums of products are exact in every type. */
const scoreAt = (row: number, key: number): number => ((row * 5 + key * 3) % 7) - 3;
const valueAt = (key: number, column: number): number => ((key * 2 + column) % 5) - 2;
const tableOf = (height: number, width: number, at: (row: number, column: number) => number) =>
  hostTensor(
    [height, width],
    Float64Array.from({ length: height * width }, (_, n) => at(Math.floor(n / width), n % width)),
  );
const data = new Map([
  ['scores', tableOf(ROWS, KEYS, scoreAt)],
  ['values', tableOf(KEYS, FEATURES, valueAt)],
]);
const indices = (length: number): readonly number[] => Array.from({ length }, (_, n) => n);
const sumOver = (length: number, at: (n: number) => number): number =>
  indices(length).reduce((total, n) => total + at(n), 0);

async function run(buffers: readonly Buffer[], body: (block: BlockBuilder) => void, options: CudaOptions) {
  const program = {
    name: 'ends',
    buffers,
    launches: [{ launch: 'kernel' as const, kernel: kernel('ends', [], body) }],
  };
  const emitted = emitCuda(program, { name: 'ends', settings: {}, history: 0 }, options);
  return { text: emitted.cuda, out: [...(await runCuda(emitted, data, sizes)).get('out')!.data] };
}

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });

describe('a loop', () => {
  for (const steps of [0, 1])
    onEmulator(`of ${steps} steps is behind a barrier where its place is taken`, async () => {
      const out: Buffer = { name: 'out', role: 'output', axes: [extent(ROWS)], dtype: 'f32' };
      const add = apply('add', operand(0), operand(1));
      const { out: actual } = await run(
        [scores, out],
        (block) => {
          const start = [block.ring('key', rows, 8, 0), block.constant([rows], 0)] as const;
          const range = { from: integer(0), to: integer(8 * steps), step: 8 };
          const [, sum] = block.loop('J', range, start, (inner, [ring, before], origin) => {
            const own = axis('key', origin, 8);
            const pushed = inner.push(ring, inner.load(scores, [along('query'), along('key')], [rows, own]));
            const taps = { counters: [{ name: 'w', extent: 1 }], queryOffset: integer(0), keyOffset: variable('w') };
            const same = inner.stencil(pushed, [rows, own], { ...taps, weight: float(1) });
            return [pushed, inner.map([before, inner.reduce(same, 'key', 'sum')], add)];
          });
          const all = block.reduce(block.load(scores, [along('query'), along('key')], [rows, keys]), 'key', 'sum');
          block.store(block.map([sum, all], add), out, [along('query')]);
        },
        { warpColumns: 2 },
      );
      const sums = indices(ROWS).map(
        (row) => sumOver(KEYS, (key) => scoreAt(row, key)) + sumOver(8 * steps, (key) => scoreAt(row, key)),
      );
      expect(actual).toEqual(sums);
    });
});

describe.each(['f16', 'bf16', 'f32'] as const)('a product of %s in slices that do not divide its sum', (dtype) => {
  for (const warpColumns of [1, 2])
    onEmulator(`with rows of ${warpColumns} warps`, async () => {
      const out: Buffer = { name: 'out', role: 'output', axes: [extent(ROWS), feature(FEATURES)], dtype: 'f32' };
      const stored = values(dtype);
      const { text, out: actual } = await run(
        [scores, stored, out],
        (block) => {
          const left = block.load(scores, [along('query'), along('key')], [rows, keys]);
          const right = view(stored, [along('key'), along('feature')], [keys, features]);
          const product = block.matmul(undefined, dtype === 'f32' ? left : block.cast(left, dtype), right, 'key');
          block.store(product, out, [along('query'), along('feature')]);
        },
        // Room for the scores and 32 rows of the values, of 48.
        { warpColumns, limits: { sharedBytes: dtype === 'f32' ? 12288 : 6400 } },
      );
      expect(text).toMatch(/slice_1 < (64|72|80|88); slice_1 \+= (32|36|40|44)\)/);
      const products = indices(ROWS * FEATURES).map((n) =>
        sumOver(KEYS, (key) => scoreAt(Math.floor(n / FEATURES), key) * valueAt(key, n % FEATURES)),
      );
      expect(actual).toEqual(products);
    });
});
