// Destructuring: names, object and array patterns with defaults and rest, bound in a scope.
// What a name becomes is the caller's matter: a parameter, a variable with its label, a constant of a module.
import type { ts } from 'ts-morph';
import type { Evaluation } from './evaluation.js';
import { memberOf } from './members.js';
import type { Scope } from './scope.js';
import { shortText } from './symbolic.js';
import { typescript } from './typescript.js';
import { describe, isKind, list, record, type Value } from './values.js';

/** Gives a name its value. */
export type Bind = (name: string, value: Value) => void;

/** The name of a property: an identifier, a literal, or a computed constant. */
export function propertyName(name: ts.PropertyName | ts.BindingName, scope: Scope, evaluation: Evaluation): string {
  if (typescript.isIdentifier(name) || typescript.isStringLiteralLike(name) || typescript.isNumericLiteral(name))
    return name.text;
  if (typescript.isComputedPropertyName(name)) {
    const value = evaluation.evaluate(name.expression, scope);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return evaluation.fail(name, 'HD1002', { construct: `the property name ${shortText(name)}` });
}

/** Calls `bind` for each name of `pattern` with its part of `value`; defaults are evaluated in `scope`. */
export function bindPattern(
  pattern: ts.BindingName,
  value: Value,
  scope: Scope,
  evaluation: Evaluation,
  bind: Bind,
): void {
  if (typescript.isIdentifier(pattern)) bind(pattern.text, value);
  else if (typescript.isArrayBindingPattern(pattern)) bindArray(pattern, value, scope, evaluation, bind);
  else bindObject(pattern, value, scope, evaluation, bind);
}

function bindArray(
  pattern: ts.ArrayBindingPattern,
  value: Value,
  scope: Scope,
  evaluation: Evaluation,
  bind: Bind,
): void {
  if (!isKind(value, 'list')) {
    evaluation.fail(pattern, 'HD1033', { expected: 'an array', found: describe(value) });
    return;
  }
  for (const [n, element] of pattern.elements.entries()) {
    if (typescript.isOmittedExpression(element)) continue;
    if (element.dotDotDotToken) bindPattern(element.name, list(value.items.slice(n)), scope, evaluation, bind);
    else bindElement(element, value.items[n], scope, evaluation, bind);
  }
}

function bindObject(
  pattern: ts.ObjectBindingPattern,
  value: Value,
  scope: Scope,
  evaluation: Evaluation,
  bind: Bind,
): void {
  const taken = new Set<string>();
  for (const element of pattern.elements) {
    if (element.dotDotDotToken) {
      if (!isKind(value, 'record'))
        evaluation.fail(element, 'HD1033', { expected: 'an object', found: describe(value) });
      const fields = isKind(value, 'record') ? [...value.fields] : [];
      const rest = record(fields.filter(([name]) => !taken.has(name)));
      bindPattern(element.name, rest, scope, evaluation, bind);
      continue;
    }
    const written = element.propertyName ?? element.name;
    const name = typescript.isIdentifier(written) ? written.text : propertyName(written, scope, evaluation);
    taken.add(name);
    bindElement(element, memberOf(value, name, element, evaluation), scope, evaluation, bind);
  }
}

function bindElement(element: ts.BindingElement, part: Value, scope: Scope, evaluation: Evaluation, bind: Bind): void {
  const value = part === undefined && element.initializer ? evaluation.evaluate(element.initializer, scope) : part;
  bindPattern(element.name, value, scope, evaluation, bind);
}

/** The names that a pattern binds. */
export function namesOf(pattern: ts.BindingName): readonly ts.Identifier[] {
  if (typescript.isIdentifier(pattern)) return [pattern];
  return pattern.elements.flatMap((element) => (typescript.isOmittedExpression(element) ? [] : namesOf(element.name)));
}
