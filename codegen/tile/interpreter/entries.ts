// What the interpretation of single operations is made of: tiles computed entry by entry, element expressions as functions
// of indices, entries of operands and of rings. It knows no operation.
import { compileExpression, type NodeValue } from '../../../src/interpreter/evaluate.js';
import type { Expression, Node } from '../../../src/ir/index.js';
import { roundTo } from '../../../src/tensors/index.js';
import { operandIndex } from '../elements.js';
import { type NeighbourSource, type Tile, type TileDtype, tileVariables, type View } from '../types.js';
import type { OperationContext } from './interpret.js';
import {
  forEachEntry,
  type RuntimeTile,
  type RuntimeValue,
  reader,
  type Span,
  sizeOf,
  TileProgramError,
} from './memory.js';

const rounded: Readonly<Record<TileDtype, (x: number) => number>> = {
  f32: Math.fround,
  f16: (x) => roundTo('f16', x),
  bf16: (x) => roundTo('bf16', x),
  int: (x) => x,
};

/** The numeric box of a tile. */
export const spansOf = ({ axes }: Tile, { run, scope }: OperationContext): readonly Span[] => run.spans(axes, scope);

/** A tile whose entries are computed one by one. */
export function computed(
  tile: Tile,
  context: OperationContext,
  entry: (index: readonly number[]) => number,
): RuntimeTile {
  const spans = spansOf(tile, context);
  const data = new Float64Array(sizeOf(spans.map(({ size }) => size)));
  const round = rounded[tile.dtype];
  forEachEntry(spans, (index, flat) => {
    data[flat] = round(entry(index));
  });
  return { spans, data };
}

type Element = (index: readonly number[], values: readonly number[]) => number;

/** An element expression as a function of the indices of `spans`, with further variables of its own. */
export function elementOf(
  expression: Expression,
  spans: readonly Span[],
  further: readonly string[],
  { run, scope }: OperationContext,
  cells: (node: Node) => NodeValue | undefined = () => undefined,
): Element {
  const own = spans.map(({ kind }) => tileVariables[kind]);
  // An index of the box hides a scalar of the same name.
  const outer = [...scope].filter(([name]) => !own.includes(name) && !further.includes(name));
  const names = [...own, ...further, 'R', ...outer.map(([name]) => name)];
  const evaluate = compileExpression(expression, names, run.environment(cells));
  const frame = new Float64Array(names.length);
  frame.set([run.sizes.rows, ...outer.map(([, number]) => number)], own.length + further.length);
  return (index, values) => {
    for (let n = 0; n < own.length; n += 1) frame[n] = index[n]!;
    for (let n = 0; n < further.length; n += 1) frame[own.length + n] = values[n]!;
    return evaluate(frame);
  };
}

/** The value of an expression of operands at each entry of a tile. `further` knows what else it reads. */
export function valueAtEntries(
  expression: Expression,
  operands: readonly Tile[],
  tile: Tile,
  context: OperationContext,
  further: (node: Node) => NodeValue | undefined = () => undefined,
): RuntimeTile {
  const spans = spansOf(tile, context);
  // Cells hold the operands' entries while an element is computed.
  const cells = operands.map(() => ({ data: new Float64Array(1), sizes: [], starts: [] }));
  const readers = operands.map((each) => readerAt(each, spans, context));
  const evaluate = elementOf(
    expression,
    spans,
    [],
    context,
    (node) => cells[operandIndex(node) ?? -1] ?? further(node),
  );
  return computed(tile, context, (index) => {
    for (let n = 0; n < readers.length; n += 1) cells[n]!.data[0] = readers[n]!(index);
    return evaluate(index, []);
  });
}

/** Reads a tile at the indices of `of`. */
export const readerAt = (tile: Tile, of: readonly Span[], { at, run }: OperationContext) =>
  reader(at(tile) as RuntimeTile, of, run.poison);

/** A side of a product: a tile, or the part of a buffer that a view shows. */
export function sideIn(side: Tile | View, { at, run, scope }: OperationContext): RuntimeTile {
  if (side.kind === 'tile') return at(side) as RuntimeTile;
  return run.load(side.buffer, side.place, run.spans(side.axes, scope), scope);
}

/** The places of queries and keys among the axes of a box. */
export const queryAndKey = (spans: readonly Span[]): readonly [number, number] => [
  spans.findIndex(({ kind }) => kind === 'query'),
  spans.findIndex(({ kind }) => kind === 'key'),
];

interface Range {
  readonly start: number;
  readonly size: number;
}

/** The queries and keys that a ring or a tile holds, and its entries at them. */
export interface SourceBox {
  readonly query: Range;
  readonly key: Range;
  readonly at: (query: number, key: number) => number;
}

export function sourceBox(source: RuntimeValue): SourceBox {
  if ('spans' in source) {
    const { spans, data } = source;
    const [queryAt, keyAt] = queryAndKey(spans);
    const [query, key] = [spans[queryAt]!, spans[keyAt]!];
    const strides = queryAt < keyAt ? [key.size, 1] : [1, query.size];
    return { query, key, at: (i, j) => data[(i - query.start) * strides[0]! + (j - key.start) * strides[1]!]! };
  }
  const { ring, acrossStart, end, data } = source;
  const { capacity } = ring;
  const [along, across] = [
    { start: end - capacity, size: capacity },
    { start: acrossStart, size: ring.across.size },
  ];
  const entry = (row: number, column: number): number => data[(row - across.start) * capacity + column - along.start]!;
  return ring.axis === 'key'
    ? { query: across, key: along, at: entry }
    : { query: along, key: across, at: (i, j) => entry(j, i) };
}

const holds = ({ start, size }: Range, index: number): boolean => index >= start && index < start + size;

/** Reads entries of a ring or tile at absolute indices: poison beside its box, an error along a ring where it holds nothing. */
export function neighbourReader(source: NeighbourSource, { at, run }: OperationContext) {
  const { query, key, at: entry } = sourceBox(at(source));
  return (i: number, j: number): number => {
    if (source.kind === 'ring') {
      const [{ start, size }, along] = source.axis === 'key' ? [key, j] : [query, i];
      if (along < start || along >= start + size) {
        throw new TileProgramError(`a ring that holds [${start}, ${start + size}) is read at ${along}`);
      }
    }
    return holds(query, i) && holds(key, j) ? entry(i, j) : run.poison;
  };
}
