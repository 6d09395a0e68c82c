// Two passes, for weights of other rows or keys behind a normaliser. A first kernel gives every row's statistics, a second
// takes them as tables, so that what was a normaliser is an ordinary map of scores.

import { type KernelPart, passesBehind } from '../partition/passes.js';
import { knownRows } from '../partition/row-statistics.js';
import { assignRoles } from '../plan/roles.js';
import { rowsOverKeys } from '../plan/space.js';
import { demand } from '../reads/reason.js';
import { launched, type Recipe, type StageContext } from './recipe.js';

/** The passes of a graph that is cut behind its statistics. @throws Unschedulable where even the second is more than one pass. */
export function twoPasses({ graph, buffers }: StageContext): readonly KernelPart[] {
  const roles = assignRoles(graph, rowsOverKeys);
  demand(roles.normalisers.size > 0, 'there is no normaliser whose sums a first pass could give');
  return passesBehind({ behind: knownRows(graph, roles) }, graph, roles, buffers);
}

export const twoPass: Recipe = {
  launches: (part) => launched(twoPasses(part), part),
  words: { name: 'two passes', is: 'are not enough', does: 'do' },
  reason: () =>
    'a first pass gives the log-sum-exp of each row, a second one computes the scores again and applies them',
};
