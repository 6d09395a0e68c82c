// How an expression depends on the elements of certain nodes: not at all, linearly and homogeneously, or otherwise.
// What is linear in the weights may be applied before they are normalised: one pass over the keys is enough.
import { fold } from '../algebra.js';
import type { Apply, Expression } from '../expression.js';
import type { Node } from '../node.js';
import type { OperationName } from '../operations.js';

/** 'linear' is homogeneous as well: 0 where all elements are 0, with coefficients that do not depend on them. */
export type Linearity = 'independent' | 'linear' | 'other';

/** How `root` depends on the elements that it reads of nodes that `isSource`. */
export const linearityIn = (root: Expression, isSource: (node: Node) => boolean): Linearity =>
  fold<Linearity>(root, {
    constant: () => 'independent',
    variable: () => 'independent',
    length: () => 'independent',
    read: ({ source }, index) => {
      if (index.some((each) => each !== 'independent')) return 'other';
      return isSource(source) ? 'linear' : 'independent';
    },
    apply: ofApply,
    accumulate: ({ monoid }, body) => {
      const value = body();
      return monoid === 'sum' || value === 'independent' ? value : 'other';
    },
  });

type Rule = (operands: readonly Linearity[], whole: Apply) => Linearity;

const isZero = (x: Expression): boolean => x.kind === 'constant' && x.value === 0;
const bothLinear: Rule = (operands, whole) =>
  operands.every((each, n) => each === 'linear' || isZero(whole.operands[n]!)) ? 'linear' : 'other';
const eitherLinear: Rule = ([x, y]) =>
  (x === 'linear' && y === 'independent') || (x === 'independent' && y === 'linear') ? 'linear' : 'other';

const rules: Partial<Record<OperationName, Rule>> = {
  add: bothLinear,
  subtract: bothLinear,
  negate: ([x]) => x!,
  multiply: eitherLinear,
  absorbingMultiply: eitherLinear,
  divide: ([x, y]) => (x === 'linear' && y === 'independent' ? 'linear' : 'other'),
  select: ([condition, ...sides], whole) => {
    if (condition !== 'independent') return 'other';
    const isLinear = (side: Linearity, n: number) => side === 'linear' || isZero(whole.operands[n + 1]!);
    return sides.every(isLinear) ? 'linear' : 'other';
  },
};

function ofApply(whole: Apply, operands: readonly Linearity[]): Linearity {
  if (operands.every((operand) => operand === 'independent')) return 'independent';
  return rules[whole.operation]?.(operands, whole) ?? 'other';
}
