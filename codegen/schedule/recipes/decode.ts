// Few query rows and many keys: the keys of each pass are split between blocks, and a kernel joins their shares in order.
// It is taken on request, as a compiler does not know the calls.

import { type KernelPart, wholePass } from '../partition/passes.js';
import { isOnePass, planOf } from '../plan/plan.js';
import { launched, plainWords, type Recipe } from './recipe.js';
import { twoPasses } from './two-pass.js';

/** Blocks that keep a large device busy where each has few rows. */
const ENOUGH_BLOCKS = 256;
const [FEWEST, MOST] = [2, 32];

/** Shares of the keys: as many as fill a device together with the groups of heads. */
const sharesFor = ({ graph }: KernelPart): number =>
  Math.min(MOST, Math.max(FEWEST, Math.ceil(ENOUGH_BLOCKS / planOf(graph).heads.groups)));

export const decode: Recipe = {
  onRequest: true,
  mostRows: 4,
  launches: (part) => launched(isOnePass(part.graph) ? [wholePass(part.graph)] : twoPasses(part), part, sharesFor),
  words: plainWords('decode'),
  reason: (_, { buffers }) => {
    const shares = buffers.flatMap(({ axes }) => axes.map((axis) => (axis.kind === 'split' ? axis.size : 1)));
    return (
      `it was asked for: few rows and many keys, which are split into ${Math.max(1, ...shares)} shares for blocks of ` +
      'their own; a kernel joins the shares in their order'
    );
  },
};
