// Scalars and masks of programs as functions of what is in scope, made once for each expression: the estimate of a program
// asks for them at many thousands of places.

import { operations, readsOf } from '../../../src/ir/index.js';
import type { Scalar } from '../../tile/types.js';

/** Numbers by name. It is changed in place, and put back; what it does not hold is 0. */
export type ScalarScope = Record<string, number | undefined>;

export type ScalarFunction = (scope: ScalarScope) => number;

/** The name in a scope under which the length of an axis stands; those of variables do not begin so. */
export const lengthName = (of: string): string => `#${of}`;

const functions = new WeakMap<Scalar, ScalarFunction>();
const readers = new WeakMap<Scalar, boolean>();

/** The function of an expression; what it reads of tensors is taken to be 0. */
export function functionOf(expression: Scalar): ScalarFunction {
  let found = functions.get(expression);
  if (!found) {
    found = build(expression);
    functions.set(expression, found);
  }
  return found;
}

/** Whether an expression reads tensors. */
export function readsTensors(expression: Scalar): boolean {
  let found = readers.get(expression);
  if (found === undefined) {
    found = readsOf(expression).length > 0;
    readers.set(expression, found);
  }
  return found;
}

function build(expression: Scalar): ScalarFunction {
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'variable': {
      const { name } = expression;
      return (scope) => scope[name] ?? 0;
    }
    case 'length': {
      const name = lengthName(expression.of);
      return (scope) => scope[name] ?? 0;
    }
    case 'apply': {
      const evaluate = operations[expression.operation].evaluate as (...operands: number[]) => number | boolean;
      const [x, y, z] = expression.operands.map(functionOf);
      if (!x) return () => Number(evaluate());
      if (!y) return (scope) => Number(evaluate(x(scope)));
      if (!z) return (scope) => Number(evaluate(x(scope), y(scope)));
      return (scope) => Number(evaluate(x(scope), y(scope), z(scope)));
    }
    case 'read':
    case 'accumulate':
      return () => 0;
  }
}
