// What each tile operation does, entry by entry: one rule an operation, in the order of the table of operations.
// Results are rounded to the dtype of the value that they are assigned to, which is where a device rounds them.
import { compileExpression, type NodeValue } from '../../../src/interpreter/evaluate.js';
import { apply, type Expression, type Node, readsOf, variable } from '../../../src/ir/index.js';
import { roundTo } from '../../../src/tensors/index.js';
import { countersOf, rangeOver } from '../infer.js';
import {
  operandIndex,
  ringIndex,
  type TapCounter,
  type TileOperationName,
  type TileOperationOf,
} from '../operations.js';
import { type Ring, type Tile, type TileDtype, tileVariables, type Value, type View } from '../types.js';
import type { OperationContext } from './interpret.js';
import {
  forEachEntry,
  type RuntimeRing,
  type RuntimeTile,
  type RuntimeValue,
  reader,
  type Span,
  sizeOf,
  TileProgramError,
} from './memory.js';

type Rule<Op extends TileOperationName> = (
  operation: TileOperationOf<Op>,
  value: Value,
  context: OperationContext,
) => RuntimeValue;

const rounded: Readonly<Record<TileDtype, (x: number) => number>> = {
  f32: Math.fround,
  f16: (x) => roundTo('f16', x),
  bf16: (x) => roundTo('bf16', x),
  int: (x) => x,
};

/** A tile for `value` whose entries are computed one by one. */
function tileOf(
  value: Value,
  { run, scope }: OperationContext,
  entry: (index: readonly number[]) => number,
): RuntimeTile {
  const { axes, dtype } = value as Tile;
  const spans = run.spans(axes, scope);
  const data = new Float64Array(sizeOf(spans.map(({ size }) => size)));
  forEachEntry(spans, (index, flat) => {
    data[flat] = rounded[dtype](entry(index));
  });
  return { spans, data };
}

