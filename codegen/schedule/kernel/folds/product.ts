// The product of weights with values along the sweep, where the weights have no normaliser or their statistics are known.
// Products of all weights of one head share its tiles.

import { headCount } from '../../../../src/ir/footprint/heads.js';
import { featuresOf } from '../../../../src/ir/index.js';
import { along, axis, view } from '../../../tile/builder.js';
import { scalar } from '../../../tile/scalars.js';
import type { Tile, TileAxis, View } from '../../../tile/types.js';
import type { Contribution } from '../../plan/contributions.js';
import type { ScoreTiles } from '../scores.js';
import { added, type Fold, type StatePart, type Turn } from './fold.js';

export function productFold(contributions: readonly [Contribution, ...Contribution[]]): Fold {
  const [{ contraction, of }] = contributions;
  return {
    takes: { node: contraction.weights, head: of },
    hidden: 0,
    state: contributions.map(accumulatorOf),
    step: (turn, weights, sums) => contributions.map((each, n) => addedProduct(turn, each, weights, sums[n]!)),
    combine: added,
    finish: (results, sums) => {
      for (const [n, each] of contributions.entries()) results.share(each, sums[n]!);
    },
  };
}

/** An accumulator of products: a row of features for each own position. */
export function accumulatorOf({ contraction }: Contribution): StatePart {
  const features = featuresAxis(contraction);
  return { name: 'o', buffer: `shares_of_${features.size}`, empty: 0, axes: ['own', features] };
}

/** The accumulator with the product of a tile of weights and the values beside it. */
export const addedProduct = ({ memo, tiles }: Turn, each: Contribution, weights: Tile, accumulator: Tile): Tile =>
  memo.block.as('o').matmul(accumulator, weights, valuesOf(tiles, each), tiles.boxes.space.swept);

function valuesOf(tiles: ScoreTiles, { contraction, of }: Contribution): View {
  const { operand: values, weights } = contraction;
  const shared = tiles.sharedHead(headCount(weights.domain), of, values);
  const place = [scalar('b'), shared, along(tiles.boxes.space.swept), along('feature')];
  return view(tiles.bufferOf(values), place, [tiles.boxes.sweptBy(weights), featuresAxis(contraction)]);
}

const featuresAxis = ({ operand: { domain } }: Contribution['contraction']): TileAxis =>
  axis('feature', 0, featuresOf(domain));
