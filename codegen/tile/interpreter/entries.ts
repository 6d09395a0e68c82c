// What the interpretation of single operations is made of: tiles computed entry by entry, element expressions as functions
// of indices, entries of operands and of rings. It knows no operation.
import { compileExpression, type NodeValue } from '../../../src/interpreter/evaluate.js';
import type { Expression, Node } from '../../../src/ir/index.js';
import { roundTo } from '../../../src/tensors/index.js';
import { operandIndex } from '../elements.js';
import { type Tile, type TileDtype, tileVariables, type View } from '../types.js';
import type { OperationContext } from './interpret.js';
import {
  forEachEntry,
  type RuntimeRing,
  type RuntimeTile,
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

/** The ring's entry at absolute indices: poison across its box, an error along it where it holds nothing. */
export function ringEntry({ ring, acrossStart, end, data }: RuntimeRing, query: number, key: number, poison: number) {
  const [along, across] = ring.axis === 'key' ? [key, query] : [query, key];
  const column = along - (end - ring.capacity);
  if (column < 0 || column >= ring.capacity) {
    throw new TileProgramError(`a ring that holds [${end - ring.capacity}, ${end}) is read at ${along}`);
  }
  const row = across - acrossStart;
  return row < 0 || row >= ring.across.size ? poison : data[row * ring.capacity + column]!;
}
