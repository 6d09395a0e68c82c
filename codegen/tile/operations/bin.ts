// bin: adds each entry of a tile to the accumulator at a computed index, in a fixed order.
// An index outside of the accumulator adds nothing.
import type { Expression } from '../../../src/ir/index.js';
import { demand, isWhole, matched } from '../inference.js';
import { elementOf } from '../interpreter/entries.js';
import { forEachEntry, type RuntimeTile, type Span } from '../interpreter/memory.js';
import type { Tile } from '../types.js';
import { arithmetic, none, type OperationDefinition, onlyF32, sizeOfBox, tileOn } from './definition.js';

export interface BinOperation {
  readonly op: 'bin';
  readonly accumulator: Tile;
  readonly tile: Tile;
  readonly index: Expression;
}

export const bin: OperationDefinition<BinOperation, [accumulator: Tile, tile: Tile, index: Expression]> = {
  gives: 'tile',
  operands: { accumulator: 'table', tile: 'box' },
  expressions: {
    index: { what: 'the index', type: 'an integer', knows: ({ tile }) => ({ axes: tile.axes }) },
  },
  make: (accumulator, tile, index) => ({
    operation: { op: 'bin', accumulator, tile, index },
    value: tileOn(accumulator.axes),
  }),
  infer({ accumulator, tile }, declared) {
    demand(tile.axes.every(isWhole), 'the tile must be valid throughout');
    return { ...declared, axes: matched(declared.axes, [accumulator.axes]) };
  },
  dtypes: onlyF32,
  text: ({ accumulator, tile, index }, { nameOf, element }) =>
    `${nameOf(accumulator)} + bin ${nameOf(tile)} at ${element(index)}`,
  implied: ({ accumulator }, value) => ({ ...value, axes: accumulator.axes }),
  neighbourhoods: none,
  work: ({ tile }) => arithmetic(sizeOfBox(tile)),
  interpret({ accumulator, tile, index: place }, _, context) {
    const before = context.at(accumulator) as RuntimeTile;
    const source = context.at(tile) as RuntimeTile;
    const placeOf = elementOf(place, source.spans, [], context);
    const data = before.data.slice();
    const [table] = before.spans as [Span];
    forEachEntry(source.spans, (index, flat) => {
      const at = placeOf(index, []) - table.start;
      if (at >= 0 && at < table.size) data[at] = Math.fround(data[at]! + source.data[flat]!);
    });
    return { spans: before.spans, data };
  },
};
