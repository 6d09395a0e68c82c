// Arithmetic of scalars: the whole numbers that place boxes. Two scalars are the same when their sums are, factor by
// factor, whatever objects they are made of.
import {
  type AffineTerm,
  affine,
  apply,
  type Expression,
  fromAffine,
  integer,
  length,
  sameExpression,
  variable,
} from '../../src/ir/index.js';
import type { BufferAxis, Scalar } from './types.js';

export type ScalarLike = Scalar | number | string;

/** A number, a variable by its name, or an expression as it is. */
export const scalar = (x: ScalarLike): Scalar =>
  typeof x === 'number' ? integer(x) : typeof x === 'string' ? variable(x) : x;

/** A sum with its like terms together. */
export const simplified = (expression: Expression): Scalar => {
  const form = affine(expression);
  return form ? fromAffine(form) : expression;
};

export const plus = (x: ScalarLike, y: ScalarLike): Scalar => simplified(apply('add', scalar(x), scalar(y)));
export const minus = (x: ScalarLike, y: ScalarLike): Scalar => simplified(apply('subtract', scalar(x), scalar(y)));
export const times = (x: ScalarLike, y: ScalarLike): Scalar => simplified(apply('multiply', scalar(x), scalar(y)));
export const least = (x: ScalarLike, y: ScalarLike): Scalar => apply('minimum', scalar(x), scalar(y));
export const most = (x: ScalarLike, y: ScalarLike): Scalar => apply('maximum', scalar(x), scalar(y));
/** ⌊x / y⌋ for a constant y > 0. */
export const quotient = (x: ScalarLike, y: number): Scalar => apply('floorDivide', scalar(x), integer(y));

/** Whether two scalars are equal whatever their variables are; false where that cannot be seen. */
export function sameScalar(x: Scalar, y: Scalar): boolean {
  return difference(x, y) === 0;
}

/** x − y where it is a constant, undefined where it depends on a variable. */
export function difference(x: Scalar, y: Scalar): number | undefined {
  if (x === y) return x.type === 'int' ? 0 : undefined;
  if (x.kind === 'constant' && y.kind === 'constant' && x.type === 'int' && y.type === 'int') return x.value - y.value;
  const form = affine(apply('subtract', x, y));
  if (!form) return undefined;
  // Factors that are made twice, as minimum(Tk, I + 8), are other objects and yet the same: they cancel too.
  const left: AffineTerm[] = [];
  for (const { factor, coefficient } of form.terms) {
    const at = left.findIndex((term) => sameFactor(term.factor, factor));
    if (at < 0) left.push({ factor, coefficient });
    else left[at] = { factor, coefficient: left[at]!.coefficient + coefficient };
  }
  return left.every(({ coefficient }) => coefficient === 0) ? form.constant : undefined;
}

function sameFactor(one: Scalar, other: Scalar): boolean {
  if (one.kind === 'apply' && other.kind === 'apply' && one.operation === other.operation) {
    const areNumbers = [...one.operands, ...other.operands].every(({ type }) => type === 'int');
    if (areNumbers) return one.operands.every((operand, n) => sameScalar(operand, other.operands[n]!));
  }
  return sameExpression(one, other);
}

/** The index of the first entry of a buffer's axis, and how many there are; the last band ends where positions do. */
export function rangeOfAxis(axis: BufferAxis): { readonly start: Scalar; readonly size: Scalar } {
  const last = (size: Scalar) => ({ start: minus(length('key'), size), size });
  switch (axis.kind) {
    case 'query':
      return last(length('query'));
    case 'row':
      return last(variable('R'));
    case 'band':
      return { start: axis.origin, size: axis.size };
    case 'split':
      return { start: integer(0), size: axis.size };
    case 'batch':
      return { start: integer(0), size: length('batch') };
    case 'key':
    case 'position':
      return { start: integer(0), size: length('key') };
    default:
      return { start: integer(0), size: integer(axis.size) };
  }
}
