// Expressions: one rule for each kind of syntax, from literals to calls.
// What has no rule is not part of the language, and says so by name.
import type { ts } from 'ts-morph';
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Expression } from '../../src/ir/index.js';
import { apply } from '../../src/ir/index.js';
import { assign, increment } from './assignments.js';
import { callValue, evaluateArguments } from './calls.js';
import type { Evaluation, Rules } from './evaluation.js';
import { elementOf } from './list-elements.js';
import { limitedList } from './lists.js';
import { memberOf } from './members.js';
import { applyInfix, applyPrefix, compoundAssignments, limitedString } from './operators.js';
import { propertyName } from './patterns.js';
import { constructName } from './places.js';
import type { Scope } from './scope.js';
import { select, shortText, truthOf } from './symbolic.js';
import { typescript } from './typescript.js';
import {
  closureOf,
  describe,
  type Field,
  field,
  isComposite,
  isKind,
  record,
  symbolic,
  truthiness,
  type Value,
} from './values.js';

type Evaluator<N extends ts.Node> = (node: N, scope: Scope, evaluation: Evaluation) => Value;
type Rule = (node: ts.Node, scope: Scope, evaluation: Evaluation) => { readonly value: Value } | undefined;

const rule =
  <N extends ts.Node>(matches: (node: ts.Node) => node is N, evaluator: Evaluator<N>): Rule =>
  (node, scope, evaluation) =>
    matches(node) ? { value: evaluator(node, scope, evaluation) } : undefined;

const isKeyword =
  (kind: ts.SyntaxKind) =>
  (node: ts.Node): node is ts.Expression =>
    node.kind === kind;

const K = typescript.SyntaxKind;

const rules: readonly Rule[] = [
  rule(typescript.isIdentifier, identifier),
  rule(typescript.isNumericLiteral, ({ text }) => Number(text)),
  rule(typescript.isStringLiteralLike, ({ text }) => text),
  rule(isKeyword(K.TrueKeyword), () => true),
  rule(isKeyword(K.FalseKeyword), () => false),
  rule(isKeyword(K.NullKeyword), () => null),
  rule(typescript.isPropertyAccessExpression, propertyAccess),
  rule(typescript.isElementAccessExpression, elementAccess),
  rule(typescript.isCallExpression, call),
  rule(typescript.isBinaryExpression, binary),
  rule(typescript.isPrefixUnaryExpression, prefixUnary),
  rule(typescript.isPostfixUnaryExpression, increment),
  rule(typescript.isConditionalExpression, conditional),
  rule(typescript.isParenthesizedExpression, inner),
  rule(typescript.isAsExpression, inner),
  rule(typescript.isSatisfiesExpression, inner),
  rule(typescript.isNonNullExpression, inner),
  rule(typescript.isTypeAssertionExpression, inner),
  rule(typescript.isArrowFunction, closureOf),
  rule(typescript.isFunctionExpression, closureOf),
  rule(typescript.isArrayLiteralExpression, arrayLiteral),
  rule(typescript.isObjectLiteralExpression, objectLiteral),
  rule(typescript.isTemplateExpression, template),
  rule(typescript.isTypeOfExpression, typeOf),
];

const ruleOfKind = new Map<ts.SyntaxKind, Rule>();

function evaluate(node: ts.Expression, scope: Scope, evaluation: Evaluation): Value {
  evaluation.step(node);
  const known = ruleOfKind.get(node.kind)?.(node, scope, evaluation);
  if (known !== undefined) return known.value;
  for (const each of rules) {
    const found = each(node, scope, evaluation);
    if (found === undefined) continue;
    ruleOfKind.set(node.kind, each);
    return found.value;
  }
  return evaluation.fail(node, 'HD1002', { construct: `the ${constructName(node)}` });
}

/** The rules of the language: what an evaluation is made with. */
export const rulesOfLanguage: Rules = { evaluate, call: callValue };

