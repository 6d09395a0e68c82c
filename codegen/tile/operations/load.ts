// load: the part of a buffer that a place names; 0 outside of the buffer.
// A product takes a view instead, which moves nothing.
import { demand } from '../inference.js';
import { spansOf } from '../interpreter/entries.js';
import { printPlace } from '../text/boxes.js';
import { axisOfKind, type Buffer, type Placement, type TileAxis } from '../types.js';
import { none, type OperationDefinition, sizeOfBox, tileOn } from './definition.js';

export interface LoadOperation {
  readonly op: 'load';
  readonly buffer: Buffer;
  readonly place: Placement;
}

type Arguments = [buffer: Buffer, place: Placement, axes: readonly TileAxis[]];

export const load: OperationDefinition<LoadOperation, Arguments> = {
  gives: 'tile',
  operands: { buffer: 'memory' },
  expressions: {},
  make: (buffer, place, axes) => ({ operation: { op: 'load', buffer, place }, value: tileOn(axes, buffer.dtype) }),
  infer({ buffer, place }, declared) {
    const [own, given] = [buffer.axes.length, place.length];
    demand(own === given, `${buffer.name} has ${own} axes, the place ${given}`);
    for (const entry of place) {
      if ('along' in entry) {
        demand(axisOfKind(declared.axes, entry.along) !== undefined, `the tile has no ${entry.along} axis`);
      }
    }
    return declared;
  },
  dtypes: ({ buffer }) => [buffer.dtype],
  text: ({ buffer, place }, _, { axes }) => `load ${printPlace(buffer, place, axes)}`,
  // The place shows the box of each axis that runs along the buffer.
  implied: ({ place }, tile) =>
    tile.axes.every(({ kind }) => place.some((entry) => 'along' in entry && entry.along === kind)) ? tile : undefined,
  neighbourhoods: none,
  work: (_, tile) => ({ operations: 0, entries: sizeOfBox(tile), bytes: 0 }),
  interpret: ({ buffer, place }, tile, context) =>
    context.run.load(buffer, place, spansOf(tile, context), context.scope),
};
