// An estimate of how long a program takes, in operations: what it computes, moves and launches at one nominal length. It
// only orders the schedules of one graph; what fits is the target's to say.

import type { LaunchSizes } from '../../tile/interpreter/memory.js';
import type { TileProgram } from '../../tile/program.js';
import { workOf } from './work.js';

/** A prefill that is long enough for halos and edges to count as they do in use. */
export const nominalSizes: LaunchSizes = { batch: 1, queries: 2048, keys: 2048, rows: 2048 };

/** Operations that a device does while it moves a byte between caches and registers; 8 to 20 on those that we know. */
const OPERATIONS_PER_BYTE = 16;

/** Operations that a device could do while it starts a kernel: ten microseconds at ten tera-operations a second. */
const OPERATIONS_PER_LAUNCH = 1e8;

const estimates = new WeakMap<TileProgram, number>();

export function estimateOf(program: TileProgram): number {
  let estimate = estimates.get(program);
  if (estimate === undefined) {
    const { operations, bytes, launches } = workOf(program, nominalSizes, { samples: 8 });
    estimate = operations + OPERATIONS_PER_BYTE * bytes + OPERATIONS_PER_LAUNCH * launches;
    estimates.set(program, estimate);
  }
  return estimate;
}
