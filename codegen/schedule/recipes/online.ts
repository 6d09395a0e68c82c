// One pass over the keys: each tile of logits is folded into running statistics and accumulators, which are scaled at the end.
// What sums over no keys has no loop over them.

import { normaliserOf, topological } from '../../../src/ir/index.js';
import { wholePass } from '../partition/passes.js';
import { launched, type Recipe } from './recipe.js';

export const online: Recipe = {
  launches: (part) => launched([wholePass(part.graph)], part),
  words: { name: 'one pass', is: 'is not enough', does: 'does' },
  reason: (graph) =>
    topological(graph).every((node) => normaliserOf(node) === undefined)
      ? 'one pass over the keys is enough: no weight needs a sum over its row'
      : 'one pass over the keys is enough: what stands between the softmax and the sum with v is linear in the weights ' +
        'and stays at its own row and key',
};
