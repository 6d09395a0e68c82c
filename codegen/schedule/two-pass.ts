// The two-pass schedule: for weights of other rows or keys behind a normaliser. A first kernel gives every row's
// statistics, a second takes them as tables, so that what was a normaliser is an ordinary map of scores.

import { cutBehind, keptBuffers, storing } from './cut.js';
import { onlineKernel } from './online.js';
import { behindStatistics } from './passes.js';
import { planOnline } from './plan.js';
import { demand } from './reason.js';
import { assignRoles } from './roles.js';
import { rowsFrom } from './rows.js';
import type { StageScheduler } from './stages.js';

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
