// The C++ spelling of each scalar operation means what the table of operations says, on ordinary and odd numbers, as far as
// float goes. One program holds all operations: a map for each, over a tensor of its samples.
import { describe, expect } from 'vitest';
import { along, axis, kernel } from '../../../codegen/tile/builder.js';
import { operand } from '../../../codegen/tile/operations.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import {
  apply,
  type Expression,
  extent,
  float,
  integer,
  type OperationName,
  operations,
  type ScalarType,
} from '../../../src/ir/index.js';
import { hostTensor, Random } from '../../../src/tensors/index.js';
import { emulatorAvailability, runCuda } from '../../../targets/cuda/device/index.js';
import { emitCuda } from '../../../targets/cuda/index.js';
import { testsOn } from '../../support/devices.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const SAMPLES = 64;

/** The operand types that an operation is tried with. */
function operandTypes(name: OperationName): readonly (readonly ScalarType[])[] {
  const { arity, typing } = operations[name];
  const all = (type: ScalarType) => Array.from({ length: arity }, () => type);
  switch (typing) {
    case 'numeric':
      return [all('float'), all('int')];
    case 'compare':
      return [all('float'), all('int'), all('bool')];
    case 'float':
    case 'toInteger':
      return [all('float')];
    case 'integer':
    case 'toFloat':
      return [all('int')];
    case 'logic':
      return [all('bool')];
    case 'select':
      return [
        ['bool', 'float', 'float'],
        ['bool', 'int', 'int'],
      ];
  }
}

const odd: Readonly<Record<ScalarType, readonly number[]>> = {
  float: [0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, 1e-3, -1e-3, 1e-6, 3, -3, 7.25, 0.49999997],
  int: [0, 1, -1, 2, -2, 3, -3, 7, -7, 31, -32, 1000, -1000],
  bool: [0, 1],
};

/** Numbers at which an operation is defined: divisors and the like are drawn from where it is. */
const domains: Partial<Record<OperationName, readonly ((x: number) => number)[]>> = {
  divide: [(x) => x, (x) => x || 1.25],
  remainder: [(x) => x, (x) => (Math.abs(x) < 0.25 ? 3 : x)],
  floorDivide: [(x) => x, (x) => (Math.abs(x) % 13) + 1],
  power: [(x) => x || 0.75, (x) => (Number.isInteger(x) ? x % 8 : x)],
  squareRoot: [Math.abs],
  logarithm: [(x) => Math.abs(x) || 1],
  logarithm2: [(x) => Math.abs(x) || 1],
  logarithm10: [(x) => Math.abs(x) || 1],
  logarithmOnePlus: [Math.abs],
  arcSine: [(x) => Math.sin(x)],
  arcCosine: [(x) => Math.sin(x)],
  toInteger: [Math.trunc],
  // Above its maximum no logit lies; beside −Infinity only −Infinity.
  exponentialDifference: [(x) => (x > 3 ? Number.NEGATIVE_INFINITY : -Math.abs(x)), (x) => Math.abs(x)],
};

const draw: Readonly<Record<ScalarType, (random: Random) => number>> = {
  float: (random) => Math.fround(random.normal() * 3),
  int: (random) => random.integer(-50, 50),
  bool: (random) => random.integer(0, 1),
};

/** An operand of a type, from the float that stands for it in a tensor. */
const typed: Readonly<Record<ScalarType, (x: Expression) => Expression>> = {
  float: (x) => x,
  int: (x) => apply('toInteger', x),
  bool: (x) => apply('notEqual', x, float(0)),
};
/** A result as a float. */
const untyped = (x: Expression): Expression =>
  x.type === 'bool' ? apply('toFloat', apply('select', x, integer(1), integer(0))) : x;

const cases = (Object.keys(operations) as OperationName[]).flatMap((name) =>
  operandTypes(name).map((types) => ({ name, types })),
);
const most = 3;
const random = new Random(5);
const samples = cases.map(({ name, types }) =>
  Array.from({ length: SAMPLES }, (_, n) =>
    types.map((type, place) => {
      const first = n < 30 ? odd[type][(n + place * 7) % odd[type].length]! : draw[type](random);
      return Math.fround((domains[name]?.[place] ?? ((x: number) => x))(first));
    }),
  ),
);

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
    for (const [n, each] of samples.entries()) {
      for (const [at, values] of each.entries()) {
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
    for (const [n, { name, types }] of cases.entries()) {
      for (const [at, values] of samples[n]!.entries()) {
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
