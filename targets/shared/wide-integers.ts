// Integer expressions that may leave 32 bits, and where printers must do something about it: sums and products that end there,
// comparisons of them, and conversions. What is inside of such a sum is exact, in whatever way the target has.
import { type Apply, apply, type Expression, isIntegerSum, leavesIntegers, operations } from '../../src/ir/index.js';

/** What a printer does with an operation beyond spelling it. */
export type WideUse =
  /** A sum or product that may leave 32 bits: the nearest integer of 32 bits. */
  | { readonly kind: 'value'; readonly sum: Expression }
  /** The same as a float. */
  | { readonly kind: 'float'; readonly sum: Expression }
  /** A comparison of one: that of a difference with 0. */
  | { readonly kind: 'comparison'; readonly difference: Expression }
  /** An operation on bits, whose operands are taken modulo 2^32 as JavaScript does. */
  | { readonly kind: 'bits' };

export const isWideSum = (part: Expression): boolean => isIntegerSum(part) && leavesIntegers(part);

/** How an operation meets integers beyond 32 bits; undefined where it meets none. */
export function wideUseOf(whole: Apply): WideUse | undefined {
  if (isWideSum(whole)) return { kind: 'value', sum: whole };
  const [x, y] = whole.operands;
  if (x?.type !== 'int' || !whole.operands.some(isWideSum)) return undefined;
  const { typing } = operations[whole.operation];
  if (typing === 'toFloat') return { kind: 'float', sum: x };
  if (typing === 'compare') return { kind: 'comparison', difference: apply('subtract', x, y!) };
  return typing === 'integer' && whole.operation !== 'floorDivide' ? { kind: 'bits' } : undefined;
}
