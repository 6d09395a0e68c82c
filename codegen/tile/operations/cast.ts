// cast: the tile in another dtype.
// The only operation that rounds to anything but f32.
import { matched } from '../inference.js';
import { computed, readerAt, spansOf } from '../interpreter/entries.js';
import type { Tile, TileDtype } from '../types.js';
import { everyDtype, none, noWork, type OperationDefinition, tileOn } from './definition.js';

export interface CastOperation {
  readonly op: 'cast';
  readonly tile: Tile;
}

export const cast: OperationDefinition<CastOperation, [tile: Tile, dtype: TileDtype]> = {
  gives: 'tile',
  operands: { tile: 'entry' },
  expressions: {},
  make: (tile, dtype) => ({ operation: { op: 'cast', tile }, value: tileOn(tile.axes, dtype) }),
  infer: ({ tile }, declared) => ({ ...declared, axes: matched(declared.axes, [tile.axes]) }),
  dtypes: everyDtype,
  text: ({ tile }, { nameOf }, { dtype }) => `cast ${nameOf(tile)} to ${dtype}`,
  implied: ({ tile }, value) => ({ ...value, axes: tile.axes }),
  neighbourhoods: none,
  work: noWork,
  interpret: ({ tile }, value, context) => computed(value, context, readerAt(tile, spansOf(value, context), context)),
};
