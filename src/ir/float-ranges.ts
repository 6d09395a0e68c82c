// The range of a float expression, and whether it may be NaN, by interval arithmetic over what its parts may be.
// A range is never too small; targets leave out guards that it proves needless. What a tensor holds is not known.
import { type Algebra, fold } from './algebra.js';
import type { Apply, Expression } from './expression.js';
import type { OperationName } from './operations.js';
import { rangeOf } from './ranges.js';

/** All floats from `low` to `high`, infinities among them where a bound is infinite, and NaN where it may be. */
export interface FloatRange {
  readonly low: number;
  readonly high: number;
  readonly mayBeNaN: boolean;
}

export const anyFloat: FloatRange = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, mayBeNaN: true };
/** The largest finite number of float32, in which elements are computed. */
export const LARGEST_FLOAT = 2 ** 128 - 2 ** 104;
/** The least float32 above 0 that devices do not flush to 0. */
export const LEAST_NORMAL = 2 ** -126;

/** Whether a value is certainly a number, and no infinity. */
export const isFiniteRange = ({ low, high, mayBeNaN }: FloatRange): boolean =>
  !mayBeNaN && Number.isFinite(low) && Number.isFinite(high);
/**
 * Whether float32, in which all elements are computed whatever the dtype, holds a constant: neither too large, nor so
 * small that 0 is left of it. Infinities are held.
 */
export function holdsConstant(value: number): boolean {
  const single = Math.fround(value);
  return Number.isFinite(value) ? Number.isFinite(single) && (single !== 0 || value === 0) : !Number.isNaN(value);
}
/** Whether a value is certainly not 0. */
export const excludesZero = ({ low, high }: FloatRange): boolean => low > 0 || high < 0;

/** What lies beyond float32 is infinite there, and what is too small for it may be 0. */
const beyond = (value: number): number =>
  Math.abs(value) > LARGEST_FLOAT ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
const between = (low: number, high: number, mayBeNaN: boolean): FloatRange => ({
  low: Number.isNaN(low) ? Number.NEGATIVE_INFINITY : low > 0 && low < LEAST_NORMAL ? 0 : beyond(low),
  high: Number.isNaN(high) ? Number.POSITIVE_INFINITY : high < 0 && high > -LEAST_NORMAL ? 0 : beyond(high),
  mayBeNaN,
});

const noSurroundings = { axes: new Map(), counters: new Map() };
const known = new WeakMap<Expression, FloatRange>();

/** The values that a number can take whatever its variables are. */
export const floatRangeOf = (expression: Expression): FloatRange => fold(expression, algebra, known);

function integersIn(part: Expression): FloatRange {
  const { low, high } = rangeOf(part, noSurroundings);
  return between(Math.max(low, -(2 ** 31)), Math.min(high, 2 ** 31), false);
}

const algebra: Algebra<FloatRange> = {
  // Of integers, their own ranges say more.
  atSight: (part) => (part.type === 'float' ? undefined : integersIn(part)),
  constant: ({ value }) => between(value, value, false),
  // Those that are integers are seen at sight; what else a name may stand for is not known.
  variable: () => anyFloat,
  length: () => anyFloat,
  read: () => anyFloat,
  apply: (whole, operands) => rules[whole.operation]?.(operands, whole) ?? anyFloat,
  accumulate: ({ monoid }, body) => (monoid === 'max' ? { ...body(), low: Number.NEGATIVE_INFINITY } : anyFloat),
  skipsIndices: true,
};

type FloatRule = (operands: readonly FloatRange[], whole: Apply) => FloatRange;

const anyNaN = (operands: readonly FloatRange[]): boolean => operands.some(({ mayBeNaN }) => mayBeNaN);

/** A function that goes up with its operand. */
const rising =
  (evaluate: (x: number) => number): FloatRule =>
  ([x]) =>
    between(evaluate(x!.low), evaluate(x!.high), x!.mayBeNaN);
/** A function that keeps to [−1, 1], and has no value at infinities. */
const swinging: FloatRule = ([x]) => between(-1, 1, !isFiniteRange(x!));

function ofCorners([x, y]: readonly FloatRange[], evaluate: (x: number, y: number) => number): FloatRange {
  const corners = [x!.low, x!.high].flatMap((one) => [y!.low, y!.high].map((other) => evaluate(one, other)));
  // 0 · ∞ among the corners: anything may come of it.
  if (corners.some(Number.isNaN)) return anyFloat;
  return between(Math.min(...corners), Math.max(...corners), anyNaN([x!, y!]));
}

function sum(x: FloatRange, y: FloatRange): FloatRange {
  const cancels =
    (x.high === Number.POSITIVE_INFINITY && y.low === Number.NEGATIVE_INFINITY) ||
    (y.high === Number.POSITIVE_INFINITY && x.low === Number.NEGATIVE_INFINITY); // ∞ − ∞
  return between(x.low + y.low, x.high + y.high, anyNaN([x, y]) || cancels);
}

const negative = ({ low, high, mayBeNaN }: FloatRange): FloatRange => ({ low: -high, high: -low, mayBeNaN });

const rules: Partial<Record<OperationName, FloatRule>> = {
  toFloat: ([x]) => x!,
  negate: ([x]) => negative(x!),
  add: ([x, y]) => sum(x!, y!),
  subtract: ([x, y]) => sum(x!, negative(y!)),
  multiply: ([x, y], { operands }) => {
    if (operands[0] !== operands[1]) {
      const mayMeetInfinity = !isFiniteRange(x!) || !isFiniteRange(y!);
      const product = ofCorners([x!, y!], (one, other) => one * other);
      return mayMeetInfinity && !(excludesZero(x!) && excludesZero(y!)) ? { ...product, mayBeNaN: true } : product;
    }
    const most = Math.max(x!.low ** 2, x!.high ** 2);
    return between(excludesZero(x!) ? Math.min(x!.low ** 2, x!.high ** 2) : 0, most, x!.mayBeNaN);
  },
  divide: ([x, y]) =>
    excludesZero(y!) && isFiniteRange(y!) ? ofCorners([x!, y!], (one, other) => one / other) : anyFloat,
  absolute: ([x]) =>
    between(
      excludesZero(x!) ? Math.min(Math.abs(x!.low), Math.abs(x!.high)) : 0,
      Math.max(Math.abs(x!.low), Math.abs(x!.high)),
      x!.mayBeNaN,
    ),
  minimum: ([x, y]) => between(Math.min(x!.low, y!.low), Math.min(x!.high, y!.high), anyNaN([x!, y!])),
  maximum: ([x, y]) => between(Math.max(x!.low, y!.low), Math.max(x!.high, y!.high), anyNaN([x!, y!])),
  squareRoot: ([x]) =>
    between(Math.sqrt(Math.max(x!.low, 0)), Math.sqrt(Math.max(x!.high, 0)), x!.mayBeNaN || x!.low < 0),
  exponential: rising(Math.exp),
  exponentialMinusOne: rising(Math.expm1),
  hyperbolicTangent: rising(Math.tanh),
  arcTangent: rising(Math.atan),
  floor: rising(Math.floor),
  ceiling: rising(Math.ceil),
  round: rising(Math.round),
  truncate: rising(Math.trunc),
  sign: rising(Math.sign),
  sine: swinging,
  cosine: swinging,
  select: ([, x, y]) => between(Math.min(x!.low, y!.low), Math.max(x!.high, y!.high), anyNaN([x!, y!])),
};
