// Every scalar operation at its edges: zeros of both signs, infinities, NaN, numbers below the normal ones, the ends of
// domains, large arguments, halves. What is right is what JavaScript says, rounded to float32; a table says how exactly.
import { type OperationName, operations, type ScalarType } from '../../src/ir/index.js';
import { operandTypes } from '../support/operand-types.js';

/** An operation on operands of these types, at samples: one number for each operand, truth values as 0 and 1. */
export interface EdgeCase {
  readonly name: OperationName;
  readonly types: readonly ScalarType[];
  readonly samples: readonly (readonly number[])[];
}

/** How a device rounds where the language leaves it free. */
export interface Rounding {
  /** Whether numbers below the normal ones are taken for 0, as operands and as results. */
  readonly flushes: boolean;
  /** Whether integers come back as floats. */
  readonly integersAsFloats: boolean;
  /** What the functions of the device's own library get wrong, and why that stays. */
  readonly spared?: (name: OperationName, sample: readonly number[]) => boolean;
}

const LEAST_NORMAL = 2 ** -126;
const both = (...values: readonly number[]): readonly number[] => values.flatMap((x) => [x, -x]);

const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
const unary = [
  ...both(0, 1e-40, LEAST_NORMAL, 1e-30, 1e-7, 1e-4, 0.1, 0.35, 0.49999997, 0.5, 0.99999994, 1, 1.0000001, 1.5, 2.5, 3),
  ...both(7.25, 20.5, 30, 88.5, 89.25, 104, 1000, 8191.7, 8192.5, 1e5, 123456.79, 8388609, 1e10, 1e20, 1e30, 3.4e38),
  ...odd,
];
const binary = [...both(0, 1e-40, 1e-20, 0.5, 0.7, 1, 2, 2.5, 3, 8, 88.5, 1000, 1e5, 1e20, 3e38), ...odd];
const integers = [
  ...both(0, 1, 2, 3, 7, 31, 32, 33, 255, 1000, 46340, 65536, 2 ** 24 + 1, 2 ** 30, 2 ** 31 - 1).filter(
    (x, n, all) => all.indexOf(x) === n,
  ),
  -(2 ** 31),
].map((x) => x + 0);

const ofType: Readonly<Record<ScalarType, readonly number[]>> = {
  float: binary.map(Math.fround),
  int: integers,
  bool: [0, 1],
};

/** What an operation gives in float64. */
export const meaning = (name: OperationName, sample: readonly number[]): number =>
  (operations[name].evaluate as (...operands: readonly number[]) => number)(...sample);

const fitsInteger = (value: number): boolean => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;

/** What an operation is never given, and results that the language refuses: integers beyond 32 bits. */
function isAsked(name: OperationName, types: readonly ScalarType[], sample: readonly number[]): boolean {
  if (types[0] === 'int') {
    // Divisors are constants; what is divided by ±1 folds.
    if (name === 'remainder' && Math.abs(sample[1]!) < 2) return false;
    if (name === 'floorDivide' && sample[1]! <= 0) return false;
    return name === 'toFloat' || operations[name].typing === 'compare' || fitsInteger(meaning(name, sample) + 0);
  }
  // Above its maximum no logit lies; a maximum is no infinity but that of a row without visible keys.
  if (name === 'exponentialDifference') return sample[0]! <= sample[1]! && sample[1]! < Number.POSITIVE_INFINITY;
  return true;
}

/** Operations whose operands have no edges here: what makes integers of floats is only given what an integer holds. */
const isTried = (name: OperationName): boolean => operations[name].typing !== 'toInteger';

export const edgeCases: readonly EdgeCase[] = (Object.keys(operations) as OperationName[])
  .filter(isTried)
  .flatMap((name) =>
    operandTypes(name).map((types) => {
      const columns = types.map((type) =>
        types.length === 1 && type === 'float' ? unary.map(Math.fround) : ofType[type],
      );
      const all = columns.reduce<readonly (readonly number[])[]>(
        (samples, column) => samples.flatMap((sample) => column.map((value) => [...sample, value])),
        [[]],
      );
      // Of a choice among three the pairs are thinned out.
      const samples = all.filter((sample, n) => isAsked(name, types, sample) && (types.length < 3 || n % 7 === 0));
      return { name, types, samples };
    }),
  );

/** The error that an operation may have: relative, in units of 2^-24, and for some beside it an absolute one. */
const accuracy: Partial<Record<OperationName, { readonly units: number; readonly absolute?: number }>> = {
  add: { units: 1 },
  subtract: { units: 1 },
  multiply: { units: 1 },
  divide: { units: 5 },
  squareRoot: { units: 5 },
  sine: { units: 4, absolute: 4e-7 },
  cosine: { units: 4, absolute: 4e-7 },
};
const exact: ReadonlySet<string> = new Set([
  ...['remainder', 'minimum', 'maximum', 'negate', 'absolute', 'sign', 'floor', 'ceiling', 'round', 'truncate'],
  ...['select', 'toFloat', 'absorbingMultiply'],
]);

/** How many units of the last place an operation's result may be off at a sample. */
function unitsOf(name: OperationName, sample: readonly number[]): number {
  if (exact.has(name)) return name === 'absorbingMultiply' ? 1 : 0;
  const [x, y] = sample.map(Math.abs) as [number, number];
  // An exponential inherits the rounding of its argument, and devices may be off by that much.
  if (name === 'power') return 64 + 8 * Math.abs(y * Math.log2(x || 1) || 0);
  if (name === 'exponentialDifference') return 16 + 4 * Math.abs(sample[0]! - sample[1]!);
  if (/^(exponential|hyperbolic[SC])/.test(name)) return 32 + 4 * x;
  // Near a zero or a pole the argument's own place counts.
  return accuracy[name]?.units ?? 64;
}

/** Whether `actual` is what an operation may give at a sample, in float32. */
export function isRight(
  { name, types }: EdgeCase,
  sample: readonly number[],
  actual: number,
  rounding: Rounding,
): boolean {
  if (accepts(name, types, sample, actual, rounding) || rounding.spared?.(name, sample)) return true;
  if (!rounding.flushes) return false;
  const flushed = sample.map((x, n) => (types[n] === 'float' && Math.abs(x) < LEAST_NORMAL ? x * 0 : x));
  return flushed.some((x, n) => !Object.is(x, sample[n])) && accepts(name, types, flushed, actual, rounding);
}

function accepts(
  name: OperationName,
  types: readonly ScalarType[],
  sample: readonly number[],
  actual: number,
  { flushes, integersAsFloats }: Rounding,
): boolean {
  const value = meaning(name, sample);
  const expected = Math.fround(value);
  if (types.at(-1) !== 'float' || operations[name].typing === 'compare') {
    return actual === (integersAsFloats || name === 'toFloat' ? expected : value) + 0;
  }
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  // As a result or as an operand a number below the normal ones is as good as 0.
  if (flushes && Math.abs(value) < LEAST_NORMAL && Math.abs(actual) <= LEAST_NORMAL && (value !== 0 || actual !== 0))
    return true;
  if (value === 0 || !Number.isFinite(expected)) return Object.is(actual, expected);
  const allowed = unitsOf(name, sample) * 2 ** -24 * Math.abs(value) + (accuracy[name]?.absolute ?? 0) + 2 ** -149;
  return exact.has(name) && name !== 'absorbingMultiply' ? actual === expected : Math.abs(actual - value) <= allowed;
}
