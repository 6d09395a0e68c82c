// powerOfTwo: 2^(tile · factor − reference), with the product unrounded where a device has a multiply-add. Rows have a factor and a
// reference, which is no infinity that the tile has too: what is −Infinity gives 0.
import { matched, union } from '../inference.js';
import { computed, readerAt, spansOf } from '../interpreter/entries.js';
import type { Tile } from '../types.js';
import { arithmetic, none, type OperationDefinition, onlyF32, sizeOfBox, tileOn } from './definition.js';

export interface PowerOfTwoOperation {
  readonly op: 'powerOfTwo';
  readonly tile: Tile;
  readonly reference: Tile;
  /** Above 0; 1 where it is absent. */
  readonly factor?: Tile | undefined;
}

type Arguments = [tile: Tile, reference: Tile, factor?: Tile];

const operandsOf = ({ tile, reference, factor }: PowerOfTwoOperation): readonly Tile[] =>
  factor ? [tile, reference, factor] : [tile, reference];

/** A product, a difference and a power. */
const OPERATIONS = 3;

export const powerOfTwo: OperationDefinition<PowerOfTwoOperation, Arguments> = {
  gives: 'tile',
  operands: { tile: 'entry', reference: 'entry', factor: 'entry' },
  expressions: {},
  make(tile, reference, factor) {
    const operation = { op: 'powerOfTwo', tile, reference, ...(factor && { factor }) } as const;
    return { operation, value: tileOn(union(operandsOf(operation))) };
  },
  infer: (operation, declared) => ({
    ...declared,
    axes: matched(
      declared.axes,
      operandsOf(operation).map(({ axes }) => axes),
    ),
  }),
  dtypes: onlyF32,
  text: ({ tile, reference, factor }, { nameOf }) =>
    `2 ** (${nameOf(tile)}${factor ? ` * ${nameOf(factor)}` : ''} - ${nameOf(reference)})`,
  implied: (operation, value) => ({ ...value, axes: union(operandsOf(operation)) }),
  neighbourhoods: none,
  work: (_, value) => arithmetic(OPERATIONS * sizeOfBox(value)),
  interpret({ tile, reference, factor }, value, context) {
    const spans = spansOf(value, context);
    const [x, m] = [tile, reference].map((each) => readerAt(each, spans, context)) as [Reader, Reader];
    const scale: Reader = factor ? readerAt(factor, spans, context) : () => 1;
    return computed(value, context, (index) => 2 ** Math.fround(x(index) * scale(index) - m(index)));
  },
};

type Reader = ReturnType<typeof readerAt>;
