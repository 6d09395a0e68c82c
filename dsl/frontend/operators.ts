// Operators: what each does to constants, as JavaScript says, and which operation of the graph it stands for otherwise.
// Two tables, one for infix and one for prefix operators; `&&`, `||`, `??` and `?:` are control flow, in expressions.ts.
import type { ts } from 'ts-morph';
import { apply, asFloat, type Expression, type OperationName } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import { kindOf } from './index-kinds.js';
import { LONGEST_STRING } from './limits.js';
import { expressionOf, isSymbolic, operate, scalarType, shortText, truthOf } from './symbolic.js';
import { typescript } from './typescript.js';
import { type Constant, describe, isComposite, isKind, symbolic, type Value } from './values.js';

type Build = (x: Value, y: Value, node: ts.Node, evaluation: Evaluation) => Value;

interface InfixOperator {
  /** The value for two numbers that are known. */
  readonly fold: (x: number, y: number) => number | boolean;
  readonly build: Build;
}

const arithmetic =
  (operation: OperationName): Build =>
  (x, y, node, evaluation) =>
    operate(operation, [x, y], node, evaluation);

const bitwise =
  (operation: OperationName): Build =>
  (x, y, node, evaluation) => {
    for (const operand of [x, y]) {
      if (scalarType(operand) !== 'int')
        evaluation.fail(node, 'HD1039', { text: shortText(node), found: describe(operand) });
    }
    return operate(operation, [x, y], node, evaluation);
  };

/** An unsigned shift of what may be negative has no counterpart among 32-bit integers. */
const unsignedShift: Build = (_x, _y, node, evaluation) => evaluation.fail(node, 'HD1044', { name: shortText(node) });

/** Integers by an integer that is not 0 keep to integers; another divisor may be 0, whose remainder is no number. */
const remainder: Build = (x, y, node, evaluation) => {
  if (scalarType(x) === 'int' && scalarType(y) === 'int' && typeof y === 'number' && y !== 0) {
    return operate('remainder', [x, y], node, evaluation);
  }
  const operands = [x, y].map((operand) => expressionOf(operand, node, evaluation));
  if (operands.some((operand) => operand.type === 'bool')) return operate('remainder', [x, y], node, evaluation);
  return symbolic(apply('remainder', ...operands.map(asFloat)));
};

const comparison =
  (operation: OperationName): Build =>
  (x, y, node, evaluation) => {
    const folded = integerAgainstInfinity(operation, x, y);
    warnOfExchange(x, y, node, evaluation);
    return folded ?? operate(operation, [x, y], node, evaluation);
  };

/** A head that is compared with a position was one more parameter to the left, or to the right. */
function warnOfExchange(x: Value, y: Value, node: ts.Node, evaluation: Evaluation): void {
  if (!isKind(x, 'symbolic') || !isKind(y, 'symbolic') || !typescript.isBinaryExpression(node)) return;
  const kinds = [x, y].map(({ expression }) => kindOf(expression, evaluation));
  if (!kinds.includes('head') || !kinds.includes('position')) return;
  const [left, right] = [shortText(node.left), shortText(node.right)];
  const [head, position] = kinds[0] === 'head' ? [left, right] : [right, left];
  evaluation.warn(node, 'HD1074', { text: shortText(node), head, position });
}

/** An integer is never infinite, so a window of size Infinity is a mask without that bound. */
function integerAgainstInfinity(operation: OperationName, x: Value, y: Value): boolean | undefined {
  const infinite = (value: Value) => typeof value === 'number' && Math.abs(value) === Number.POSITIVE_INFINITY;
  const order: Partial<Record<OperationName, (x: number, y: number) => boolean>> = {
    less: (a, b) => a < b,
    lessOrEqual: (a, b) => a <= b,
    greater: (a, b) => a > b,
    greaterOrEqual: (a, b) => a >= b,
    equal: (a, b) => a === b,
    notEqual: (a, b) => a !== b,
  };
  const compare = order[operation];
  if (compare === undefined) return undefined;
  if (infinite(y) && scalarType(x) === 'int') return compare(0, y as number);
  if (infinite(x) && scalarType(y) === 'int') return compare(x as number, 0);
  return undefined;
}

const equality =
  (operation: 'equal' | 'notEqual'): Build =>
  (x, y, node, evaluation) => {
    const types = [scalarType(x), scalarType(y)];
    // A number is never undefined, a string or an object: the comparison is known although the number is not.
    if (types.includes(undefined)) return operation === 'notEqual';
    if (types.every((type) => type === 'bool')) {
      return symbolic(apply(operation, expressionOf(x, node, evaluation), expressionOf(y, node, evaluation)));
    }
    return comparison(operation)(x, y, node, evaluation);
  };

const K = typescript.SyntaxKind;
const infix = new Map<ts.SyntaxKind, InfixOperator>([
  [K.PlusToken, { fold: (x, y) => x + y, build: arithmetic('add') }],
  [K.MinusToken, { fold: (x, y) => x - y, build: arithmetic('subtract') }],
  [K.AsteriskToken, { fold: (x, y) => x * y, build: arithmetic('multiply') }],
  [K.SlashToken, { fold: (x, y) => x / y, build: arithmetic('divide') }],
  [K.PercentToken, { fold: (x, y) => x % y, build: remainder }],
  [K.AsteriskAsteriskToken, { fold: (x, y) => x ** y, build: arithmetic('power') }],
  [K.LessThanToken, { fold: (x, y) => x < y, build: comparison('less') }],
  [K.LessThanEqualsToken, { fold: (x, y) => x <= y, build: comparison('lessOrEqual') }],
  [K.GreaterThanToken, { fold: (x, y) => x > y, build: comparison('greater') }],
  [K.GreaterThanEqualsToken, { fold: (x, y) => x >= y, build: comparison('greaterOrEqual') }],
  [K.AmpersandToken, { fold: (x, y) => x & y, build: bitwise('bitAnd') }],
  [K.BarToken, { fold: (x, y) => x | y, build: bitwise('bitOr') }],
  [K.CaretToken, { fold: (x, y) => x ^ y, build: bitwise('bitExclusiveOr') }],
  [K.LessThanLessThanToken, { fold: (x, y) => x << y, build: bitwise('shiftLeft') }],
  [K.GreaterThanGreaterThanToken, { fold: (x, y) => x >> y, build: bitwise('shiftRight') }],
  [K.GreaterThanGreaterThanGreaterThanToken, { fold: (x, y) => x >>> y, build: unsignedShift }],
]);

