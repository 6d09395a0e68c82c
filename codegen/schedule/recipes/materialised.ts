// The baseline, taken on request alone: matrices of scores go through memory between kernels, as they do between the
// operations of a framework, and row statistics too. What is pointwise is fused.

import type { Node } from '../../../src/ir/index.js';
import { passesBehind } from '../partition/passes.js';
import { knownRows } from '../partition/row-statistics.js';
import { assignRoles, type Roles } from '../plan/roles.js';
import { rowsOverKeys } from '../plan/space.js';
import { isElsewhere, scoreReads } from '../reads/score-reads.js';
import { launched, plainWords, type Recipe } from './recipe.js';

export const materialised: Recipe = {
  onRequest: true,
  keepsMatrices: true,
  launches: (part) => {
    const { graph, buffers } = part;
    const roles = assignRoles(graph, rowsOverKeys);
    const behind = storedNodes(roles, knownRows(graph, roles));
    return launched(passesBehind({ behind }, graph, roles, buffers), part);
  },
  words: plainWords('materialised'),
  reason: () => 'it was asked for: matrices of scores go through memory between kernels, as the baseline',
};

/** Logits, whatever is read at another row, key or head, and the row statistics of normalisers. */
function storedNodes({ order, normalisers }: Roles, statistics: ReadonlySet<Node>): ReadonlySet<Node> {
  const stored = new Set(normalisers.size > 0 ? statistics : []);
  for (const { scores } of normalisers.values()) stored.add(scores);
  for (const node of order) {
    for (const read of scoreReads(node)) if (isElsewhere(read, node)) stored.add(read.source);
  }
  return stored;
}
