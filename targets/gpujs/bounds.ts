// Bounds of integer expressions as linear forms of the sizes that only a call knows, to leave out guards that always
// hold and to size tables. A bound that is not linear is absent, which costs a guard and never correctness.
import { type Axis, type Expression, fold, staticSize } from '../../src/ir/index.js';

/** constant + batch·B + queries·Tq + keys·Tk. */
export interface Linear {
  readonly constant: number;
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}

export interface Bounds {
  readonly low: Linear | undefined;
  readonly high: Linear | undefined;
}

export type BoundsOfVariables = ReadonlyMap<string, Bounds>;

const unknown: Bounds = { low: undefined, high: undefined };

export const linear = (constant: number, sizes: Partial<Omit<Linear, 'constant'>> = {}): Linear => ({
  batch: 0,
  queries: 0,
  keys: 0,
  ...sizes,
  constant,
});

const combine = (x: Linear, y: Linear, factor: number): Linear => ({
  constant: x.constant + factor * y.constant,
  batch: x.batch + factor * y.batch,
  queries: x.queries + factor * y.queries,
  keys: x.keys + factor * y.keys,
});
export const plus = (x: Linear, y: Linear): Linear => combine(x, y, 1);
export const minus = (x: Linear, y: Linear): Linear => combine(x, y, -1);
const scaled = (x: Linear, factor: number): Linear => combine(linear(0), x, factor);

/** Whether x ≥ 0 in every call: B, Tq and Tk are at least 1. */
export function neverNegative({ constant, batch, queries, keys }: Linear): boolean {
  return constant + batch + queries + keys >= 0 && batch >= 0 && queries >= 0 && keys >= 0;
}

const atMost = (x: Linear, y: Linear): boolean => neverNegative(minus(y, x));
const isConstant = ({ batch, queries, keys }: Linear): boolean => batch === 0 && queries === 0 && keys === 0;

/** The number of entries of an axis. */
export function sizeOf(axis: Axis): Linear {
  const size = staticSize(axis);
  if (size !== undefined) return linear(size);
  if (axis.kind === 'batch') return linear(0, { batch: 1 });
  return axis.kind === 'query' ? linear(0, { queries: 1 }) : linear(0, { keys: 1 });
}

/** The first value of an axis's index: Tk − Tq for queries, 0 for all others. */
export function startOf(axis: Axis): Linear {
  return axis.kind === 'query' ? linear(0, { keys: 1, queries: -1 }) : linear(0);
}

export function axisBounds(axis: Axis): Bounds {
  const low = startOf(axis);
  return { low, high: minus(plus(low, sizeOf(axis)), linear(1)) };
}

export const counterBounds = (extent: number): Bounds => ({ low: linear(0), high: linear(extent - 1) });

/** The bounds of an integer expression whose free variables are bounded as `variables` says. */
export const boundsOf = (expression: Expression, variables: BoundsOfVariables): Bounds =>
  fold<Bounds>(expression, {
    constant: ({ value }) => ({ low: linear(value), high: linear(value) }),
    variable: ({ name }) => variables.get(name) ?? unknown,
    length: ({ of }) => {
      const size = sizeOf({ kind: of });
      return { low: size, high: size };
    },
    read: () => unknown,
    apply: ({ operation }, operands) => rules[operation]?.(operands) ?? unknown,
    accumulate: () => unknown,
    skipsIndices: true,
  });

type Rule = (operands: readonly Bounds[]) => Bounds;

const both = <Value>(x: Value | undefined, y: Value | undefined, join: (x: Value, y: Value) => Value | undefined) =>
  x === undefined || y === undefined ? undefined : join(x, y);
const lesser = (x: Linear, y: Linear) => (atMost(x, y) ? x : atMost(y, x) ? y : undefined);
const greater = (x: Linear, y: Linear) => (atMost(x, y) ? y : atMost(y, x) ? x : undefined);

const times = (x: Bounds, factor: number): Bounds => {
  const [low, high] = factor < 0 ? [x.high, x.low] : [x.low, x.high];
  return { low: low && scaled(low, factor), high: high && scaled(high, factor) };
};
/** The value of bounds that leave exactly one, known at compile time. */
const onlyValue = ({ low, high }: Bounds): number | undefined =>
  low && high && isConstant(low) && isConstant(high) && low.constant === high.constant ? low.constant : undefined;

const rules: Partial<Record<string, Rule>> = {
  add: ([x, y]) => ({ low: both(x!.low, y!.low, plus), high: both(x!.high, y!.high, plus) }),
  subtract: ([x, y]) => ({ low: both(x!.low, y!.high, minus), high: both(x!.high, y!.low, minus) }),
  multiply: ([x, y]) => {
    const left = onlyValue(x!);
    const right = onlyValue(y!);
    return right !== undefined ? times(x!, right) : left !== undefined ? times(y!, left) : unknown;
  },
  negate: ([x]) => times(x!, -1),
  // Either operand bounds a minimum from above and a maximum from below.
  minimum: ([x, y]) => ({
    low: both(x!.low, y!.low, lesser),
    high: both(x!.high, y!.high, (one, other) => lesser(one, other) ?? one) ?? x!.high ?? y!.high,
  }),
  maximum: ([x, y]) => ({
    low: both(x!.low, y!.low, (one, other) => greater(one, other) ?? one) ?? x!.low ?? y!.low,
    high: both(x!.high, y!.high, greater),
  }),
  select: ([, x, y]) => ({ low: both(x!.low, y!.low, lesser), high: both(x!.high, y!.high, greater) }),
  absolute: ([x]) => {
    const flipped = times(x!, -1);
    return { low: linear(0), high: both(x!.high, flipped.high, greater) };
  },
  floorDivide: ([x, y]) => {
    const divisor = onlyValue(y!);
    if (divisor === undefined) return unknown;
    const divided = (bound: Linear | undefined) =>
      bound && isConstant(bound) ? linear(Math.floor(bound.constant / divisor)) : undefined;
    const natural = x!.low !== undefined && neverNegative(x!.low);
    // Dividing a natural number gives one that is no larger.
    return { low: natural ? linear(0) : divided(x!.low), high: divided(x!.high) ?? (natural ? x!.high : undefined) };
  },
  remainder: ([x, y]) => {
    const divisor = onlyValue(y!);
    if (divisor === undefined || divisor === 0) return unknown;
    const largest = linear(Math.abs(divisor) - 1);
    return { low: x!.low && neverNegative(x!.low) ? linear(0) : scaled(largest, -1), high: largest };
  },
};
