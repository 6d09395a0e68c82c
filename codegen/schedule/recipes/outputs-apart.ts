// What a sweep over the keys gives lies in memory, and a kernel of rows alone makes all outputs of it: for more outputs than a kernel
// can bind, as a training step keeps several statistics beside what the spec gives.

import { passesBehind, wholePass } from '../partition/passes.js';
import { knownRows } from '../partition/row-statistics.js';
import { isOnePass } from '../plan/plan.js';
import { assignRoles } from '../plan/roles.js';
import { rowsOverKeys } from '../plan/space.js';
import { launched, type Recipe } from './recipe.js';
import { twoPasses } from './two-pass.js';

/** Outputs that any kernel has room for: the sum with values, and the log-sum-exp. */
export const FEW_OUTPUTS = 2;

export const outputsApart: Recipe = {
  onRequest: true,
  launches: (part) => {
    const { graph, buffers } = part;
    const roles = assignRoles(graph, rowsOverKeys);
    const contractions = roles.order.filter((node) => roles.roleOf(node) === 'contraction');
    const behind = new Set([...knownRows(graph, roles), ...contractions]);
    const [sweep, rows] = passesBehind({ behind, givesLast: true }, graph, roles, buffers);
    const sweeps = isOnePass(sweep!.graph) ? [wholePass(sweep!.graph)] : twoPasses({ ...part, graph: sweep!.graph });
    return launched([...sweeps, rows!], part);
  },
  words: { name: 'outputs apart', is: 'do not serve', does: 'do' },
  reason: () =>
    'a kernel over the keys leaves statistics and sums in memory, and one of rows alone makes the outputs of them, which are more ' +
    'than one kernel binds beside its inputs',
};
