// Folds: what a loop over keys accumulates. Logits are folded into a running maximum and sum with the products of their
// exponentials (online softmax), weights without a normaliser into products alone.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { apply } from '../../../src/ir/index.js';
import { along, axis, type BlockBuilder, view } from '../../tile/builder.js';
import { operand } from '../../tile/operations.js';
import { quotient, scalar } from '../../tile/scalars.js';
import type { Scalar, Tile, TileAxis, View } from '../../tile/types.js';
import { type Contribution, contributionsOf, type HeadOf } from '../plan/contributions.js';
import { maskOfHead, maskOfHeads } from '../plan/group-masks.js';
import type { Plan } from '../plan/plan.js';
import { byShared } from '../plan/shared-heads.js';
import { and, isKey } from '../plan/tiles.js';
import { hullOf, type KeyRange, visibleKeys } from '../plan/visit.js';
import { demand } from '../reads/reason.js';
import { supportOf } from '../reads/support.js';
import { Scope } from './scope.js';
import type { ScoreTiles } from './scores.js';

const minusInfinity = Number.NEGATIVE_INFINITY;
const expdiff = apply('exponentialDifference', operand(0), operand(1));
const product = apply('multiply', operand(0), operand(1));

/** Running maximum, sum and accumulators of one normalised head. */
export interface Fold {
  /** The scores whose exponentials are summed; undefined for weights without a normaliser. */
  readonly scores: HeadOf | undefined;
  /** What is accumulated with them. */
  readonly contributions: readonly Contribution[];
}

/** One fold for each head of scores that is normalised or has statistics to give, and of weights without a normaliser. */
export function foldsOf(plan: Plan): readonly Fold[] {
  const contributions = contributionsOf(plan);
  const folds: { scores: HeadOf | undefined; contributions: Contribution[] }[] = [];
  for (const scores of plan.normalisedScores) {
    for (let head = 0; head < plan.heads.inGroup(headCount(scores.domain)); head += 1) {
      folds.push({ scores: { node: scores, head }, contributions: [] });
    }
  }
  for (const each of contributions) {
    const { normalised } = each;
    if (normalised === undefined) {
      const { weights } = each.contraction;
      const isOwn = ({ contraction, head }: Contribution): boolean =>
        contraction.weights === weights && head === each.head;
      const known = folds.find((fold) => fold.scores === undefined && isOwn(fold.contributions[0]!));
      if (known) known.contributions.push(each);
      else folds.push({ scores: undefined, contributions: [each] });
      continue;
    }
    const { scores } = plan.roles.normalisers.get(normalised.node)!;
    const fold = folds.find(
      (candidate) => candidate.scores?.node === scores && candidate.scores.head === normalised.head,
    );
    demand(fold !== undefined, 'weights are normalised by a sum that is not their own');
    fold.contributions.push(each);
  }
  return folds;
}

/** How many values a fold carries: its accumulators, with the maximum and sum before them. */
export const stateSize = ({ scores, contributions }: Fold): number =>
  contributions.length + (scores === undefined ? 0 : 2);

/** What a fold takes tile by tile, and what it is where it is hidden. */
function folded({ scores, contributions }: Fold) {
  const node = scores?.node ?? contributions[0]!.contraction.weights;
  const hidden = scores === undefined ? 0 : minusInfinity;
  return { node, head: scores?.head ?? contributions[0]!.head, hidden, support: supportOf(node, hidden) };
}

/** Whether two folds take tiles of one node, and are hidden at the same places. */
const isAlike = (one: Fold, other: Fold): boolean =>
  folded(one).node === folded(other).node && folded(one).hidden === folded(other).hidden;

/** The keys that some fold must see for some row of [firstRow, firstRow + rows). */
export function foldedKeys(plan: Plan, folds: readonly Fold[], firstRow: Scalar, rows: number): KeyRange {
  return hullOf(
    folds.map((fold) => {
      const { node, head, support } = folded(fold);
      return visibleKeys(support && maskOfHead(support, plan, node, head), firstRow, rows);
    }),
  );
}

/** The state of a fold before it has seen a key. */
export function emptyState(block: BlockBuilder, { scores, contributions }: Fold, rows: TileAxis): readonly Tile[] {
  const accumulators = contributions.map(({ contraction }) =>
    block.as('o').constant([rows, valueFeatures(contraction)], 0),
  );
  if (scores === undefined) return accumulators;
  return [block.as('m').constant([rows], minusInfinity), block.as('l').constant([rows], 0), ...accumulators];
}

/** Adds the statements of folds to a loop's start and body. */
export class FoldBuilder {
  private readonly plan: Plan;
  private readonly tiles: ScoreTiles;

  constructor(plan: Plan, tiles: ScoreTiles) {
    this.plan = plan;
    this.tiles = tiles;
  }

