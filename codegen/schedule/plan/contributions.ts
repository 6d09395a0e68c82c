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
   * The values from the contraction's weights down to the normalised ones, where there is one way and nothing on it but masks depends
   * on the swept position. Sums are multiplied by what stands on it once they have been divided: a large factor times exponentials
   * may be infinite where the quotient is not, and this costs a row what that costs a score.
   */
  readonly way: readonly HeadOf[] | undefined;
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
      if (reached.length === 0) return [{ contraction, head, of, normalised: undefined, way: undefined }];
      return reached.map((normalised) => {
        const way = wayTo(plan, normalised, { node: contraction.weights, head: of });
        return { contraction, head, of, normalised, way: typeof way === 'string' ? undefined : way };
      });
    });
  });
}

/** The values from some weights down to a normalised head; `several` also where a value on it depends on the swept position. */
function wayTo(plan: Plan, normalised: HeadOf, from: HeadOf): readonly HeadOf[] | 'none' | 'several' {
  const { node, head } = from;
  const role = plan.roles.roleOf(node);
  if (role === 'normalised') return node === normalised.node && head === normalised.head ? [] : 'none';
  if (role !== 'weighted' || (node.op !== 'map' && node.op !== 'fill')) return 'none';
  const ways = weightsBelow(plan, from).map((below) => wayTo(plan, normalised, below));
  const [way = 'none', ...others] = ways.filter((each) => each !== 'none');
  if (typeof way === 'string') return way;
  return others.length === 0 && (node.op === 'fill' || isTheSameForAll(plan, node.value)) ? [from, ...way] : 'several';
}

/** Whether an expression of weights has factors that do not depend on the swept position: no table by it, no score. */
function isTheSameForAll(plan: Plan, part: Expression): boolean {
  if (part.kind === 'variable') return part.name !== axisFacts[plan.sweep.swept].entry.name;
  if (part.kind !== 'read' || !isScoreLike(part.source))
    return parts(part).every((each) => isTheSameForAll(plan, each));
  return plan.roles.roleOf(part.source) !== 'score';
}

/** The heads of weights that a head of weights reads, each once. */
function weightsBelow(plan: Plan, { node, head }: HeadOf): readonly HeadOf[] {
  if (node.op === 'fill') return [{ node: node.value, head }];
  if (node.op !== 'map') return [];
  const found: HeadOf[] = [];
  for (const { source, head: index } of scoreReads(node)) {
    if (!['normalised', 'weighted'].includes(plan.roles.roleOf(source))) continue;
    for (const place of plan.heads.places({ index, reader: node, source }, head, countersOf(node)))
      if (!found.some((each) => each.node === source && each.head === place)) found.push({ node: source, head: place });
  }
  return found;
}

/** The normalised heads that a head of weights is made of, each once. */
function normalisedBelow(plan: Plan, weights: Node, head: number): readonly HeadOf[] {
  const found: HeadOf[] = [];
  const visit = (at: HeadOf): void => {
    const role = plan.roles.roleOf(at.node);
    if (role === 'weighted') for (const below of weightsBelow(plan, at)) visit(below);
    if (role === 'normalised' && !found.some((each) => each.node === at.node && each.head === at.head)) found.push(at);
  };
  visit({ node: weights, head });
  return found;
}

/** The counters of the sums in a map's expression, with their extents. */
export const countersOf = ({ value }: NodeOf<'map'>): ReadonlyMap<string, number> =>
  new Map(
    subexpressions(value)
      .flatMap((part) => (part.kind === 'accumulate' ? part.counters : []))
      .map(({ name, extent }) => [name, extent]),
  );
