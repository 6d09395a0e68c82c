// The folds of a kernel: which there are, what part of the sweep they visit, and one turn of them all.
// Folds of heads that share tiles are taken in one case of one switch.

import { headCount } from '../../../../src/ir/footprint/heads.js';
import { type Monoid, sameExpression } from '../../../../src/ir/index.js';
import type { BlockBuilder } from '../../../tile/builder.js';
import type { Tile } from '../../../tile/types.js';
import { type Contribution, contributionsOf, headsInGroup } from '../../plan/contributions.js';
import { maskOfHead, maskOfHeads } from '../../plan/group-masks.js';
import type { Plan } from '../../plan/plan.js';
import { byShared } from '../../plan/shared-heads.js';
import { and, type PositionRange, type Space } from '../../plan/space.js';
import { isSumOverBoth, type SumNode, summandOf } from '../../plan/sums.js';
import { hullOfRanges, visibleTo } from '../../plan/visit.js';
import { demand } from '../../reads/reason.js';
import { supportOf } from '../../reads/support.js';
import { BlockMemo } from '../memo.js';
import { binFold } from './bin.js';
import type { Accumulation, Fold, Turn } from './fold.js';
import { gramFold } from './gram.js';
import { productFold } from './product.js';
import { rowMaximumFold } from './row-maximum.js';
import { rowSumFold } from './row-sum.js';
import { softmaxFold } from './softmax.js';

const sums: Partial<Record<Monoid, typeof rowSumFold>> = { sum: rowSumFold, max: rowMaximumFold };

/** One fold for each head of scores that is normalised or has statistics to give, of weights without a normaliser, and of sums. */
export function foldsOf(plan: Plan): readonly Fold[] {
  const contributions = contributionsOf(plan);
  const { normalisers } = plan.roles;
  const scoresOf = ({ normalised }: Contribution) => normalised && normalisers.get(normalised.node)!.scores;
  const softmaxes = plan.normalisedScores.flatMap((node) =>
    headsInGroup(plan, node).map((head) => {
      const own = contributions.filter((each) => scoresOf(each) === node && each.normalised!.head === head);
      return { own, fold: softmaxFold({ node, head }, own) };
    }),
  );
  const taken = new Set(softmaxes.flatMap(({ own }) => own));
  const products: [Contribution, ...Contribution[]][] = [];
  for (const each of contributions.filter((other) => !taken.has(other))) {
    demand(each.normalised === undefined, 'weights are normalised by a sum that is not their own');
    const { weights } = each.contraction;
    const known = products.find(([{ contraction, of }]) => contraction.weights === weights && of === each.of);
    if (known) known.push(each);
    else products.push([each]);
  }
  const ofRows = plan.sums.flatMap((node) =>
    headsInGroup(plan, summandOf(node).tile).map((head) => sumFold(node, head)),
  );
  return [...softmaxes.map(({ fold }) => fold), ...products.map(productFold), ...ofRows];
}

/** The fold of one head of a sum. */
function sumFold(node: SumNode, head: number): Fold {
  const takes = { node: summandOf(node).tile, head };
  if (node.op === 'bin') return binFold({ node, head }, takes);
  const isOverBoth: boolean = isSumOverBoth(node);
  if (isOverBoth) return gramFold({ node, head }, takes);
  const make = sums[node.monoid];
  demand(make !== undefined, `a row is reduced to its ${node.monoid}`);
  return make({ node, head }, takes);
}

/** The positions that some fold must see for some own position of a block. */
export const foldedRange = (plan: Plan, folds: readonly Fold[], space: Space): PositionRange =>
  hullOfRanges(
    folds.map(({ takes: { node, head }, hidden }) => {
      const support = supportOf(node, hidden);
      return visibleTo(space, support && maskOfHead(support, plan, node, head));
    }),
  );

type States = readonly (readonly Tile[])[];

/** States of folds one behind the other, as loops carry them, apart again. */
export function statesIn(folds: readonly Accumulation[], values: readonly Tile[]): States {
  let end = 0;
  return folds.map(({ state }) => {
    end += state.length;
    return values.slice(end - state.length, end);
  });
}

/** Folds the tiles that this turn of the loop is at into the states of all folds. */
export function foldAll(turn: Turn, folds: readonly Fold[], states: States): States {
  const next = new Map<Fold, readonly Tile[]>();
  // What trails least comes first: what it shares with rings is not needed any more then.
  const lagOf = ({ takes: { node } }: Fold): number => turn.tiles.boxes.lagOf(node);
  const inOrder = [...folds].sort((one, other) => lagOf(one) - lagOf(other));
  for (const first of inOrder) {
    const alike = folds.filter((fold) => !next.has(fold) && isHiddenAlike(turn, fold, first));
    for (const together of byShared(turn.plan, alike, ({ takes }) => takes)) {
      const results = foldTogether(
        turn,
        together,
        together.map((fold) => states[folds.indexOf(fold)]!),
      );
      for (const [n, fold] of together.entries()) next.set(fold, results[n]!);
    }
  }
  return folds.map((fold) => next.get(fold)!);
}

/** Whether two folds are hidden at the same places of the same box. */
function isHiddenAlike({ tiles: { boxes } }: Turn, one: Fold, other: Fold): boolean {
  const [mask, otherMask] = [one, other].map(({ takes, hidden }) => supportOf(takes.node, hidden));
  const isSameMask = mask === otherMask || (mask && otherMask && sameExpression(mask, otherMask));
  const [heads, otherHeads] = [one, other].map(({ takes }) => headCount(takes.node.domain));
  return !!isSameMask && heads === otherHeads && boxes.lagOf(one.takes.node) === boxes.lagOf(other.takes.node);
}

/** Folds that share what they are computed from; nothing is computed where it is hidden whole. */
function foldTogether({ memo, plan, tiles }: Turn, folds: readonly Fold[], states: States): States {
  const [
    {
      takes: { node },
      hidden,
    },
  ] = folds as [Fold];
  const support = supportOf(node, hidden);
  const isTaken = tiles.boxes.isTaken(node);
  const condition = and(support, isTaken);
  const looked =
    support &&
    maskOfHeads(
      support,
      plan,
      node,
      folds.map(({ takes }) => takes.head),
    );
  const into = (block: BlockBuilder): readonly Tile[] => {
    const inner = new BlockMemo(block, memo, looked);
    return folds.flatMap((fold, n) => {
      const { takes, hidden: asHidden, takesHidden } = fold;
      const tile = takesHidden
        ? tiles.tile(inner, takes.node, takes.head)
        : tiles.visible(inner, takes, condition, asHidden);
      // What is read beside the tile is not replaced where that is hidden.
      return fold.step({ memo: new BlockMemo(block, memo), plan, tiles }, tile, states[n]!);
    });
  };
  const results = memo.block.switch(and(looked, isTaken), ...tiles.boxes.rowsByKeys(node), {
    empty: () => states.flat(),
    full: into,
    partial: into,
  });
  return statesIn(folds, results);
}