  empty(block: BlockBuilder, fold: Fold): readonly Tile[] {
    return emptyState(block, fold, this.tiles.rows);
  }

  /** Folds the tiles that this turn of the loop is at into the states of all folds. */
  foldAll(scope: Scope, folds: readonly Fold[], states: readonly (readonly Tile[])[]): readonly (readonly Tile[])[] {
    const next = new Map<Fold, readonly Tile[]>();
    for (const first of folds) {
      if (next.has(first)) continue;
      const alike = folds.filter((fold) => isAlike(fold, first));
      for (const together of byShared(this.plan, folded(first).node, alike, (fold) => folded(fold).head)) {
        const results = this.fold(
          scope,
          together,
          together.map((fold) => states[folds.indexOf(fold)]!),
        );
        for (const [n, fold] of together.entries()) next.set(fold, results[n]!);
      }
    }
    return folds.map((fold) => next.get(fold)!);
  }

  /** Folds of one node, whose heads share what they are computed from; nothing is computed where it is hidden whole. */
  private fold(scope: Scope, folds: readonly Fold[], states: readonly (readonly Tile[])[]): readonly Tile[][] {
    const { node, hidden, support } = folded(folds[0]!);
    const keys = isKey(this.plan.lag.get(node)!);
    const condition = and(support, keys);
    const heads = folds.map((fold) => folded(fold).head);
    const looked = support && maskOfHeads(support, this.plan, node, heads);
    const into = (block: BlockBuilder): readonly Tile[] => {
      const inner = new Scope(block, scope, looked);
      return folds.flatMap((fold, n) => {
        const tile = this.tiles.visible(inner, node, folded(fold).head, condition, hidden);
        if (fold.scores === undefined) return this.addWeights(block, fold, tile, states[n]!);
        // What is read beside the logits is not replaced where they are hidden.
        return this.addLogits(new Scope(block, scope), fold, tile, states[n]!);
      });
    };
    const results = scope.block.switch(and(looked, keys), this.tiles.rows, this.tiles.keysOf(node), {
      empty: () => states.flat(),
      full: into,
      partial: into,
    });
    const ends = folds.map((_, n) => folds.slice(0, n + 1).reduce((total, fold) => total + stateSize(fold), 0));
    return folds.map((fold, n) => results.slice(ends[n]! - stateSize(fold), ends[n]));
  }

  /** Online softmax (Milakov and Gimelshein): rescales what was summed so far to the new maximum. */
  private addLogits(scope: Scope, fold: Fold, logits: Tile, [m, l, ...sums]: readonly Tile[]): readonly Tile[] {
    const { block } = scope;
    const largest = block.as('largest').reduce(logits, 'key', 'max');
    const next = block.as('m').map([m!, largest], apply('maximum', operand(0), operand(1)));
    const decay = block.as('decay').map([m!, next], expdiff);
    const p = block.as('p').map([logits, next], expdiff);
    const kept = block.as('l').map([l!, decay], product);
    const added = block.as('added').reduce(p, 'key', 'sum');
    const total = block.as('l').map([kept, added], apply('add', operand(0), operand(1)));
    const accumulated = fold.contributions.map((contribution, n) => {
      const weights = contribution.isScaledLast ? p : this.appliedWeights(scope, contribution, p);
      const scaled = block.as('o').map([sums[n]!, decay], product);
      return block.as('o').matmul(scaled, weights, this.valuesOf(contribution), 'key');
    });
    return [next, total, ...accumulated];
  }

  private addWeights(
    block: BlockBuilder,
    { contributions }: Fold,
    weights: Tile,
    sums: readonly Tile[],
  ): readonly Tile[] {
    return contributions.map((each, n) => block.as('o').matmul(sums[n], weights, this.valuesOf(each), 'key'));
  }

  /** The contraction's weights where one normalised head is `p` and all others are 0. */
  private appliedWeights(scope: Scope, { contraction, head, normalised }: Contribution, p: Tile): Tile {
    const { roleOf } = this.plan.roles;
    return this.tiles.tile(scope, contraction.weights, head, (node, at) => {
      if (roleOf(node) !== 'normalised') return undefined;
      return node === normalised!.node && at === normalised!.head ? p : 0;
    });
  }

  private valuesOf({ contraction, head }: Contribution): View {
    const { operand: values, weights } = contraction;
    const heads = headCount(contraction.domain);
    const own = this.plan.heads.scalar(heads, head);
    const shared = headCount(values.domain) === heads ? own : quotient(own, heads / headCount(values.domain));
    const place = [scalar('b'), shared, along('key'), along('feature')];
    return view(this.tiles.bufferOf(values), place, [this.tiles.keysOf(weights), valueFeatures(contraction)]);
  }
}

export const valueFeatures = ({ operand: values }: Contribution['contraction']): TileAxis =>
  axis('feature', 0, (values.domain[3] as { size: number }).size);
