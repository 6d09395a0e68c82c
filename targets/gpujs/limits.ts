// How large positions and integer tensors may be: gpu.js keeps integers in float32, which counts exactly up to 2^24.
// Every integer that a kernel computes is bounded by interval arithmetic; the limits are the largest that fit.
import { fail } from '../../src/diagnostics/index.js';
import {
  type Accumulate,
  type Algebra,
  type Axis,
  type Expression,
  fold,
  type Node,
  type OperationName,
  parts,
  staticSize,
  termsOf,
} from '../../src/ir/index.js';
import { describe, type Kernel, type Plan } from './kernels.js';

export interface Limits {
  /** The largest Tk, and the largest Tq. */
  readonly keys: number;
  /** The largest magnitude of an entry of an integer tensor. */
  readonly integers: number;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

const exactUpTo = 2 ** 24;
/** Half a unit is added before a division, which takes one bit. */
const divisibleUpTo = 2 ** 23;
/** No sequence is worth supporting that has not even so many positions. */
const fewestKeys = 2 ** 10;

export function limitsOf({ kernels, graph }: Plan): Limits {
  const tensors = new Set<Node>(graph.inputs);
  const offending = (kernel: Kernel, limits: Limits): boolean => isBeyond(kernel, tensors, limits);
  const fits = (limits: Limits): boolean => kernels.every((kernel) => !offending(kernel, limits));
  // Positions come first: ids are limited further only where they are computed with.
  const integers = largestPower((limit) => fits({ keys: fewestKeys, integers: limit }));
  const keys = integers && largestPower((limit) => fits({ keys: limit, integers }));
  if (keys) return { keys, integers };
  const kernel = kernels.find((each) => offending(each, { keys: fewestKeys, integers: 1 }));
  return fail('HD6102', { node: describe(kernel!.node), limit: exactUpTo });
}

/** The largest power of two, at most 2^24, that `fits` accepts. */
function largestPower(fits: (limit: number) => boolean): number | undefined {
  for (let limit = exactUpTo; limit >= 1; limit /= 2) if (fits(limit)) return limit;
  return undefined;
}

/** Whether a kernel may compute an integer that float32 does not hold exactly. */
function isBeyond({ element, domain }: Kernel, tensors: ReadonlySet<Node>, limits: Limits): boolean {
  const variables = new Map<string, Interval>();
  element.variables.forEach((name, axis) => {
    variables.set(name, intervalOfAxis(domain[axis]!, limits));
  });
  for (const { variable, axis } of element.over) variables.set(variable, intervalOfAxis(axis, limits));
  return exceeds(element.value, variables, { ...limits, tensors });
}

/** Positions of queries reach as far below 0 as others above, where there are more queries than keys. */
function intervalOfAxis(axis: Axis, { keys }: Limits): Interval {
  const high = (staticSize(axis) ?? keys) - 1;
  return { low: axis.kind === 'query' ? -high : 0, high };
}

interface Assumptions extends Limits {
  /** The inputs. Other integers that are read come from tables, whose entries are as large as the spec makes them. */
  readonly tensors: ReadonlySet<Node>;
}

type Variables = ReadonlyMap<string, Interval>;

function exceeds(root: Expression, variables: Variables, limits: Assumptions): boolean {
  const intervalOf = intervals(variables, limits);
  const seen = new Set<Expression>();
  const visit = (expression: Expression): boolean => {
    if (seen.has(expression)) return false;
    seen.add(expression);
    const isLarge =
      expression.type === 'int' && isComputed(expression) && isTooLarge(intervalOf(expression), exactUpTo);
    if (isLarge) return true;
    if (expression.kind === 'accumulate') return exceeds(expression.body, inside(expression, variables), limits);
    return dividesTooMuch(expression, intervalOf) || parts(expression).some(visit);
  };
  return visit(root);
}

function dividesTooMuch(expression: Expression, intervalOf: (expression: Expression) => Interval): boolean {
  if (expression.kind !== 'apply' || expression.type !== 'int') return false;
  const divides = expression.operation === 'floorDivide' || expression.operation === 'remainder';
  return divides && isTooLarge(intervalOf(expression.operands[0]!), divisibleUpTo);
}

/** A converted float and a choice are as large as what they were made from. */
const isComputed = (expression: Expression): boolean =>
  expression.kind === 'accumulate' ||
  (expression.kind === 'apply' && expression.operation !== 'toInteger' && expression.operation !== 'select');

/** Without a bound are only integers made from floats of tensors: they are as exact as floats are. */
function isTooLarge(interval: Interval, limit: number): boolean {
  const largest = magnitude(interval);
  return Number.isFinite(largest) && largest > limit;
}

const inside = ({ counters }: Accumulate, variables: Variables): Variables =>
  new Map([...variables, ...counters.map(({ name, extent }) => [name, { low: 0, high: extent - 1 }] as const)]);

function intervals(variables: Variables, limits: Assumptions): (expression: Expression) => Interval {
  const known = new Map<Expression, Interval>();
  const algebra: Algebra<Interval> = {
    constant: ({ value }) => ({ low: value, high: value }),
    variable: ({ name }) => variables.get(name) ?? everything,
    length: () => ({ low: 1, high: limits.keys }),
    read: ({ type, source }) =>
      type === 'int' && limits.tensors.has(source) ? { low: -limits.integers, high: limits.integers } : everything,
    apply: ({ operation }, operands) => rules[operation]?.(operands) ?? everything,
    accumulate: (whole) => {
      const body = intervals(inside(whole, variables), limits)(whole.body);
      if (whole.monoid === 'max') return body;
      const count = termsOf(whole.counters);
      // Partial sums reach from nothing to everything.
      return { low: Math.min(0, body.low * count), high: Math.max(0, body.high * count) };
    },
    skipsIndices: true,
  };
  return (expression) => fold(expression, algebra, known);
}

const everything: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

type Rule = (operands: readonly Interval[]) => Interval;

const corners = ([x, y]: readonly Interval[], combine: (x: number, y: number) => number): Interval => {
  const values = [x!.low, x!.high].flatMap((left) => [y!.low, y!.high].map((right) => combine(left, right) || 0));
  return { low: Math.min(...values), high: Math.max(...values) };
};
/** All integers whose binary digits are no longer than those of the operands. */
const sameDigits: Rule = (operands) => {
  const largest = Math.max(...operands.map(({ low, high }) => Math.max(-low, high)));
  const bound = 2 ** Math.ceil(Math.log2(largest + 1));
  return { low: operands.some(({ low }) => low < 0) ? -bound : 0, high: bound - 1 };
};
const magnitude = ({ low, high }: Interval): number => Math.max(-low, high);

const rules: Partial<Record<OperationName, Rule>> = {
  add: ([x, y]) => ({ low: x!.low + y!.low, high: x!.high + y!.high }),
  subtract: ([x, y]) => ({ low: x!.low - y!.high, high: x!.high - y!.low }),
  multiply: (operands) => corners(operands, (x, y) => x * y),
  minimum: (operands) => corners(operands, Math.min),
  maximum: (operands) => corners(operands, Math.max),
  negate: ([x]) => ({ low: -x!.high, high: -x!.low }),
  absolute: ([x]) => ({ low: 0, high: magnitude(x!) }),
  sign: () => ({ low: -1, high: 1 }),
  remainder: ([x, y]) => {
    const largest = Math.min(magnitude(x!), magnitude(y!));
    return { low: -largest, high: largest };
  },
  floorDivide: (operands) => corners(operands, (x, y) => Math.floor(x / y)),
  bitAnd: sameDigits,
  bitOr: sameDigits,
  bitExclusiveOr: sameDigits,
  bitNot: sameDigits,
  shiftLeft: (operands) => corners(operands, (x, y) => x * 2 ** y),
  shiftRight: ([x]) => x!,
  toFloat: ([x]) => x!,
  toInteger: ([x]) => x!,
  select: ([, x, y]) => ({ low: Math.min(x!.low, y!.low), high: Math.max(x!.high, y!.high) }),
};