const equalities = new Map<ts.SyntaxKind, 'equal' | 'notEqual'>([
  [K.EqualsEqualsEqualsToken, 'equal'],
  [K.ExclamationEqualsEqualsToken, 'notEqual'],
]);

/** The infix operator inside each compound assignment, `+` of `+=`. */
export const compoundAssignments = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [K.PlusEqualsToken, K.PlusToken],
  [K.MinusEqualsToken, K.MinusToken],
  [K.AsteriskEqualsToken, K.AsteriskToken],
  [K.SlashEqualsToken, K.SlashToken],
  [K.PercentEqualsToken, K.PercentToken],
  [K.AsteriskAsteriskEqualsToken, K.AsteriskAsteriskToken],
  [K.AmpersandEqualsToken, K.AmpersandToken],
  [K.BarEqualsToken, K.BarToken],
  [K.CaretEqualsToken, K.CaretToken],
  [K.LessThanLessThanEqualsToken, K.LessThanLessThanToken],
  [K.GreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanToken],
  [K.GreaterThanGreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanGreaterThanToken],
]);

/** x operator y, both already evaluated. */
export function applyInfix(kind: ts.SyntaxKind, x: Value, y: Value, node: ts.Node, evaluation: Evaluation): Value {
  const equal = equalities.get(kind);
  const known = !isSymbolic(x) && !isSymbolic(y);
  if (equal !== undefined) return known ? (x === y) === (equal === 'equal') : equality(equal)(x, y, node, evaluation);
  const operator = infix.get(kind);
  if (operator === undefined)
    return evaluation.fail(node, 'HD1002', { construct: `the operator ${typescript.tokenToString(kind)}` });
  if (!known) return operator.build(x, y, node, evaluation);
  if (typeof x === 'number' && typeof y === 'number') return operator.fold(x, y);
  return foldText(kind, x, y, node, evaluation);
}

/** Strings are joined and compared; anything else that TypeScript lets through has no meaning in a spec. */
function foldText(kind: ts.SyntaxKind, x: Value, y: Value, node: ts.Node, evaluation: Evaluation): Value {
  if (kind === K.PlusToken && !isComposite(x) && !isComposite(y)) {
    return limitedString(`${String(x)}${String(y)}`, node, evaluation);
  }
  if (typeof x === 'string' && typeof y === 'string') {
    if (kind === K.LessThanToken) return x < y;
    if (kind === K.LessThanEqualsToken) return x <= y;
    if (kind === K.GreaterThanToken) return x > y;
    if (kind === K.GreaterThanEqualsToken) return x >= y;
  }
  const odd = typeof x === 'number' ? y : x;
  return evaluation.fail(node, 'HD1033', { expected: 'a number', found: describe(odd) });
}

export function limitedString(text: string, node: ts.Node, evaluation: Evaluation): string {
  return text.length <= LONGEST_STRING
    ? text
    : evaluation.fail(node, 'HD1005', { limit: LONGEST_STRING, what: 'characters' });
}

type Prefix = (x: Value, node: ts.Node, evaluation: Evaluation) => Value;

const prefix = new Map<ts.SyntaxKind, Prefix>([
  [K.MinusToken, (x, node, evaluation) => (isNumber(x) ? -x : operate('negate', [x], node, evaluation))],
  [K.PlusToken, (x, node, evaluation) => (isConstant(x) ? Number(x) : operateIdentity(x, node, evaluation))],
  [K.TildeToken, (x, node, evaluation) => (isNumber(x) ? ~x : bitNot(x, node, evaluation))],
  [K.ExclamationToken, not],
]);

const isNumber = (value: Value): value is number => typeof value === 'number';
const isConstant = (value: Value): value is Constant => !isComposite(value);

function not(x: Value, node: ts.Node, evaluation: Evaluation): Value {
  const truth: Expression = truthOf(x, node, evaluation);
  return truth.kind === 'constant' ? truth.value === 0 : symbolic(apply('not', truth));
}

function bitNot(x: Value, node: ts.Node, evaluation: Evaluation): Value {
  if (scalarType(x) !== 'int') evaluation.fail(node, 'HD1039', { text: shortText(node), found: describe(x) });
  return operate('bitNot', [x], node, evaluation);
}

function operateIdentity(x: Value, node: ts.Node, evaluation: Evaluation): Value {
  if (isKind(x, 'symbolic') && x.expression.type !== 'bool') return x;
  return evaluation.fail(node, 'HD1033', { expected: 'a number', found: describe(x) });
}

/** operator x, already evaluated. */
export function applyPrefix(kind: ts.SyntaxKind, x: Value, node: ts.Node, evaluation: Evaluation): Value {
  const operator = prefix.get(kind);
  return operator?.(x, node, evaluation) ?? evaluation.fail(node, 'HD1002', { construct: shortText(node) });
}
