// The kernel of a pass: what stores a matrix of scores goes tile by tile, everything else along the keys.
// Which of the two it is follows from what the pass leaves behind.
import type { Kernel } from '../../tile/program.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import type { Pass } from '../partition/passes.js';
import type { RowRange } from '../partition/rows.js';
import type { TileSizes } from '../plan/tiles.js';
import { isScoreLike } from '../reads/score-reads.js';
import { onlineKernel } from './online.js';
import { storedScoresKernel } from './stored-scores.js';

/** The kernel of one pass over the given rows: a matrix of scores tile by tile, or statistics and outputs along the keys. */
export function passKernel({ graph, stores }: Pass, sizes: TileSizes, buffers: ProgramBuffers, rows: RowRange): Kernel {
  const [first] = stores;
  if (first && isScoreLike(first.node)) return storedScoresKernel(graph, first.buffer, buffers, sizes, rows);
  return onlineKernel(graph, sizes, { buffers, rows });
}
