// Masks that differ from head to head: `h` becomes the number of one of them, and what is the same for all is known of all.
// What holds for several heads that a block computes together is the plan's to say.
import { apply, conjunctsOf, type Expression, freeVariables, substitute } from '../../../src/ir/index.js';
import { foldedExpression } from '../../../src/passes/index.js';
import type { Scalar } from '../../tile/types.js';

/** Whether a mask, or a part of one, differs from head to head. */
export const knowsHead = (mask: Expression): boolean => freeVariables(mask).has('h');

/** A mask at one head. */
export function maskAt(mask: Expression, head: Scalar): Expression {
  if (!knowsHead(mask)) return mask;
  const own = substitute(mask, new Map([['h', head]]));
  return head.kind === 'constant' ? foldedExpression(own) : own;
}

/** The parts of a mask that are the same for all heads: where it holds, they do. Undefined where there are none. */
export function sharedPart(mask: Expression): Expression | undefined {
  if (!knowsHead(mask)) return mask;
  const alike = conjunctsOf(mask).filter((part) => !knowsHead(part));
  return alike.length === 0 ? undefined : alike.reduce((all, part) => apply('and', all, part));
}
