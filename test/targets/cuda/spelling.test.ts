// The C++ spelling of each scalar operation means what the table of operations says, on ordinary and odd numbers, as far as
// float goes. One program holds all operations: a map for each, over a tensor of its samples.
import { describe, expect } from 'vitest';
import { along, axis, kernel } from '../../../codegen/tile/builder.js';
import { operand } from '../../../codegen/tile/operations.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import { apply, type Expression, extent, float, integer, operations, type ScalarType } from '../../../src/ir/index.js';
import { hostTensor } from '../../../src/tensors/index.js';
import { emulatorAvailability, runCuda } from '../../../targets/cuda/device/index.js';
import { emitCuda } from '../../../targets/cuda/index.js';
import { testsOn } from '../../support/devices.js';
import { SAMPLES, spellingCases } from '../shared/spelling-cases.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
/** An operand of a type, from the float that stands for it in a tensor. */
const typed: Readonly<Record<ScalarType, (x: Expression) => Expression>> = {
  float: (x) => x,
  int: (x) => apply('toInteger', x),
  bool: (x) => apply('notEqual', x, float(0)),
};
/** A result as a float. */
const untyped = (x: Expression): Expression =>
  x.type === 'bool' ? apply('toFloat', apply('select', x, integer(1), integer(0))) : x;

const cases = spellingCases({
  // Above its maximum no logit lies; beside −Infinity only −Infinity.
  exponentialDifference: [(x) => (x > 3 ? Number.NEGATIVE_INFINITY : -Math.abs(x)), (x) => Math.abs(x)],
});
const most = 3;

const buffer = (name: string, role: Buffer['role'], sizes: readonly number[]): Buffer => ({
  name,
  role,
  axes: sizes.map((size) => extent(size)),
  dtype: 'f32',
});
const given = buffer('given', 'input', [cases.length, most, SAMPLES]);
const results = buffer('results', 'output', [cases.length, SAMPLES]);

const program: TileProgram = {
  name: 'spellings',
  buffers: [given, results],
  launches: [
    {
      launch: 'kernel',
      kernel: kernel('spellings', [], (block) => {
        const box = [axis('extent', 0, SAMPLES)];
        for (const [n, { name, types }] of cases.entries()) {
          const operands = types.map((_, place) =>
            block.load(given, [integer(n), integer(place), along('extent')], box),
          );
          const value = apply(name, ...types.map((type, place) => typed[type](operand(place))));
          block.store(block.map(operands, untyped(value)), results, [integer(n), along('extent')]);
        }
      }),
    },
  ],
};

describe('spellings', () => {
  onEmulator('mean what the table of operations says', async () => {
    const data = new Float64Array(cases.length * most * SAMPLES);
    for (const [n, { samples }] of cases.entries()) {
      for (const [at, values] of samples.entries()) {
        for (const [place, value] of values.entries()) data[(n * most + place) * SAMPLES + at] = value;
      }
    }
    const emitted = emitCuda(program, { name: 'spellings', settings: {}, history: 0 });
    const sizes = { batch: 1, queries: 1, keys: 1, rows: 1 };
    const outputs = await runCuda(
      emitted,
      new Map([['given', hostTensor([cases.length, most, SAMPLES], data)]]),
      sizes,
    );
    const actual = outputs.get('results')!.data;
    for (const [n, { name, types, samples }] of cases.entries()) {
      for (const [at, values] of samples.entries()) {
        const expected = operations[name].evaluate(...values);
        const found = actual[n * SAMPLES + at]!;
        const where = `${name}(${values.join(', ')}) of ${types.join(', ')}: ${found}, not ${expected}`;
        if (Number.isNaN(expected)) expect(found, where).toBeNaN();
        else if (!Number.isFinite(expected)) expect(found, where).toBe(expected);
        else expect(Math.abs(found - expected), where).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(expected)));
      }
    }
  });
});
