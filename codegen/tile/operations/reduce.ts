// reduce: the sum or maximum along one axis, which must be valid throughout.
// The order of the terms is the target's.
import { demand, isWhole, matched, remaining } from '../inference.js';
import { computed, readerAt, spansOf } from '../interpreter/entries.js';
import type { RuntimeTile } from '../interpreter/memory.js';
import { axisLetter } from '../text/boxes.js';
import { axisOfKind, type Tile, type TileAxisKind } from '../types.js';
import { arithmetic, dtypeOfSum, none, type OperationDefinition, sizeOfBox, tileOn } from './definition.js';

export interface ReduceOperation {
  readonly op: 'reduce';
  readonly tile: Tile;
  readonly over: TileAxisKind;
  readonly monoid: 'sum' | 'max';
}

type Arguments = [tile: Tile, over: TileAxisKind, monoid: 'sum' | 'max'];

export const reduce: OperationDefinition<ReduceOperation, Arguments> = {
  gives: 'tile',
  operands: { tile: 'kept' },
  expressions: {},
  make: (tile, over, monoid) => ({
    operation: { op: 'reduce', tile, over, monoid },
    value: tileOn(remaining([tile], over)),
  }),
  infer({ tile, over }, declared) {
    const axis = axisOfKind(tile.axes, over);
    demand(axis !== undefined, `the tile has no ${over} axis`);
    demand(isWhole(axis), `the ${over} axis must be valid throughout`);
    const kept = remaining([tile], over);
    demand(kept.length === declared.axes.length, 'the result has all axes but the one that is reduced');
    return { ...declared, axes: matched(declared.axes, [kept]) };
  },
  dtypes: dtypeOfSum,
  text: ({ tile, over, monoid }, { nameOf }) => `${monoid} ${nameOf(tile)} over ${axisLetter(over)}`,
  implied: ({ tile, over }, value) => ({ ...value, axes: remaining([tile], over) }),
  neighbourhoods: none,
  work: ({ tile }) => arithmetic(sizeOfBox(tile)),
  interpret({ tile, over, monoid }, value, context) {
    const summed = (context.at(tile) as RuntimeTile).spans.find(({ kind }) => kind === over)!;
    const read = readerAt(tile, [...spansOf(value, context), summed], context);
    return computed(value, context, (index) => {
      let total = monoid === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
      for (let n = summed.start; n < summed.start + summed.size; n += 1) {
        const entry = read([...index, n]);
        total = monoid === 'sum' ? Math.fround(total + entry) : Math.max(total, entry);
      }
      return total;
    });
  },
};
