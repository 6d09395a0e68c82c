// load: each thread reads the entries that it holds, 0 outside of the buffer.
// What several threads hold, all of them read. Neighbours of a stored matrix of 16 bits are one word.
import type { LoadOperation } from '../../../codegen/tile/operations/load.js';
import { axisOfKind, type Tile, type TileAxisKind } from '../../../codegen/tile/types.js';
import type { KernelWriter } from '../kernel-writer.js';
import type { Code } from '../text/code.js';
import { readEntry } from './global-memory.js';
import { isMatrixInPairs, loadMatrix } from './matrix-pairs.js';

export function lowerLoad(writer: KernelWriter, { buffer, place }: LoadOperation, tile: Tile): void {
  const bound = writer.uses(buffer);
  if (isMatrixInPairs(writer, tile, buffer, place)) {
    loadMatrix(writer, { tile, bound, place });
    return;
  }
  writer.define(tile, 'load', (form) => {
    const offsets = writer.offsets(tile, form);
    const at = (kind: TileAxisKind): Code => writer.absolute(axisOfKind(tile.axes, kind)!, offsets.get(kind)!);
    return readEntry(writer, { bound, place, at });
  });
}
