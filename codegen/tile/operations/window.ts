// window: any expression of entries of rings and boxes near the entry that is computed: `neighbourAt(n, query index, key index)`
// inside of its value. What is linear in one source is a stencil.
import type { NodeValue } from '../../../src/interpreter/evaluate.js';
import type { Expression } from '../../../src/ir/index.js';
import { neighbourIndex } from '../elements.js';
import { demand, matched, reachable } from '../inference.js';
import { type SourceBox, sourceBox, spansOf, valueAtEntries } from '../interpreter/entries.js';
import type { Span } from '../interpreter/memory.js';
import { axisOfKind, type NeighbourSource, type Tile, type TileAxis } from '../types.js';
import { arithmeticOf } from './cost.js';
import { arithmetic, dtypeOfValue, notImplied, type OperationDefinition, sizeOfBox, tileOn } from './definition.js';
import { countersOf, neighboursIn, rangeOver } from './taps.js';

export interface WindowOperation {
  readonly op: 'window';
  readonly sources: readonly NeighbourSource[];
  readonly operands: readonly Tile[];
  readonly value: Expression;
}

type Arguments = [
  sources: readonly NeighbourSource[],
  operands: readonly Tile[],
  axes: readonly TileAxis[],
  value: Expression,
];

export const window: OperationDefinition<WindowOperation, Arguments> = {
  gives: 'tile',
  operands: { sources: 'near', operands: 'entry' },
  expressions: {
    value: {
      what: 'the value',
      type: 'a number',
      knows: ({ sources, operands }, { axes }) => ({ axes, operands: operands.length, sources: sources.length }),
    },
  },
  make: (sources, operands, axes, value) => ({
    operation: { op: 'window', sources, operands, value },
    value: tileOn(axes),
  }),
  infer({ sources, operands, value }, declared) {
    for (const source of sources) {
      if (source.kind === 'ring')
        demand(axisOfKind(declared.axes, source.axis) !== undefined, `the tile has no ${source.axis} axis`);
    }
    const counters = countersOf(value);
    let axes = matched(
      declared.axes,
      operands.map((each) => each.axes),
    );
    for (const { n, offsets } of neighboursIn(value)) {
      const source = sources[n];
      if (source) axes = reachable(axes, source, (kind) => rangeOver(offsets[kind], counters));
    }
    return { ...declared, axes };
  },
  dtypes: dtypeOfValue,
  text: ({ sources, operands, value }, { element }) => `window ${element(value, operands, sources)}`,
  implied: notImplied,
  neighbourhoods({ sources, value }, { axes }) {
    const counters = countersOf(value);
    return neighboursIn(value).flatMap(({ n, offsets }) => {
      const source = sources[n];
      return source ? [{ source, axes, counters, offsets, isInferred: true }] : [];
    });
  },
  work: ({ value }, tile) => arithmetic(sizeOfBox(tile) * arithmeticOf(value)),
  interpret({ sources, operands, value }, tile, context) {
    const spans = spansOf(tile, context);
    const windows = sources.map((source, n) => {
      const box = sourceBox(context.at(source));
      return poisonedWindow(box, marginOf(box, n, value, spans), context.run.poison);
    });
    return valueAtEntries(value, operands, tile, context, (node) => windows[neighbourIndex(node) ?? -1]);
  },
};

/** How far beside the box of a source a window reads, at most. */
function marginOf(box: SourceBox, n: number, value: Expression, spans: readonly Span[]): number {
  const counters = countersOf(value);
  let margin = 0;
  for (const { offsets } of neighboursIn(value).filter((each) => each.n === n)) {
    for (const kind of ['query', 'key'] as const) {
      const span = spans.find((each) => each.kind === kind)!;
      const { low, high } = rangeOver(offsets[kind], counters);
      const { start, size } = box[kind];
      margin = Math.max(margin, start - (span.start + low), span.start + span.size + high - (start + size));
    }
  }
  return margin;
}

/** A source as a table of queries × keys with a margin of poison, so that a read beside it is found out. */
function poisonedWindow({ query, key, at }: SourceBox, margin: number, poison: number): NodeValue {
  const [rows, columns] = [query.size + 2 * margin, key.size + 2 * margin];
  const data = new Float64Array(rows * columns).fill(poison);
  for (let row = 0; row < query.size; row += 1) {
    for (let column = 0; column < key.size; column += 1) {
      data[(row + margin) * columns + column + margin] = at(query.start + row, key.start + column);
    }
  }
  return { data, sizes: [rows, columns], starts: [query.start - margin, key.start - margin] };
}
