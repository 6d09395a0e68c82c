// Calls: of functions of the spec, which are inlined, of builtins, and of tensors and graph values, which are reads.
// Every call of a function is evaluated anew in a scope of its own, so that inlining is hygienic.
import type { ts } from 'ts-morph';
import type { Evaluation } from './evaluation.js';
import { readHandle, readTensor } from './indices.js';
import { type Bind, bindPattern } from './patterns.js';
import { Scope } from './scope.js';
import { evaluateBody } from './statements.js';
import { shortText } from './symbolic.js';
import { typescript } from './typescript.js';
import { type Call, type Closure, describe, isKind, list, type Value } from './values.js';

/** Makes a call of whatever can be called. */
export function callValue(callee: Value, call: Call): Value {
  if (isKind(callee, 'closure')) return callClosure(callee, call);
  if (isKind(callee, 'builtin')) return callee.call(call);
  if (isKind(callee, 'handle')) return readHandle(callee, call);
  if (isKind(callee, 'tensor')) return readTensor(callee, call);
  if (isKind(callee, 'namespace') && callee.call) return callee.call(call);
  return call.evaluation.fail(call.site, 'HD1033', { expected: 'a function', found: describe(callee) });
}

function callClosure(closure: Closure, { evaluation, site, values }: Call): Value {
  const { syntax } = closure;
  refuseSpecialFunction(syntax, evaluation);
  return evaluation.within(closure, site, () => {
    const scope = new Scope(closure.scope);
    const bind: Bind = (name, value) => scope.initialise(name, value);
    for (const [n, parameter] of syntax.parameters.entries()) {
      if (parameter.dotDotDotToken !== undefined) {
        bindPattern(parameter.name, list(values.slice(n)), scope, evaluation, bind);
        break;
      }
      const given = values[n];
      const value =
        given === undefined && parameter.initializer ? evaluation.evaluate(parameter.initializer, scope) : given;
      bindPattern(parameter.name, value, scope, evaluation, bind);
    }
    const { body } = syntax;
    if (body === undefined) return evaluation.fail(site, 'HD1037', { name: closure.name });
    return typescript.isBlock(body) ? evaluateBody(body, scope, evaluation) : evaluation.evaluate(body, scope);
  });
}

/** Generators and asynchronous functions describe processes, not values. */
function refuseSpecialFunction(syntax: Closure['syntax'], evaluation: Evaluation): void {
  const asynchronous = syntax.modifiers?.find(({ kind }) => kind === typescript.SyntaxKind.AsyncKeyword);
  if (asynchronous) evaluation.fail(asynchronous, 'HD1002', { construct: 'an async function' });
  if (syntax.asteriskToken) evaluation.fail(syntax.asteriskToken, 'HD1002', { construct: 'a generator function' });
}

/** The values of a call's arguments, spreads laid out, with where each is written. */
export function evaluateArguments(
  call: ts.CallExpression,
  scope: Scope,
  evaluation: Evaluation,
): { readonly values: readonly Value[]; readonly at: (n: number) => ts.Node } {
  const values: Value[] = [];
  const sites: ts.Node[] = [];
  for (const argument of call.arguments) {
    const spread = typescript.isSpreadElement(argument);
    const value = evaluation.evaluate(spread ? argument.expression : argument, scope);
    if (spread && !isKind(value, 'list')) {
      evaluation.fail(argument, 'HD1033', {
        expected: 'an array',
        found: `${describe(value)} in ${shortText(argument)}`,
      });
    }
    for (const each of spread && isKind(value, 'list') ? value.items : [value]) {
      values.push(each);
      sites.push(argument);
    }
  }
  return { values, at: (n) => sites[n] ?? call };
}
