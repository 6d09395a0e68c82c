// Identities of single operations, each exact in every bit: a table from operation to what it becomes.
// An entry looks at the operands only; undefined means that nothing is known.
import {
  type Apply,
  apply,
  bool,
  type Constant,
  type Expression,
  float,
  integer,
  type OperationName,
  operationValue,
  sameExpression,
} from '../../ir/index.js';

type Identity = (operands: readonly [Expression, Expression, Expression], whole: Apply) => Expression | undefined;

/** What an operation is where its operands make it known; undefined where they do not. */
export function foldOperation(whole: Apply): Expression | undefined {
  const constant = constantResult(whole);
  if (constant) return constant;
  const operands = whole.operands as unknown as readonly [Expression, Expression, Expression];
  for (const identity of identities[whole.operation] ?? []) {
    const result = identity(operands, whole);
    if (result) return result;
  }
  return undefined;
}

function constantResult({ operation, operands, type }: Apply): Constant | undefined {
  if (!operands.every((operand): operand is Constant => operand.kind === 'constant')) return undefined;
  const value = operationValue(
    operation,
    operands.map((operand) => operand.value),
  );
  if (type === 'bool') return bool(value !== 0);
  if (type === 'int') return Number.isSafeInteger(value) ? integer(value + 0) : undefined;
  // No constant is NaN: what gives NaN is left to give it when it runs.
  return Number.isNaN(value) ? undefined : float(value);
}

const isConstant = (x: Expression, value: number): boolean => x.kind === 'constant' && Object.is(x.value, value);
const isApply = (x: Expression, ...names: readonly OperationName[]): boolean =>
  x.kind === 'apply' && names.includes(x.operation);
const inside = (x: Expression): Expression => (x as Apply).operands[0]!;

const withoutRight =
  (neutral: number): Identity =>
  ([x, y]) =>
    isConstant(y, neutral) ? x : undefined;
const withoutLeft =
  (neutral: number): Identity =>
  ([x, y]) =>
    isConstant(x, neutral) ? y : undefined;
/** The whole is `result` where one side is the constant `value`: truth values only. */
const decidedBy =
  (value: boolean): Identity =>
  ([x, y]) => {
    const constant = value ? 1 : 0;
    return isConstant(x, constant) || isConstant(y, constant) ? bool(value) : undefined;
  };
const sameSides: Identity = ([x, y]) => (sameExpression(x, y) ? x : undefined);
/** The operation undoes the one inside: −(−x). */
const undoes =
  (...names: readonly OperationName[]): Identity =>
  ([x]) =>
    isApply(x, ...names) ? inside(x) : undefined;
/** Rounding what is whole already. */
const ofInteger: Identity = ([x]) => (isApply(x, 'toFloat', 'floor', 'ceiling', 'round', 'truncate') ? x : undefined);

/** What a comparison becomes under a not. Of floats only the first two: for NaN neither < nor ≥ holds. */
const opposite: Partial<Record<OperationName, OperationName>> = {
  equal: 'notEqual',
  notEqual: 'equal',
  less: 'greaterOrEqual',
  lessOrEqual: 'greater',
  greater: 'lessOrEqual',
  greaterOrEqual: 'less',
};

const isTotal = (operation: OperationName): boolean => operation === 'equal' || operation === 'notEqual';

const compareSame =
  (result: boolean): Identity =>
  ([x, y]) =>
    x.type !== 'float' && sameExpression(x, y) ? bool(result) : undefined;

const identities: Partial<Record<OperationName, readonly Identity[]>> = {
  // x + (−0) is x in every bit; x + 0 is not, where x is −0.
  add: [
    ([x, y], { type }) => (type === 'float' ? (isConstant(y, -0) ? x : isConstant(x, -0) ? y : undefined) : undefined),
    ([x, y], { type }) => (type === 'float' && isApply(y, 'negate') ? apply('subtract', x, inside(y)) : undefined),
  ],
  subtract: [
    ([x, y], { type }) => (type === 'float' && isConstant(y, 0) ? x : undefined),
    ([x, y], { type }) => (type === 'float' && isApply(y, 'negate') ? apply('add', x, inside(y)) : undefined),
  ],
  multiply: [
    withoutRight(1),
    withoutLeft(1),
    ([x, y]) => (isConstant(y, -1) ? apply('negate', x) : isConstant(x, -1) ? apply('negate', y) : undefined),
  ],
  divide: [withoutRight(1), ([x, y]) => (isConstant(y, -1) ? apply('negate', x) : undefined)],
  power: [withoutRight(1), ([, y]) => (isConstant(y, 0) ? float(1) : undefined)],
  negate: [undoes('negate')],
  absolute: [
    ([x]) => (isApply(x, 'absolute') ? x : undefined),
    ([x]) => (isApply(x, 'negate') ? apply('absolute', inside(x)) : undefined),
  ],
  minimum: [sameSides],
  maximum: [sameSides],
  // 0 · y is 0 whatever y is, and 1 · y is y.
  absorbingMultiply: [([x]) => (isConstant(x, 0) || isConstant(x, -0) ? float(0) : undefined), withoutLeft(1)],
  exponentialDifference: [([x]) => (isConstant(x, Number.NEGATIVE_INFINITY) ? float(0) : undefined)],
  floor: [ofInteger],
  ceiling: [ofInteger],
  round: [ofInteger],
  truncate: [ofInteger],
  toInteger: [undoes('toFloat')],

  equal: [compareSame(true)],
  notEqual: [compareSame(false)],
  less: [compareSame(false)],
  lessOrEqual: [compareSame(true)],
  greater: [compareSame(false)],
  greaterOrEqual: [compareSame(true)],

  and: [decidedBy(false), withoutLeft(1), withoutRight(1), sameSides],
  or: [decidedBy(true), withoutLeft(0), withoutRight(0), sameSides],
  not: [
    undoes('not'),
    ([x]) => {
      if (x.kind !== 'apply') return undefined;
      const operation = opposite[x.operation];
      return operation && (isTotal(x.operation) || x.operands[0]!.type === 'int') ? { ...x, operation } : undefined;
    },
  ],
  select: [
    ([condition, x, y]) => (condition.kind === 'constant' ? (condition.value !== 0 ? x : y) : undefined),
    ([, x, y]) => (sameExpression(x, y) ? x : undefined),
    // `!c ? x : 0` stays: it is how a guard is written.
    ([condition, x, y]) =>
      isApply(condition, 'not') && !isConstant(y, 0) ? apply('select', inside(condition), y, x) : undefined,
    // Truth values: a choice between them is logic.
    ([condition, x, y]) => (x.type === 'bool' && isConstant(x, 1) ? apply('or', condition, y) : undefined),
    ([condition, x, y]) => (x.type === 'bool' && isConstant(y, 0) ? apply('and', condition, x) : undefined),
    // The same condition again on a side has been decided.
    ([condition, x, y]) => {
      const decided = (side: Expression, taken: 1 | 2): Expression =>
        isApply(side, 'select') && sameExpression(inside(side), condition) ? (side as Apply).operands[taken]! : side;
      const [left, right] = [decided(x, 1), decided(y, 2)];
      return left === x && right === y ? undefined : apply('select', condition, left, right);
    },
  ],
};
