// Masks as the heads of a block see them: `h` becomes the number of one of its heads, and several heads that are computed
// together look wherever one of them does.
import { headCount } from '../../../src/ir/footprint/heads.js';
import { apply, conjunctsOf, type Expression, integer, type Node, sameExpression } from '../../../src/ir/index.js';
import { knowsHead, maskAt } from '../reads/head-masks.js';
import type { Plan } from './plan.js';

/** The mask of a node at the nth head of the block's group. */
export function maskOfHead(mask: Expression, { heads }: Plan, node: Node, n: number): Expression {
  // A block of all heads knows their numbers.
  return maskAt(mask, heads.groups === 1 ? integer(n) : heads.scalar(headCount(node.domain), n));
}

/** Where the mask of a node holds for one of some heads of the block's group. */
export function maskOfHeads(mask: Expression, plan: Plan, node: Node, heads: readonly number[]): Expression {
  if (!knowsHead(mask)) return mask;
  const [first, ...others] = heads;
  if (others.length === 0) return maskOfHead(mask, plan, node, first!);
  const alike = conjunctsOf(mask).filter((part) => !knowsHead(part));
  const own = conjunctsOf(mask)
    .filter(knowsHead)
    .reduce((all, part) => apply('and', all, part));
  const each: Expression[] = [];
  for (const head of heads) {
    const instance = maskOfHead(own, plan, node, head);
    if (!each.some((known) => sameExpression(known, instance))) each.push(instance);
  }
  return [...alike, each.reduce((some, one) => apply('or', some, one))].reduce((all, part) => apply('and', all, part));
}
