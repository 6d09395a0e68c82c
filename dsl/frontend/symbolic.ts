// From values of the spec to expressions of the graph: constants become typed literals, operations fold or are built.
// A constant folds as a JavaScript double, and becomes an integer or a float only where it meets an expression.
import type { ts } from 'ts-morph';
import {
  apply,
  bool,
  type Expression,
  float,
  holdsConstant,
  integer,
  integerOverflow,
  type OperationName,
  type ScalarType,
  subexpressions,
} from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import { describe, isComposite, isKind, symbolic, truthiness, type Value } from './values.js';

const LARGEST_INTEGER = 2 ** 31 - 1;

/** A number that the graph holds as an integer: whole, within 32 bits, and not the float −0. */
export const isInteger = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER && !Object.is(value, -0);

/** A constant or symbolic number or truth value as an expression; anything else is a diagnostic. */
export function expressionOf(value: Value, node: ts.Node, evaluation: Evaluation): Expression {
  if (isKind(value, 'symbolic')) return value.expression;
  if (typeof value === 'boolean') return bool(value);
  if (typeof value !== 'number')
    return evaluation.fail(node, 'HD1033', { expected: 'a number', found: describe(value) });
  if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return evaluation.fail(node, 'HD1023', { value });
  if (!holdsConstant(value)) return evaluation.fail(node, 'HD1080', { value });
  return isInteger(value) ? integer(value) : float(value);
}

/** As `expressionOf`, for a place that takes numbers only. */
export function numberOf(value: Value, node: ts.Node, evaluation: Evaluation): Expression {
  const expression = expressionOf(value, node, evaluation);
  if (expression.type !== 'bool') return expression;
  return evaluation.fail(node, 'HD1033', { expected: 'a number', found: describe(value) });
}

/** As `expressionOf`, for a place that takes truth values only: JavaScript's notion of truthy numbers is left out. */
export function truthOf(value: Value, node: ts.Node, evaluation: Evaluation): Expression {
  const constant = truthiness(value);
  if (constant !== undefined) return bool(constant);
  const expression = expressionOf(value, node, evaluation);
  if (expression.type === 'bool') return expression;
  return evaluation.fail(node, 'HD1031', { text: shortText(node) });
}

/** The type that a value has in the graph, or undefined where it has none. */
export function scalarType(value: Value): ScalarType | undefined {
  if (isKind(value, 'symbolic')) return value.expression.type;
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'number') return undefined;
  return isInteger(value) ? 'int' : 'float';
}

/** Applies an operation of numbers, with what exact integer arithmetic makes trivial left out. */
export function operate(
  operation: OperationName,
  operands: readonly Value[],
  node: ts.Node,
  evaluation: Evaluation,
): Value {
  const expressions = operands.map((operand) => numberOf(operand, node, evaluation));
  return symbolic(
    withinIntegers(simplified(operation, expressions) ?? apply(operation, ...expressions), node, evaluation),
  );
}

/** An expression, unless its integers may leave what kernels compute exactly. */
export function withinIntegers(expression: Expression, node: ts.Node, evaluation: Evaluation): Expression {
  const overflow = integerOverflow(expression, evaluation.surroundings);
  if (overflow === undefined) return expression;
  return evaluation.fail(node, 'HD1081', { text: `${overflow.of}${shortText(node)}`, ...overflow.range });
}

const isConstant = (expression: Expression | undefined, value: number): boolean =>
  expression?.kind === 'constant' && expression.type === 'int' && expression.value === value;

/** Integers have no −0, so adding 0 and multiplying by 1 change nothing: kernels of size 1 leave no trace in indices. */
function simplified(operation: OperationName, [x, y]: readonly Expression[]): Expression | undefined {
  if (x === undefined || y === undefined || x.type !== 'int' || y.type !== 'int') return undefined;
  switch (operation) {
    case 'add':
      return isConstant(y, 0) ? x : isConstant(x, 0) ? y : undefined;
    case 'subtract':
      return isConstant(y, 0) ? x : undefined;
    case 'multiply':
      return isConstant(y, 1) ? x : isConstant(x, 1) ? y : undefined;
    default:
      return undefined;
  }
}

/** condition ? yes : no, where only the kernel knows the condition. The sides are of one kind, numbers or truth values. */
export function select(condition: Expression, yes: Value, no: Value, node: ts.Node, evaluation: Evaluation): Value {
  if (yes === no) return yes;
  const sides = [yes, no].map((side) => {
    if (scalarType(side) === undefined) evaluation.fail(node, 'HD1045', { found: describe(side) });
    return expressionOf(side, node, evaluation);
  });
  const [first, second] = sides as [Expression, Expression];
  if ((first.type === 'bool') !== (second.type === 'bool')) {
    const [number, truth] = first.type === 'bool' ? [no, yes] : [yes, no];
    evaluation.fail(node, 'HD1033', { expected: describe(number), found: describe(truth) });
  }
  return symbolic(apply('select', condition, first, second));
}

/** Whether a value is a position or the length of the call, or computed from one: what a running sum would end at. */
export function dependsOnPositions(value: Value, { element, surroundings }: Evaluation): boolean {
  if (element === undefined || !isKind(value, 'symbolic')) return false;
  const parts = subexpressions(value.expression);
  if (parts.some(({ kind }) => kind === 'read')) return false;
  return parts.some((each) => {
    if (each.kind === 'length') return true;
    const axis = each.kind === 'variable' ? surroundings.axes.get(each.name)?.kind : undefined;
    return axis === 'query' || axis === 'key';
  });
}

/** A number that must be known when the graph is made: an extent, a dimension, a bound of a loop. */
export function constantNumber(value: Value, what: string, node: ts.Node, evaluation: Evaluation): number {
  if (typeof value === 'number') return value;
  const isOverPositions = dependsOnPositions(value, evaluation);
  return evaluation.fail(node, 'HD1010', { what, found: describe(value), isOverPositions });
}

/** A string that must be known when the graph is made. */
export function constantString(value: Value, what: string, node: ts.Node, evaluation: Evaluation): string {
  if (typeof value === 'string') return value;
  return evaluation.fail(node, 'HD1010', { what, found: describe(value) });
}

/** Whether a value holds something that only the kernel knows, at its surface. */
export const isSymbolic = (value: Value): boolean => isComposite(value) && value.kind === 'symbolic';

const LONGEST_TEXT = 60;

/** The source of `node` on one line, shortened, for use inside a sentence. */
export function shortText(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}
