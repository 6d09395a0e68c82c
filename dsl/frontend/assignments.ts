// Assignments to `let` variables, which only the phase that builds the graph knows: an element has no history.
// Everything else that could be assigned to, array elements and properties, is a value and stays as it is.
import type { ts } from 'ts-morph';
import type { Evaluation } from './evaluation.js';
import { applyInfix, compoundAssignments } from './operators.js';
import type { Binding, Scope } from './scope.js';
import { shortText } from './symbolic.js';
import { typescript } from './typescript.js';
import type { Value } from './values.js';

function assignable(target: ts.Expression, scope: Scope, evaluation: Evaluation): Binding {
  if (!typescript.isIdentifier(target)) return evaluation.fail(target, 'HD1036', { text: shortText(target) });
  if (evaluation.element !== undefined && !evaluation.inLoopHeader)
    evaluation.fail(target, 'HD1008', { name: target.text });
  const binding = scope.lookup(target.text);
  if (binding?.mutable) return binding;
  return evaluation.fail(target, 'HD1036', { text: target.text });
}

function store(binding: Binding, value: Value, evaluation: Evaluation): Value {
  evaluation.graph?.label(value, binding.name, evaluation.depth);
  binding.value = value;
  binding.state = 'set';
  return value;
}

/** x = y, and x += y and its kind. */
export function assign(node: ts.BinaryExpression, scope: Scope, evaluation: Evaluation): Value {
  const binding = assignable(node.left, scope, evaluation);
  const operator = compoundAssignments.get(node.operatorToken.kind);
  if (operator === undefined) return store(binding, evaluation.evaluate(node.right, scope), evaluation);
  const before = evaluation.evaluate(node.left, scope);
  const change = evaluation.evaluate(node.right, scope);
  return store(binding, applyInfix(operator, before, change, node, evaluation), evaluation);
}

/** x++, x--, ++x and --x. */
export function increment(
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  scope: Scope,
  evaluation: Evaluation,
): Value {
  const { operand, operator } = node;
  const binding = assignable(operand, scope, evaluation);
  const before = evaluation.evaluate(operand, scope);
  const plain =
    operator === typescript.SyntaxKind.PlusPlusToken
      ? typescript.SyntaxKind.PlusToken
      : typescript.SyntaxKind.MinusToken;
  const after = store(binding, applyInfix(plain, before, 1, node, evaluation), evaluation);
  return typescript.isPrefixUnaryExpression(node) ? after : before;
}
