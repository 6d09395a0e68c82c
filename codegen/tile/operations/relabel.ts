// relabel: the tile with its axis `from` called `to`, the same entries at the same indices. A product over features gives
// features along an extent, as no two axes of a tile are of one kind; this makes features of them again.
import { demand, matched } from '../inference.js';
import { computed, spansOf } from '../interpreter/entries.js';
import { type RuntimeTile, reader } from '../interpreter/memory.js';
import { axisLetter } from '../text/boxes.js';
import { axisOfKind, type Tile, type TileAxis, type TileAxisKind } from '../types.js';
import { none, noWork, type OperationDefinition, tileOn } from './definition.js';

export interface RelabelOperation {
  readonly op: 'relabel';
  readonly tile: Tile;
  readonly from: TileAxisKind;
  readonly to: TileAxisKind;
}

type Arguments = [tile: Tile, from: TileAxisKind, to: TileAxisKind];

const axesOf = ({ tile, from, to }: RelabelOperation): readonly TileAxis[] =>
  tile.axes.map((each) => (each.kind === from ? { ...each, kind: to } : each));

export const relabel: OperationDefinition<RelabelOperation, Arguments> = {
  gives: 'tile',
  operands: { tile: 'kept' },
  renamed: ({ from, to }) => ({ from, to }),
  expressions: {},
  make(tile, from, to) {
    const operation = { op: 'relabel', tile, from, to } as const;
    return { operation, value: tileOn(axesOf(operation), tile.dtype) };
  },
  infer(operation, declared) {
    const { tile, from, to } = operation;
    demand(axisOfKind(tile.axes, from) !== undefined, `the tile has no ${from} axis`);
    demand(from === to || axisOfKind(tile.axes, to) === undefined, `the tile has a ${to} axis already`);
    demand(tile.axes.length === declared.axes.length, 'the result has the axes of the tile');
    return { ...declared, axes: matched(declared.axes, [axesOf(operation)]) };
  },
  dtypes: ({ tile }) => [tile.dtype],
  text: ({ tile, from, to }, { nameOf }) => `relabel ${nameOf(tile)} ${axisLetter(from)} as ${axisLetter(to)}`,
  implied: (operation, value) => ({ ...value, axes: axesOf(operation) }),
  neighbourhoods: none,
  work: noWork,
  interpret({ tile, from, to }, value, context) {
    const source = context.at(tile) as RuntimeTile;
    const spans = source.spans.map((span) => (span.kind === from ? { ...span, kind: to } : span));
    return computed(value, context, reader({ ...source, spans }, spansOf(value, context), context.run.poison));
  },
};
