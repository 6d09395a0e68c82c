// The range of an integer expression, by interval arithmetic over what its variables may be.
// A range is never too small; where nothing is known it is everything.
import { type Algebra, fold } from './algebra.js';
import { type Axis, staticSize } from './axis.js';
import type { Accumulate, Apply, Expression, Read } from './expression.js';
import { termsOf } from './limits.js';
import type { TensorNode } from './node.js';
import type { OperationName } from './operations.js';
import type { Surroundings } from './roots.js';

/** All integers from `low` to `high`, both included; infinite where there is no bound. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export const everything: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const naturals: Range = { low: 0, high: Number.POSITIVE_INFINITY };
const exactly = (value: number): Range => ({ low: value, high: value });

export const isBounded = ({ low, high }: Range): boolean => Number.isFinite(low) && Number.isFinite(high);

/** The values of an axis's index. A query position is negative where there are more queries than keys. */
function axisRange(axis: Axis): Range {
  if (axis.kind === 'query') return everything;
  const size = staticSize(axis);
  return size === undefined ? naturals : { low: 0, high: size - 1 };
}

/** The values that an integer expression can take. */
export const rangeOf = (expression: Expression, surroundings: Surroundings): Range =>
  fold(expression, rangesIn(surroundings));

// ── 32 bits ─────────────────────────────────────────────────────────────────────────────────────────

/** Launchers accept no more queries or keys: positions and lengths are below this in magnitude. */
export const MOST_POSITIONS = 2 ** 22;
/** The integers of 32 bits, of which tables are made. */
const integers32: Range = { low: -(2 ** 31), high: 2 ** 31 - 1 };
/** Integer arithmetic that may leave this is refused: sums of so large products are no longer told apart. */
const LARGEST_INTEGER = 2 ** 50;

const isWithin = (range: Range, { low, high }: Range): boolean => range.low >= low && range.high <= high;

/** What the entries of a table of integers may be: what is declared, within 32 bits, and where it is a length, positions. */
function entriesOf({ source }: Read): Range {
  if (source.op !== 'tensor') return integers32;
  const { low, high } = readRange(source);
  const to = source.contents?.to;
  const most = typeof to === 'object' && to.length === 'key' ? MOST_POSITIONS - to.less : integers32.high;
  return { low: Math.max(low, integers32.low), high: Math.min(high, most) };
}
const positions: Range = { low: -MOST_POSITIONS, high: MOST_POSITIONS };

const integerRanges = new WeakMap<Expression, Range>();

/**
 * The exact values that an integer expression can take in any call that a launcher accepts: wider than 32 bits where its
 * arithmetic may leave them. Variables are positions, or less.
 */
export const integerRangeOf = (part: Expression): Range => fold(part, exactRanges, integerRanges);

/** The same where the variables are known: a head is less than a position. */
function integerRangeIn(part: Expression, { axes, counters }: Surroundings): Range {
  const inner = new Map<string, Range>();
  const variableRange = (name: string): Range => {
    const extent = counters.get(name);
    const axis = axes.get(name);
    if (extent !== undefined) return counterRange(extent);
    return axis === undefined ? (inner.get(name) ?? positions) : within(axisRange(axis), positions);
  };
  return fold(part, {
    ...exactRanges,
    variable: ({ name }) => variableRange(name),
    accumulate: (whole, body) => {
      for (const { name, extent } of whole.counters) inner.set(name, counterRange(extent));
      return exactRanges.accumulate(whole, body);
    },
  });
}

const counterRange = (extent: number): Range => ({ low: 0, high: Math.max(extent - 1, 0) });
const within = (range: Range, { low, high }: Range): Range => ({
  low: Math.max(range.low, low),
  high: Math.min(range.high, high),
});

const exactRanges: Algebra<Range> = {
  // An empty maximum is −Infinity, which a target has as its least integer.
  constant: ({ value }) => (Number.isFinite(value) ? exactly(value) : exactly(integers32.low)),
  variable: () => positions,
  length: () => positions,
  read: (whole) => (whole.type === 'int' ? entriesOf(whole) : integers32),
  apply: (whole, operands) => {
    const range = whole.type === 'int' ? rules[whole.operation]?.(operands, whole) : undefined;
    return range !== undefined && isBounded(range) ? range : integers32;
  },
  accumulate: ({ monoid, counters }, body) => {
    const { low, high } = body();
    const count = termsOf(counters);
    if (monoid === 'max') return { low: Math.min(low, integers32.low), high };
    return { low: Math.min(0, low * count), high: Math.max(0, high * count) };
  },
  skipsIndices: true,
};

/** Whether an integer expression may leave 32 bits. */
export const leavesIntegers = (part: Expression): boolean => !isWithin(integerRangeOf(part), integers32);

/** Operations whose exact result is that of arithmetic modulo 2^32 wherever it is an integer of 32 bits. */
const modular: ReadonlySet<OperationName> = new Set(['add', 'subtract', 'multiply', 'negate']);
/** Whether an expression is a sum, product or negative of integers. */
export const isIntegerSum = (part: Expression): boolean =>
  part.kind === 'apply' && part.type === 'int' && modular.has(part.operation);

/**
 * The range of what may leave the integers that kernels compute exactly, if `part` does, and the part whose range it is: sums
 * and products far beyond 32 bits, sums over counters beyond 32 bits, and dividends of quotients and remainders that may be.
 * Everything else is exact: a value beyond 32 bits is larger, or smaller, than all others.
 */
