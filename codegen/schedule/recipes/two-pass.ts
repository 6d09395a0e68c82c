// The two-pass schedule: for weights of other rows or keys behind a normaliser. A first kernel gives every row's
// statistics, a second takes them as tables, so that what was a normaliser is an ordinary map of scores.

import { onlineKernel } from '../kernel/online.js';
import { cutBehind, keptBuffers, storing } from '../partition/cut.js';
import { behindStatistics } from '../partition/passes.js';
import { rowsFrom } from '../partition/rows.js';
import type { StageScheduler } from '../partition/stages.js';
import { planOnline } from '../plan/plan.js';
import { assignRoles } from '../plan/roles.js';
import { demand } from '../reads/reason.js';

/** The kernels of two passes. @throws Unschedulable where even the second one is more than one pass. */
export const twoPassLaunches: StageScheduler = (graph, sizes, { buffers, above }) => {
  const roles = assignRoles(graph);
  demand(roles.normalisers.size > 0, 'there is no normaliser whose sums a first pass could give');
  const { stored, rest } = cutBehind(graph, behindStatistics(graph, roles), buffers);
  buffers.add(keptBuffers(stored));
  // Rows that are read from above the first output row need their statistics too.
  const rows = rowsFrom(above + planOnline(rest).up);
  const kernels = [
    onlineKernel(storing(graph, stored, stored), sizes, { buffers, rows }),
    onlineKernel(rest, sizes, { buffers, rows: rowsFrom(above) }),
  ];
  return kernels.map((kernel) => ({ launch: 'kernel', kernel }));
};
