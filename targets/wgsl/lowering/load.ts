// load: each thread reads the entries that it holds, four neighbours at once where they lie so.
// Reading further than a tile's wanted rows never happens: registers exist for wanted rows only.
import type { LoadOperation } from '../../../codegen/tile/operations/load.js';
import { axisOfKind, type Tile } from '../../../codegen/tile/types.js';
import type { KernelWriter } from '../kernel-writer.js';
import { fourOf, readBuffer } from './global-memory.js';

export function lowerLoad(writer: KernelWriter, { buffer, place }: LoadOperation, tile: Tile): void {
  const bound = writer.uses(buffer);
  writer.define(tile, 'load', (at) => {
    const offsets = writer.offsets(tile, at);
    const wide = writer.wideKind(tile, at.form);
    return readBuffer(writer, {
      bound,
      place,
      at: (kind) => writer.absolute(axisOfKind(tile.axes, kind)!, offsets.get(kind)!),
      four: wide && fourOf(writer, tile, wide, at.group),
    });
  });
}
