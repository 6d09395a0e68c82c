// Scalars and masks of programs as functions of what is in scope, made once for each expression: the estimate of a program
// asks for them at many thousands of places.

import { type Algebra, fold, operations, readsOf } from '../../../src/ir/index.js';
import type { Scalar } from '../../tile/types.js';
import { remembered } from '../reads/remembered.js';

/** Numbers by name. It is changed in place, and put back; what it does not hold is 0. */
export type ScalarScope = Record<string, number | undefined>;

export type ScalarFunction = (scope: ScalarScope) => number;

/** The name in a scope under which the length of an axis stands; those of variables do not begin so. */
export const lengthName = (of: string): string => `#${of}`;

const functions = new WeakMap<Scalar, ScalarFunction>();

/** The function of an expression; what it reads of tensors is taken to be 0. */
export const functionOf = (expression: Scalar): ScalarFunction => fold(expression, ofScope, functions);

/** Whether an expression reads tensors. */
export const readsTensors = remembered((expression: Scalar): boolean => readsOf(expression).length > 0);

const ofScope: Algebra<ScalarFunction> = {
  constant:
    ({ value }) =>
    () =>
      value,
  variable:
    ({ name }) =>
    (scope) =>
      scope[name] ?? 0,
  length: ({ of }) => {
    const name = lengthName(of);
    return (scope) => scope[name] ?? 0;
  },
  apply: ({ operation }, [x, y, z]) => {
    const { evaluate } = operations[operation] as { readonly evaluate: (...operands: number[]) => number };
    if (!y) return (scope) => evaluate(x!(scope));
    if (!z) return (scope) => evaluate(x!(scope), y(scope));
    return (scope) => evaluate(x!(scope), y(scope), z(scope));
  },
  read: () => () => 0,
  accumulate: () => () => 0,
  skipsIndices: true,
};
