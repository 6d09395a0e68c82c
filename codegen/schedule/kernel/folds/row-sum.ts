// The sum of a value along the sweep: a number for each own position, as δ of gradients is.
// What is hidden is 0.

import type { HeadOf } from '../../plan/contributions.js';
import { added, type Fold, sum } from './fold.js';

/** @param of the head of the sum that is given @param takes the head of the value that is summed */
export const rowSumFold = (of: HeadOf, takes: HeadOf): Fold => ({
  takes,
  hidden: 0,
  state: [{ name: 'sum', buffer: 'totals', empty: 0, axes: ['own'] }],
  step: ({ memo: { block }, tiles }, tile, [total]) => {
    const more = block.as('added').reduce(tile, tiles.boxes.space.swept, 'sum');
    return [block.as('sum').map([total!, more], sum)];
  },
  combine: added,
  finish: (results, [total]) => results.value(of, total!),
});
