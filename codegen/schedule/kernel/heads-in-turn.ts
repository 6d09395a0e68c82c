// Heads that a block takes one after the other: those whose sums over all of their group are its outputs, as query heads that share
// keys are to the gradients of these. One accumulator, and rings of one head, then serve all of them.
import { headCount } from '../../../src/ir/footprint/heads.js';
import { type Axis, head, type Node } from '../../../src/ir/index.js';
import type { LoopRange } from '../../tile/builder.js';
import { plus, times } from '../../tile/scalars.js';
import { GROUP, HeadGroupsOfBlocks } from '../plan/heads.js';
import { type Plan, planOf } from '../plan/plan.js';
import type { Space } from '../plan/space.js';
import { Unschedulable } from '../reads/reason.js';

/** The loop over the heads of a group. */
export const TURN = 'turn';

export interface HeadsInTurn {
  /** Of one head: its contractions, each of which gives one head of its weights. */
  readonly plan: Plan;
  readonly range: LoopRange;
}

/** How a block takes the heads of its group one after the other; undefined where it has one, or where they are tied by more than sums. */
export function headsInTurn(
  { graph, heads, contractions, sums, normalisedScores }: Plan,
  space: Space,
): HeadsInTurn | undefined {
  if (sums.length > 0 || normalisedScores.length > 0) return undefined;
  const [count, ...others] = new Set(contractions.map(({ weights }) => headCount(weights.domain)));
  if (count === undefined || others.length > 0) return undefined;
  const ofGroup = count / heads.groups;
  if (ofGroup === 1 || contractions.some(({ domain }) => headCount(domain) !== heads.groups)) return undefined;
  const outputs = contractions.map((each, n) => ({
    name: `turn_${n}`,
    node: { ...each, domain: withHeads(each, count) },
  }));
  const plan = planOr({ ...graph, outputs }, space);
  if (plan?.heads.groups !== count) return undefined;
  const from = times(GROUP, ofGroup);
  return {
    plan: { ...plan, heads: new HeadGroupsOfBlocks(count, TURN) },
    range: { from, to: plus(from, ofGroup), step: 1 },
  };
}

const withHeads = ({ domain }: Node, count: number): readonly Axis[] =>
  domain.map((axis) => (axis.kind === 'head' ? head(count) : axis));

function planOr(graph: Plan['graph'], space: Space): Plan | undefined {
  try {
    return planOf(graph, space);
  } catch (error) {
    if (error instanceof Unschedulable) return undefined;
    throw error;
  }
}
