// How many query rows a band of the slab schedule has: enough blocks to fill a device, few halo rows that neighbouring
// bands compute twice, and scratch that is bounded however long the sequence is.

import type { TileSizes } from '../plan/tiles.js';

export interface BandNeeds {
  readonly sizes: TileSizes;
  /** Blocks along the heads. */
  readonly heads: number;
  /** Rows around a band that its scores are needed at. */
  readonly halo: number;
  /** The heads of each matrix of scores that is kept. */
  readonly matrices: readonly number[];
}

/** Blocks that keep a large device busy; a kernel with fewer leaves some of it idle. */
const ENOUGH_BLOCKS = 64;
/** At most this share of the rows of a band is computed for its neighbours' sake. */
const LARGEST_HALO_SHARE = 1 / 8;
/** Bytes of one matrix for one key: 16384 keys are then 128 MiB, which is the largest binding by default. */
const MOST_BYTES_PER_KEY = 8192;
const BYTES = 4;

/** The rows of a band: a whole number of blocks. */
export function bandRows({ sizes: { rows, band }, heads, halo, matrices }: BandNeeds): number {
  const wanted = Math.max((ENOUGH_BLOCKS / heads) * rows, halo / LARGEST_HALO_SHARE);
  const bounded = MOST_BYTES_PER_KEY / (BYTES * Math.max(1, ...matrices)) - halo;
  const blocks = Math.max(1, Math.min(Math.ceil(wanted / rows), Math.floor(bounded / rows)));
  return band ?? blocks * rows;
}