/** An element expression as a function of the indices of `spans`, with further variables of its own. */
function element(
  expression: Expression,
  spans: readonly Span[],
  further: readonly string[],
  { run, scope }: OperationContext,
  cells: (node: Node) => NodeValue | undefined,
): (index: readonly number[], values: readonly number[]) => number {
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

/** Cells that hold the operands' entries while an element is computed. */
function operandCells(operands: readonly Tile[], spans: readonly Span[], context: OperationContext) {
  const cells = operands.map(() => ({ data: new Float64Array(1), sizes: [], starts: [] }));
  const readers = operands.map((tile) => readerAt(tile, spans, context));
  return {
    cellOf: (node: Node): NodeValue | undefined => {
      const n = operandIndex(node);
      return n === undefined ? undefined : cells[n];
    },
    fill: (index: readonly number[]): void => {
      for (let n = 0; n < readers.length; n += 1) cells[n]!.data[0] = readers[n]!(index);
    },
  };
}

/** Reads a value's tile at the indices of `of`. */
const readerAt = (value: Value, of: readonly Span[], { at, run }: OperationContext) =>
  reader(at(value) as RuntimeTile, of, run.poison);

function operandOf(operandValue: Tile | View, context: OperationContext): RuntimeTile {
  if (operandValue.kind === 'tile') return context.at(operandValue) as RuntimeTile;
  const { buffer, place, axes } = operandValue;
  return context.run.load(buffer, place, context.run.spans(axes, context.scope), context.scope);
}

/** All combinations of counter values, the last counter fastest. */
function combinations(counters: readonly TapCounter[]): readonly (readonly number[])[] {
  return counters.reduce<readonly (readonly number[])[]>(
    (before, { extent }) => before.flatMap((each) => Array.from({ length: extent }, (_, n) => [...each, n])),
    [[]],
  );
}

/** The ring's entry at absolute indices: poison across its box, an error along it where it holds nothing. */
function ringEntry({ ring, acrossStart, end, data }: RuntimeRing, query: number, key: number, poison: number): number {
  const [along, across] = ring.axis === 'key' ? [key, query] : [query, key];
  const column = along - (end - ring.capacity);
  if (column < 0 || column >= ring.capacity) {
    throw new TileProgramError(`a ring that holds [${end - ring.capacity}, ${end}) is read at ${along}`);
  }
  const row = across - acrossStart;
  return row < 0 || row >= ring.across.size ? poison : data[row * ring.capacity + column]!;
}

type Rules = { readonly [Op in TileOperationName]: Rule<Op> };

export const operationRules: Rules = {
  constant: ({ value: constant }, value, context) => tileOf(value, context, () => constant),

  load({ buffer, place }, value, context) {
    const { run, scope } = context;
    return run.load(buffer, place, run.spans((value as Tile).axes, scope), scope);
  },

  matmul({ accumulator, left, right, over }, value, context) {
    const sides = [operandOf(left, context), operandOf(right, context)] as const;
    const summed = sides[0].spans.find(({ kind }) => kind === over)!;
    const spans = context.run.spans((value as Tile).axes, context.scope);
    const all = [...spans, summed];
    const { poison } = context.run;
    const [readLeft, readRight] = [reader(sides[0], all, poison), reader(sides[1], all, poison)];
    const before = accumulator ? readerAt(accumulator, spans, context) : () => 0;
    return tileOf(value, context, (index) => {
      let total = before(index);
      const place = [...index, 0];
      for (let n = summed.start; n < summed.start + summed.size; n += 1) {
        place[index.length] = n;
        total = Math.fround(total + readLeft(place) * readRight(place));
      }
      return total;
    });
  },

  map({ operands, value: expression }, value, context) {
    const spans = context.run.spans((value as Tile).axes, context.scope);
    const cells = operandCells(operands, spans, context);
    const evaluate = element(expression, spans, [], context, cells.cellOf);
    return tileOf(value, context, (index) => {
      cells.fill(index);
      return evaluate(index, []);
    });
  },

  cast({ tile }, value, context) {
    return tileOf(value, context, readerAt(tile, context.run.spans((value as Tile).axes, context.scope), context));
  },

  relabel({ tile, from, to }, value, context) {
    const source = context.at(tile) as RuntimeTile;
    const spans = source.spans.map((span) => (span.kind === from ? { ...span, kind: to } : span));
    const of = context.run.spans((value as Tile).axes, context.scope);
    return tileOf(value, context, reader({ ...source, spans }, of, context.run.poison));
  },

  reduce({ tile, over, monoid }, value, context) {
    const source = context.at(tile) as RuntimeTile;
    const summed = source.spans.find(({ kind }) => kind === over)!;
    const read = readerAt(tile, [...context.run.spans((value as Tile).axes, context.scope), summed], context);
    return tileOf(value, context, (index) => {
      let total = monoid === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
      for (let n = summed.start; n < summed.start + summed.size; n += 1) {
        const entry = read([...index, n]);
        total = monoid === 'sum' ? Math.fround(total + entry) : Math.max(total, entry);
      }
      return total;
    });
  },

  ring({ end, initial }, value, { run, scope }) {
    const ring = value as Ring;
    const acrossStart = run.scalar(ring.across.origin, scope);
    const data = new Float64Array(ring.across.size * ring.capacity).fill(initial);
    return { ring, acrossStart, end: run.scalar(end, scope), data };
  },

  push({ ring: before, tile }, value, { at, run }) {
    const { ring, acrossStart, end, data } = at(before) as RuntimeRing;
    const pushed = at(tile) as RuntimeTile;
    const alongSpan = pushed.spans.find(({ kind }) => kind === ring.axis)!;
    if (alongSpan.start !== end) {
      throw new TileProgramError(`a ring that ends at ${end} is pushed a tile that starts at ${alongSpan.start}`);
    }
    const { capacity, across } = ring;
    const next = new Float64Array(data.length);
    const acrossSpan: Span = { kind: across.kind, start: acrossStart, size: across.size };
    const read = reader(pushed, [acrossSpan, alongSpan], run.poison);
    for (let row = 0; row < across.size; row += 1) {
      for (let column = 0; column < capacity; column += 1) {
        const position = end + alongSpan.size - capacity + column;
        const entry =
          position < end ? data[row * capacity + column + alongSpan.size]! : read([acrossStart + row, position]);
        next[row * capacity + column] = entry;
      }
    }
    return { ring: value as Ring, acrossStart, end: end + alongSpan.size, data: next };
  },

  stencil({ ring, counters, queryOffset, keyOffset, weight, guard }, value, context) {
    const source = context.at(ring) as RuntimeRing;
    const spans = context.run.spans((value as Tile).axes, context.scope);
    const [queryAt, keyAt] = (['query', 'key'] as const).map((kind) => spans.findIndex((span) => span.kind === kind));
    const names = counters.map(({ name }) => name);
    const none = () => undefined;
    const compile = (expression: Expression) => element(expression, spans, names, context, none);
    const [offsetOfQuery, offsetOfKey, weightAt] = [queryOffset, keyOffset, weight].map(compile) as [
      Element,
      Element,
      Element,
    ];
    const holds = guard ? compile(guard) : () => 1;
    const first = spans.map(({ start }) => start);
    // Offsets are those of a tap wherever it is used.
    const taps = combinations(counters).map((tap) => ({
      tap,
      query: offsetOfQuery(first, tap),
      key: offsetOfKey(first, tap),
    }));
    return tileOf(value, context, (index) => {
      let total = 0;
      for (const { tap, query, key } of taps) {
        if (holds(index, tap) === 0) continue;
        const entry = ringEntry(source, index[queryAt!]! + query, index[keyAt!]! + key, context.run.poison);
        total = Math.fround(total + weightAt(index, tap) * entry);
      }
      return total;
    });
  },

  window({ rings, operands, value: expression }, value, context) {
    const spans = context.run.spans((value as Tile).axes, context.scope);
    const cells = operandCells(operands, spans, context);
    const windows = rings.map((ring, n) => {
      const source = context.at(ring) as RuntimeRing;
      return poisonedWindow(source, marginOf(source, n, expression, spans), context.run.poison);
    });
    const evaluate = element(expression, spans, [], context, (node) => {
      const n = ringIndex(node);
      return n === undefined ? cells.cellOf(node) : windows[n];
    });
    return tileOf(value, context, (index) => {
      cells.fill(index);
      return evaluate(index, []);
    });
  },

  mix({ tiles, weight }, value, context) {
    const spans = context.run.spans((value as Tile).axes, context.scope);
    const readers = tiles.map((tile) => readerAt(tile, spans, context));
    const weightAt = element(weight, spans, ['n'], context, () => undefined);
    return tileOf(value, context, (index) =>
      readers.reduce((total, read, n) => Math.fround(total + weightAt(index, [n]) * read(index)), 0),
    );
  },

  gram({ accumulator, ring, tile, counters, queryOffset, keyOffset }, value, context) {
    const source = context.at(ring) as RuntimeRing;
    const factor = context.at(tile) as RuntimeTile;
    const spans = context.run.spans((value as Tile).axes, context.scope);
    const before = readerAt(accumulator, spans, context);
    const [queryAt, keyAt] = (['query', 'key'] as const).map((kind) =>
      factor.spans.findIndex((span) => span.kind === kind),
    );
    const names = counters.map(({ name }) => name);
    const [offsetOfQuery, offsetOfKey] = [queryOffset, keyOffset].map((each) =>
      element(each, spans, names, context, () => undefined),
    ) as [Element, Element];
    const taps = combinations(counters);
    if (taps.length !== sizeOf(spans.map(({ size }) => size)))
      throw new TileProgramError('a gram has one entry for each tap');
    return tileOf(value, context, (index) => {
      const tap = taps[index[0]! - spans[0]!.start]!;
      let total = before(index);
      forEachEntry(factor.spans, (place, flat) => {
        const entry = ringEntry(
          source,
          place[queryAt!]! + offsetOfQuery(index, tap),
          place[keyAt!]! + offsetOfKey(index, tap),
          context.run.poison,
        );
        total = Math.fround(total + entry * factor.data[flat]!);
      });
      return total;
    });
  },

  bin({ accumulator, tile, index: place }, _value, context) {
    const before = context.at(accumulator) as RuntimeTile;
    const source = context.at(tile) as RuntimeTile;
    const placeOf = element(place, source.spans, [], context, () => undefined);
    const data = before.data.slice();
    const [table] = before.spans as [Span];
    forEachEntry(source.spans, (index, flat) => {
      const at = placeOf(index, []) - table.start;
      if (at >= 0 && at < table.size) data[at] = Math.fround(data[at]! + source.data[flat]!);
    });
    return { spans: before.spans, data };
  },
};

type Element = (index: readonly number[], values: readonly number[]) => number;

/** How far beside the ring's box a window reads, at most. */
function marginOf(
  { ring, acrossStart, end }: RuntimeRing,
  n: number,
  value: Expression,
  spans: readonly Span[],
): number {
  const counters = countersOf(value);
  let margin = 0;
  for (const { source, index } of readsOf(value)) {
    if (ringIndex(source) !== n) continue;
    for (const [slot, kind] of (['query', 'key'] as const).entries()) {
      const span = spans.find((each) => each.kind === kind)!;
      const { low, high } = rangeOver(apply('subtract', index[slot]!, variable(tileVariables[kind])), counters);
      const isAlong = kind === ring.axis;
      const [start, size] = isAlong ? [end - ring.capacity, ring.capacity] : [acrossStart, ring.across.size];
      margin = Math.max(margin, start - (span.start + low), span.start + span.size + high - (start + size));
    }
  }
  return margin;
}

/** The ring as a table of queries × keys with a margin of poison, so that a read beside it is found out. */
function poisonedWindow({ ring, acrossStart, end, data }: RuntimeRing, margin: number, poison: number): NodeValue {
  const [rows, columns] = [ring.across.size + 2 * margin, ring.capacity + 2 * margin];
  const padded = new Float64Array(rows * columns).fill(poison);
  const alongStart = end - ring.capacity - margin;
  const isKeyed = ring.axis === 'key';
  for (let row = 0; row < ring.across.size; row += 1) {
    for (let column = 0; column < ring.capacity; column += 1) {
      const [across, along] = [row + margin, column + margin];
      padded[isKeyed ? across * columns + along : along * rows + across] = data[row * ring.capacity + column]!;
    }
  }
  const [queryStart, keyStart] = isKeyed ? [acrossStart - margin, alongStart] : [alongStart, acrossStart - margin];
  return { data: padded, sizes: isKeyed ? [rows, columns] : [columns, rows], starts: [queryStart, keyStart] };
}
