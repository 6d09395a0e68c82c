// What an output head sums: for each contraction, the normalised heads that reach it, or its weights as they are.
// Each has an accumulator of its own, as each normalised head is divided by its own sum at the end.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { type Expression, type Node, type NodeOf, parts, subexpressions } from '../../../src/ir/index.js';
import { isScoreLike, scoreReads } from '../reads/score-reads.js';
import type { Plan } from './plan.js';
import { axisFacts } from './space.js';

/** A head of a value over queries and keys, as a place in the block's group. */
export interface HeadOf {
  readonly node: Node;
  readonly head: number;
}

export interface Contribution {
  readonly contraction: NodeOf<'contract'>;
  /** The output head, as a place in the group. */
  readonly head: number;
  /** The head of the contraction's weights: the output head, or one of those that it sums. */
  readonly of: number;
  /** The normalised weights that are summed; undefined where the contraction's weights have no normaliser. */
  readonly normalised: HeadOf | undefined;
  /**
   * Whether the factor between the normalised weights and the contraction's is the same for the whole sweep. The sum is multiplied by
   * it once it has been divided: a large factor times exponentials may be infinite where the quotient is not, and this costs a row
   * what that costs a score.
   */
  readonly isScaledLast: boolean;
}

/** The heads of a value in a block's group, by their places. */
export const headsInGroup = ({ heads }: Plan, { domain }: Node): readonly number[] =>
  Array.from({ length: heads.inGroup(headCount(domain)) }, (_, head) => head);

/** All contributions of all contractions, for each head of weights of a group. */
export function contributionsOf(plan: Plan): readonly Contribution[] {
  return plan.contractions.flatMap((contraction) => {
    const heads = headsInGroup(plan, contraction.weights);
    const perOutput = heads.length / headsInGroup(plan, contraction).length;
    return heads.flatMap((of): Contribution[] => {
      const head = Math.floor(of / perOutput);
      const reached = normalisedBelow(plan, contraction.weights, of);
      if (reached.length === 0) return [{ contraction, head, of, normalised: undefined, isScaledLast: false }];
      const isScaledLast = isTheSameForAll(plan, contraction.weights);
      return reached.map((normalised) => ({ contraction, head, of, normalised, isScaledLast }));
    });
  });
}

/** Whether nothing between the normalised weights and these depends on the swept position: no mask, no table by it, no score. */
function isTheSameForAll(plan: Plan, weights: Node): boolean {
  const { roleOf } = plan.roles;
  const { entry } = axisFacts[plan.sweep.swept];
  const isUniform = (part: Expression): boolean => {
    if (part.kind === 'variable') return part.name !== entry.name;
    if (part.kind !== 'read' || !isScoreLike(part.source)) return parts(part).every(isUniform);
    return roleOf(part.source) !== 'score' && isTheSameForAll(plan, part.source);
  };
  return roleOf(weights) === 'normalised' || (weights.op === 'map' && isUniform(weights.value));
}

/** The normalised heads that a head of weights is made of, each once. */
function normalisedBelow(plan: Plan, weights: Node, head: number): readonly HeadOf[] {
  const found: HeadOf[] = [];
  const visit = (node: Node, at: number): void => {
    const role = plan.roles.roleOf(node);
    if (role === 'normalised') {
      if (!found.some((each) => each.node === node && each.head === at)) found.push({ node, head: at });
      return;
    }
    if (role !== 'weighted') return;
    if (node.op === 'fill') visit(node.value, at);
    if (node.op !== 'map') return;
    for (const { source, head: slot } of scoreReads(node)) {
      const isBehind = ['normalised', 'weighted'].includes(plan.roles.roleOf(source));
      if (!isBehind) continue;
      for (const place of plan.heads.places({ index: slot, reader: node, source }, at, countersOf(node)))
        visit(source, place);
    }
  };
  visit(weights, head);
  return found;
}

/** The counters of the sums in a map's expression, with their extents. */
export const countersOf = ({ value }: NodeOf<'map'>): ReadonlyMap<string, number> =>
  new Map(
    subexpressions(value)
      .flatMap((part) => (part.kind === 'accumulate' ? part.counters : []))
      .map(({ name, extent }) => [name, extent]),
  );
