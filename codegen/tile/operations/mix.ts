// mix: Σ_n weight(n) · tiles[n], one head out of a group.
// The weight knows n by the variable `n`, and may vary by row or column.
import type { Expression } from '../../../src/ir/index.js';
import { demand, matched, union } from '../inference.js';
import { computed, elementOf, readerAt, spansOf } from '../interpreter/entries.js';
import type { Tile } from '../types.js';
import { arithmetic, none, type OperationDefinition, onlyF32, sizeOfBox, tileOn } from './definition.js';
import { sumText } from './taps.js';

export interface MixOperation {
  readonly op: 'mix';
  readonly tiles: readonly Tile[];
  readonly weight: Expression;
}

export const mix: OperationDefinition<MixOperation, [tiles: readonly Tile[], weight: Expression]> = {
  gives: 'tile',
  operands: { tiles: 'entry' },
  expressions: {
    weight: { what: 'the weight', type: 'a number', knows: (_, { axes }) => ({ axes, further: ['n'] }) },
  },
  make: (tiles, weight) => ({ operation: { op: 'mix', tiles, weight }, value: tileOn(union(tiles)) }),
  infer({ tiles }, declared) {
    demand(tiles.length > 0, 'a mix needs at least one tile');
    const boxes = tiles.map(({ axes }) => axes);
    return { ...declared, axes: matched(declared.axes, boxes) };
  },
  dtypes: onlyF32,
  text: ({ tiles, weight }, { nameOf, element }) =>
    `mix ${sumText([{ name: 'n', extent: tiles.length }])}${element(weight)} * [${tiles.map(nameOf).join(', ')}][n]`,
  implied: ({ tiles }, value) => (tiles[0] ? { ...value, axes: tiles[0].axes } : undefined),
  neighbourhoods: none,
  work: ({ tiles }, value) => arithmetic(2 * sizeOfBox(value) * tiles.length),
  interpret({ tiles, weight }, value, context) {
    const spans = spansOf(value, context);
    const readers = tiles.map((tile) => readerAt(tile, spans, context));
    const weightAt = elementOf(weight, spans, ['n'], context);
    return computed(value, context, (index) =>
      readers.reduce((total, read, n) => Math.fround(total + weightAt(index, [n]) * read(index)), 0),
    );
  },
};
