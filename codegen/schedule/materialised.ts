// The materialised schedule, the baseline that is only taken on request: matrices of scores go through memory between
// kernels, as they do between the operations of a framework, and row statistics too. What is pointwise is fused.

import type { Graph, Node } from '../../src/ir/index.js';
import type { Launch } from '../tile/program.js';
import { cutBehind, keptBuffers } from './cut.js';
import { bufferName, neededRows, passesOf, passKernel } from './passes.js';
import { assignRoles, type Roles } from './roles.js';
import { statisticsOf } from './row-statistics.js';
import { rowsFrom } from './rows.js';
import { isElsewhere, scoreReads } from './score-reads.js';
import type { StageScheduler } from './stages.js';

/** The kernels that keep scores and weights whole. @throws Unschedulable where a kernel cannot be made. */
export const materialisedLaunches: StageScheduler = (graph, sizes, { buffers, above }) => {
  const roles = assignRoles(graph);
  const cut = cutBehind(graph, storedNodes(graph, roles), (node) => bufferName(node, roles), buffers);
  buffers.add(keptBuffers(cut.stored));
  const passes = passesOf(graph, cut, roles);
  const needed = neededRows(passes);
  return passes.map(
    (pass): Launch => ({
      launch: 'kernel',
      kernel: passKernel(pass, sizes, buffers, rowsFrom(above + needed.get(pass)!.above)),
    }),
  );
};

/** Logits, whatever is read at another row, key or head, and the row statistics of normalisers. */
function storedNodes(graph: Graph, roles: Roles): ReadonlySet<Node> {
  const { order, normalisers } = roles;
  const stored = new Set(normalisers.size > 0 ? statisticsOf(graph, roles) : []);
  for (const { scores } of normalisers.values()) stored.add(scores);
  for (const node of order) {
    for (const read of scoreReads(node)) if (isElsewhere(read, node)) stored.add(read.source);
  }
  return stored;
}
