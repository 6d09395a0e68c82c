// The materialised schedule, the baseline that is only taken on request: matrices of scores go through memory between
// kernels, as they do between the operations of a framework, and row statistics too. What is pointwise is fused.

import type { Node } from '../../../src/ir/index.js';
import type { Launch } from '../../tile/program.js';
import { passKernel } from '../kernel/pass-kernel.js';
import { cutBehind, keptBuffers } from '../partition/cut.js';
import { behindStatistics, neededRows, passesOf } from '../partition/passes.js';
import { rowsFrom } from '../partition/rows.js';
import type { StageScheduler } from '../partition/stages.js';
import { assignRoles, type Roles } from '../plan/roles.js';
import { isElsewhere, scoreReads } from '../reads/score-reads.js';

/** The kernels that keep scores and weights whole. @throws Unschedulable where a kernel cannot be made. */
export const materialisedLaunches: StageScheduler = (graph, sizes, { buffers, above }) => {
  const roles = assignRoles(graph);
  const statistics = behindStatistics(graph, roles);
  const cut = cutBehind(graph, { ...statistics, behind: storedNodes(roles, statistics.behind) }, buffers);
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
function storedNodes({ order, normalisers }: Roles, statistics: ReadonlySet<Node>): ReadonlySet<Node> {
  const stored = new Set(normalisers.size > 0 ? statistics : []);
  for (const { scores } of normalisers.values()) stored.add(scores);
  for (const node of order) {
    for (const read of scoreReads(node)) if (isElsewhere(read, node)) stored.add(read.source);
  }
  return stored;
}
