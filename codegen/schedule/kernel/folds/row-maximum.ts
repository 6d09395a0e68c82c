// The largest of a value along the sweep, a number for each own position, other than that of a softmax.
// What is hidden is -Infinity, so that a row without visible positions has that.

import type { HeadOf } from '../../plan/contributions.js';
import { type Fold, larger } from './fold.js';

/** @param of the head of the maximum that is given @param takes the head of the value that it is the largest of */
export const rowMaximumFold = (of: HeadOf, takes: HeadOf): Fold => ({
  takes,
  hidden: Number.NEGATIVE_INFINITY,
  state: [{ name: 'largest', buffer: 'largest', empty: Number.NEGATIVE_INFINITY, axes: ['own'] }],
  step: ({ memo: { block }, tiles }, tile, [largest]) => {
    const more = block.as('more').reduce(tile, tiles.boxes.space.swept, 'max');
    return [block.as('largest').map([largest!, more], larger)];
  },
  combine: (block, [largest], [other]) => [block.map([largest!, other!], larger)],
  finish: (results, [largest]) => results.value(of, largest!),
});
