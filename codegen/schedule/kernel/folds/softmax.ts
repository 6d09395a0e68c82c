// Online softmax (Milakov and Gimelshein): a running maximum and sum of exponentials, with products of them that are scaled
// to each new maximum. Every scaling of what is summed relative to one maximum to another one is here.

import { apply } from '../../../../src/ir/index.js';
import type { BlockBuilder } from '../../../tile/builder.js';
import { operand } from '../../../tile/operations.js';
import type { Tile } from '../../../tile/types.js';
import type { Contribution, HeadOf } from '../../plan/contributions.js';
import { type Fold, larger, product, sum, type Turn } from './fold.js';
import { accumulatorOf, addedProduct } from './product.js';

const minusInfinity = Number.NEGATIVE_INFINITY;
const expdiff = apply('exponentialDifference', operand(0), operand(1));
const products = (...pairs: readonly [number, number][]) =>
  pairs.map(([x, y]) => apply('multiply', operand(x), operand(y))).reduce((total, each) => apply('add', total, each));
const scaledSum = products([0, 1], [2, 3]);

/** What sums of exponentials relative to one maximum are multiplied by to be relative to another one. */
export const decayOf = (block: BlockBuilder, from: Tile, to: Tile): Tile => block.map([from, to], expdiff);

/** @param contributions what is accumulated with the exponentials of a head of scores */
export function softmaxFold(takes: HeadOf, contributions: readonly Contribution[]): Fold {
  return {
    takes,
    hidden: minusInfinity,
    state: [
      { name: 'm', buffer: 'maxima', empty: minusInfinity, axes: ['own'] },
      { name: 'l', buffer: 'sums', empty: 0, axes: ['own'] },
      ...contributions.map(accumulatorOf),
    ],
    step: (turn, logits, [m, l, ...sums]) => {
      const { block } = turn.memo;
      const { swept } = turn.tiles.boxes.space;
      const largest = block.as('largest').reduce(logits, swept, 'max');
      const next = block.as('m').map([m!, largest], larger);
      const decay = decayOf(block.as('decay'), m!, next);
      const p = decayOf(block.as('p'), logits, next);
      const kept = block.as('l').map([l!, decay], product);
      const total = block.as('l').map([kept, block.as('added').reduce(p, swept, 'sum')], sum);
      const accumulated = contributions.map((each, n) => {
        const weights = each.way ? maskedOn(turn, each.way, p) : appliedWeights(turn, each, p);
        return addedProduct(turn, each, weights, block.as('o').map([sums[n]!, decay], product));
      });
      return [next, total, ...accumulated];
    },
    combine: (block, [m, l, ...sums], [m2, l2, ...sums2]) => {
      const largest = block.as('m').map([m!, m2!], larger);
      const before = decayOf(block.as('before'), m!, largest);
      const after = decayOf(block.as('after'), m2!, largest);
      const total = block.as('l').map([l!, before, l2!, after], scaledSum);
      return [largest, total, ...sums.map((each, n) => block.as('o').map([each, before, sums2[n]!, after], scaledSum))];
    },
    finish: (results, [m, l, ...sums]) => {
      results.statistics(takes, m!, l!);
      for (const [n, each] of contributions.entries()) {
        results.share(each, results.normalised(each, sums[n]!));
      }
    },
  };
}

/** Exponentials where no mask on the way to the contraction hides them. */
const maskedOn = ({ memo, tiles }: Turn, way: readonly HeadOf[], p: Tile): Tile =>
  way.reduceRight((tile, { node, head }) => (node.op === 'fill' ? tiles.fill(memo, node, head, tile) : tile), p);

/** The contraction's weights where one normalised head is `p` and all others are 0. */
function appliedWeights({ memo, plan, tiles }: Turn, { contraction, of, normalised }: Contribution, p: Tile): Tile {
  return tiles.tile(memo, contraction.weights, of, (node, at) => {
    if (plan.roles.roleOf(node) !== 'normalised') return undefined;
    return node === normalised!.node && at === normalised!.head ? p : 0;
  });
}