export function integerOverflow(
  part: Expression,
  surroundings: Surroundings,
): { readonly range: Range; readonly of: '' | 'the dividend of ' } | undefined {
  const limit = limitOf(part);
  if (limit === undefined || isWithin(integerRangeOf(limit.part), limit.most)) return undefined;
  const range = integerRangeIn(limit.part, surroundings);
  return isWithin(range, limit.most) ? undefined : { range, of: limit.part === part ? '' : 'the dividend of ' };
}

/** The part of an operation that must stay within a range. */
function limitOf(part: Expression): { readonly part: Expression; readonly most: Range } | undefined {
  if (part.type !== 'int') return undefined;
  if (isIntegerSum(part)) return { part, most: { low: -LARGEST_INTEGER, high: LARGEST_INTEGER } };
  if (part.kind === 'accumulate') return part.monoid === 'max' ? undefined : { part, most: integers32 };
  const divides = part.kind === 'apply' && (part.operation === 'floorDivide' || part.operation === 'remainder');
  return divides ? { part: part.operands[0]!, most: integers32 } : undefined;
}

// ── Rules ───────────────────────────────────────────────────────────────────────────────────────────

const rangesIn = (surroundings: Surroundings): Algebra<Range> => ({
  atSight: ({ type }) => (type === 'int' ? undefined : everything),
  constant: ({ value }) => exactly(value),
  variable: ({ name }) => {
    const extent = surroundings.counters.get(name);
    if (extent !== undefined) return { low: 0, high: extent - 1 };
    const axis = surroundings.axes.get(name);
    return axis === undefined ? everything : axisRange(axis);
  },
  length: () => ({ low: 1, high: Number.POSITIVE_INFINITY }),
  read: ({ source }) => (source.op === 'tensor' ? readRange(source) : everything),
  apply: (whole, operands) => (rules[whole.operation] ?? (() => everything))(operands, whole),
  accumulate: (whole) => accumulatedRange(whole, surroundings),
  skipsIndices: true,
});

/** What the declaration of a tensor says, and 0: a read outside. */
function readRange({ contents }: TensorNode): Range {
  const { from = Number.NEGATIVE_INFINITY, to } = contents ?? {};
  const high = typeof to === 'number' ? to : Number.POSITIVE_INFINITY;
  return { low: Math.min(from, 0), high: Math.max(high, 0) };
}

function accumulatedRange(part: Accumulate, surroundings: Surroundings): Range {
  const counters = new Map(surroundings.counters);
  for (const { name, extent } of part.counters) counters.set(name, extent);
  const count = termsOf(part.counters);
  if (count === 0) return part.monoid === 'sum' ? exactly(0) : everything;
  const body = rangeOf(part.body, { axes: surroundings.axes, counters });
  return part.monoid === 'max' ? body : { low: body.low * count, high: body.high * count };
}

/** 0 · ∞ is 0 here: a bound of nothing times no bound. */
const times = (x: number, y: number): number => (x === 0 || y === 0 ? 0 : x * y);

function product(x: Range, y: Range): Range {
  const corners = [times(x.low, y.low), times(x.low, y.high), times(x.high, y.low), times(x.high, y.high)];
  return { low: Math.min(...corners), high: Math.max(...corners) };
}

type RangeRule = (operands: readonly Range[], whole: Apply) => Range;

const rules: Partial<Record<OperationName, RangeRule>> = {
  add: ([x, y]) => ({ low: x!.low + y!.low, high: x!.high + y!.high }),
  subtract: ([x, y]) => ({ low: x!.low - y!.high, high: x!.high - y!.low }),
  multiply: ([x, y]) => product(x!, y!),
  negate: ([x]) => ({ low: -x!.high, high: -x!.low }),
  absolute: ([x]) => ({
    low: x!.low <= 0 && x!.high >= 0 ? 0 : Math.min(Math.abs(x!.low), Math.abs(x!.high)),
    high: Math.max(Math.abs(x!.low), Math.abs(x!.high)),
  }),
  sign: ([x]) => ({ low: Math.max(Math.sign(x!.low), -1), high: Math.min(Math.sign(x!.high), 1) }),
  minimum: ([x, y]) => ({ low: Math.min(x!.low, y!.low), high: Math.min(x!.high, y!.high) }),
  maximum: ([x, y]) => ({ low: Math.max(x!.low, y!.low), high: Math.max(x!.high, y!.high) }),
  // The remainder has the sign of its dividend and is smaller than the divisor.
  remainder: ([x, y]) => {
    const largest = Math.max(Math.abs(y!.low), Math.abs(y!.high)) - 1;
    return {
      low: x!.low >= 0 ? 0 : Math.max(x!.low, -largest),
      high: x!.high <= 0 ? 0 : Math.min(x!.high, largest),
    };
  },
  floorDivide: ([x, y]) =>
    y!.low === y!.high && y!.low > 0
      ? { low: Math.floor(x!.low / y!.low), high: Math.floor(x!.high / y!.low) }
      : everything,
  // The bits that are set in a natural number stay set in none but itself.
  bitAnd: ([x, y]) => {
    const natural = [x!, y!].filter(({ low }) => low >= 0).map(({ high }) => high);
    return natural.length === 0 ? everything : { low: 0, high: Math.min(...natural) };
  },
  select: ([, x, y]) => ({ low: Math.min(x!.low, y!.low), high: Math.max(x!.high, y!.high) }),
};
