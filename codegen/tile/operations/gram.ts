// gram: accumulator[x] + Σ_{i, j} source(i + queryOffset, j + keyOffset) · tile(i, j), for each tap x: the gradient of a
// stencil's kernel.
import { demand, isWhole, matched } from '../inference.js';
import { computed, neighbourReader, queryAndKey, readerAt, spansOf } from '../interpreter/entries.js';
import { forEachEntry, type RuntimeTile, sizeOf, TileProgramError } from '../interpreter/memory.js';
import type { NeighbourSource, Tile } from '../types.js';
import { arithmetic, type OperationDefinition, onlyF32, sizeOfBox, tileOn } from './definition.js';
import { extentsText, neighbourText, offsetRules, offsetsOfTaps, type Taps } from './taps.js';

export interface GramOperation extends Taps {
  readonly op: 'gram';
  readonly accumulator: Tile;
  readonly source: NeighbourSource;
  readonly tile: Tile;
}

type Arguments = [accumulator: Tile, source: NeighbourSource, tile: Tile, taps: Taps];

export const gram: OperationDefinition<GramOperation, Arguments> = {
  gives: 'tile',
  operands: { accumulator: 'table', source: 'near', tile: 'box' },
  expressions: offsetRules,
  make: (accumulator, source, tile, taps) => ({
    operation: { op: 'gram', accumulator, source, tile, ...taps },
    value: tileOn(accumulator.axes),
  }),
  infer({ accumulator, tile }, declared) {
    demand(tile.axes.every(isWhole), 'the tile must be valid throughout');
    return { ...declared, axes: matched(declared.axes, [accumulator.axes]) };
  },
  dtypes: onlyF32,
  text: ({ accumulator, source, tile, ...taps }, { nameOf }) =>
    `${nameOf(accumulator)} + gram of ${extentsText(taps.counters)}: ` +
    `sum(i, j) ${nameOf(source)}${neighbourText(taps)} * ${nameOf(tile)}`,
  implied: ({ accumulator }, value) => ({ ...value, axes: accumulator.axes }),
  neighbourhoods: ({ source, tile, counters, queryOffset: query, keyOffset: key }) => [
    { source, axes: tile.axes, counters, offsets: { query, key }, isInferred: false },
  ],
  meets: ({ tile, source }) => [{ tile, other: source }],
  work: ({ tile }, value) => arithmetic(2 * sizeOfBox(value) * sizeOfBox(tile), 'stencil'),
  interpret(operation, value, context) {
    const { accumulator, source, tile } = operation;
    const entryAt = neighbourReader(source, context);
    const factor = context.at(tile) as RuntimeTile;
    const spans = spansOf(value, context);
    const before = readerAt(accumulator, spans, context);
    const [queryAt, keyAt] = queryAndKey(factor.spans);
    const taps = offsetsOfTaps(operation, spans, context);
    if (taps.length !== sizeOf(spans.map(({ size }) => size)))
      throw new TileProgramError('a gram has one entry for each tap');
    return computed(value, context, (index) => {
      const { query, key } = taps[index[0]! - spans[0]!.start]!;
      let total = before(index);
      forEachEntry(factor.spans, (place, flat) => {
        const entry = entryAt(place[queryAt]! + query, place[keyAt]! + key);
        total = Math.fround(total + entry * factor.data[flat]!);
      });
      return total;
    });
  },
};