function inner(node: { readonly expression: ts.Expression }, scope: Scope, evaluation: Evaluation): Value {
  return evaluate(node.expression, scope, evaluation);
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────

function identifier(node: ts.Identifier, scope: Scope, evaluation: Evaluation): Value {
  const binding = scope.read(node.text);
  if (binding === undefined) return evaluation.fail(node, 'HD1037', { name: node.text });
  return binding.state === 'set' ? binding.value : evaluation.fail(node, 'HD1049', { name: node.text });
}

/** Whether an access or a call lies in an optional chain that has met undefined. */
const isAbsent = (value: Value, node: ts.Node & { readonly questionDotToken?: ts.QuestionDotToken | undefined }) =>
  (value === undefined || value === null) && (node.questionDotToken !== undefined || typescript.isOptionalChain(node));

function propertyAccess(node: ts.PropertyAccessExpression, scope: Scope, evaluation: Evaluation): Value {
  const object = evaluate(node.expression, scope, evaluation);
  if (isAbsent(object, node)) return undefined;
  return memberOf(object, node.name.text, node.name, evaluation);
}

function elementAccess(node: ts.ElementAccessExpression, scope: Scope, evaluation: Evaluation): Value {
  const object = evaluate(node.expression, scope, evaluation);
  if (isAbsent(object, node)) return undefined;
  const key = evaluate(node.argumentExpression, scope, evaluation);
  if (typeof key === 'string' || typeof key === 'number') {
    return memberOf(object, String(key), node.argumentExpression, evaluation);
  }
  if (isKind(object, 'list') && isKind(key, 'symbolic')) return elementOf(object, key, node, evaluation);
  return evaluation.fail(node.argumentExpression, 'HD1010', {
    what: `the index of ${shortText(node.expression)}`,
    found: describe(key),
  });
}

function call(node: ts.CallExpression, scope: Scope, evaluation: Evaluation): Value {
  const callee = evaluate(node.expression, scope, evaluation);
  if (isAbsent(callee, node)) return undefined;
  const { values, at } = evaluateArguments(node, scope, evaluation);
  return evaluation.call(callee, values, node, at);
}

// ── Operators and conditions ────────────────────────────────────────────────────────────────────────

function binary(node: ts.BinaryExpression, scope: Scope, evaluation: Evaluation): Value {
  const { kind } = node.operatorToken;
  const logical = logicalOperators.get(kind);
  if (logical !== undefined) return logical(node, scope, evaluation);
  if (kind === K.EqualsToken || compoundAssignments.has(kind)) return assign(node, scope, evaluation);
  const x = evaluate(node.left, scope, evaluation);
  const y = evaluate(node.right, scope, evaluation);
  return applyInfix(kind, x, y, node, evaluation);
}

/** `&&` and `||` go by what is known; of truth values that only the kernel knows they make one more. */
const shortCircuit =
  (operation: 'and' | 'or'): Evaluator<ts.BinaryExpression> =>
  (node, scope, evaluation) => {
    const x = evaluate(node.left, scope, evaluation);
    const known = truthiness(x);
    if (known !== undefined) return known === (operation === 'and') ? evaluate(node.right, scope, evaluation) : x;
    const truth = truthOf(x, node.left, evaluation);
    const reached = operation === 'and' ? truth : apply('not', truth);
    const y = evaluation.under(reached, () => evaluate(node.right, scope, evaluation));
    if (typeof y === 'boolean') return y === (operation === 'and') ? x : y;
    return symbolic(apply(operation, truth, truthOf(y, node.right, evaluation)));
  };

const logicalOperators = new Map<ts.SyntaxKind, Evaluator<ts.BinaryExpression>>([
  [K.AmpersandAmpersandToken, shortCircuit('and')],
  [K.BarBarToken, shortCircuit('or')],
  [
    K.QuestionQuestionToken,
    (node, scope, evaluation) => {
      const x = evaluate(node.left, scope, evaluation);
      return x === undefined || x === null ? evaluate(node.right, scope, evaluation) : x;
    },
  ],
]);

function prefixUnary(node: ts.PrefixUnaryExpression, scope: Scope, evaluation: Evaluation): Value {
  const { operator, operand } = node;
  if (operator === K.PlusPlusToken || operator === K.MinusMinusToken) {
    return increment(node, scope, evaluation);
  }
  return applyPrefix(operator, evaluate(operand, scope, evaluation), node, evaluation);
}

function conditional(node: ts.ConditionalExpression, scope: Scope, evaluation: Evaluation): Value {
  const condition = evaluate(node.condition, scope, evaluation);
  const known = truthiness(condition);
  if (known !== undefined) return evaluate(known ? node.whenTrue : node.whenFalse, scope, evaluation);
  const truth: Expression = truthOf(condition, node.condition, evaluation);
  const yes = evaluation.under(truth, () => evaluate(node.whenTrue, scope, evaluation));
  const no = evaluation.under(apply('not', truth), () => evaluate(node.whenFalse, scope, evaluation));
  return select(truth, yes, no, node, evaluation);
}

// ── Literals ────────────────────────────────────────────────────────────────────────────────────────

function arrayLiteral(node: ts.ArrayLiteralExpression, scope: Scope, evaluation: Evaluation): Value {
  const items = node.elements.flatMap((element): readonly Value[] => {
    if (typescript.isOmittedExpression(element)) return [undefined];
    if (!typescript.isSpreadElement(element)) return [evaluate(element, scope, evaluation)];
    const spread = evaluate(element.expression, scope, evaluation);
    if (isKind(spread, 'list')) return spread.items;
    return evaluation.fail(element, 'HD1033', { expected: 'an array', found: describe(spread) });
  });
  return limitedList(items, node, evaluation);
}

function objectLiteral(node: ts.ObjectLiteralExpression, scope: Scope, evaluation: Evaluation): Value {
  return record(node.properties.flatMap((property) => fieldsOf(property, scope, evaluation)));
}

function fieldsOf(
  property: ts.ObjectLiteralElementLike,
  scope: Scope,
  evaluation: Evaluation,
): readonly (readonly [string, Field])[] {
  if (typescript.isPropertyAssignment(property)) {
    const name = propertyName(property.name, scope, evaluation);
    return [[name, fieldOf(property.initializer, property, scope, evaluation)]];
  }
  if (typescript.isShorthandPropertyAssignment(property)) {
    return [[property.name.text, fieldOf(property.name, property, scope, evaluation)]];
  }
  if (typescript.isSpreadAssignment(property)) {
    const spread = evaluate(property.expression, scope, evaluation);
    if (spread === undefined || spread === null) return [];
    if (isKind(spread, 'record')) return [...spread.fields];
    return evaluation.fail(property, 'HD1033', { expected: 'an object', found: describe(spread) });
  }
  return evaluation.fail(property, 'HD1002', { construct: `the ${constructName(property)}` });
}

/** The field of a property. Where mistakes are kept, one in a module's constant is told to who reads the field. */
function fieldOf(value: ts.Expression, property: ts.Node, scope: Scope, evaluation: Evaluation): Field {
  try {
    return field(evaluate(value, scope, evaluation), property);
  } catch (error) {
    const isKept = evaluation.modules.program.mistakes === 'keep' && evaluation.graph === undefined;
    if (!isKept || !(error instanceof HeddleError)) throw error;
    const get = (): never => {
      throw error;
    };
    return { get, site: property };
  }
}

function template(node: ts.TemplateExpression, scope: Scope, evaluation: Evaluation): Value {
  const parts = node.templateSpans.map(({ expression, literal }) => {
    const value = evaluate(expression, scope, evaluation);
    if (!isComposite(value)) return `${String(value)}${literal.text}`;
    return evaluation.fail(expression, 'HD1010', { what: 'a part of a template string', found: describe(value) });
  });
  return limitedString(node.head.text + parts.join(''), node, evaluation);
}

function typeOf(node: ts.TypeOfExpression, scope: Scope, evaluation: Evaluation): Value {
  const value = evaluate(node.expression, scope, evaluation);
  if (!isComposite(value)) return typeof value;
  if (value.kind === 'symbolic') return value.expression.type === 'bool' ? 'boolean' : 'number';
  const callable = ['closure', 'builtin', 'handle', 'tensor'].includes(value.kind);
  return callable ? 'function' : 'object';
}
