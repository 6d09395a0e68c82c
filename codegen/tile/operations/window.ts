// window: any expression of entries of rings near the entry that is computed: `ringAt(n, query index, key index)` inside of
// its value. What is linear in one ring is a stencil.
import type { NodeValue } from '../../../src/interpreter/evaluate.js';
import type { Expression } from '../../../src/ir/index.js';
import { ringIndex } from '../elements.js';
import { demand, matched, reachable } from '../inference.js';
import { spansOf, valueAtEntries } from '../interpreter/entries.js';
import type { RuntimeRing, Span } from '../interpreter/memory.js';
import { axisOfKind, type Ring, type Tile, type TileAxis } from '../types.js';
import { arithmeticOf } from './cost.js';
import {
  arithmetic,
  dtypeOfValue,
  none,
  notImplied,
  type OperationDefinition,
  sizeOfBox,
  tileOn,
} from './definition.js';
import { countersOf, rangeOver, ringReads } from './taps.js';

export interface WindowOperation {
  readonly op: 'window';
  readonly rings: readonly Ring[];
  readonly operands: readonly Tile[];
  readonly value: Expression;
}

type Arguments = [rings: readonly Ring[], operands: readonly Tile[], axes: readonly TileAxis[], value: Expression];

export const window: OperationDefinition<WindowOperation, Arguments> = {
  gives: 'tile',
  operands: { rings: 'box', operands: 'entry' },
  expressions: {
    value: {
      what: 'the value',
      type: 'a number',
      knows: ({ rings, operands }, { axes }) => ({ axes, operands: operands.length, rings: rings.length }),
    },
  },
  make: (rings, operands, axes, value) => ({
    operation: { op: 'window', rings, operands, value },
    value: tileOn(axes),
  }),
  infer({ rings, operands, value }, declared) {
    for (const { axis } of rings) demand(axisOfKind(declared.axes, axis) !== undefined, `the tile has no ${axis} axis`);
    const counters = countersOf(value);
    let axes = matched(
      declared.axes,
      operands.map((each) => each.axes),
    );
    for (const { n, offsets } of ringReads(value)) {
      const ring = rings[n];
      if (!ring) continue;
      const range = rangeOver(ring.axis === 'key' ? offsets.query : offsets.key, counters);
      axes = axes.map((axis) => reachable(axis, ring, range));
    }
    return { ...declared, axes };
  },
  dtypes: dtypeOfValue,
  text: ({ rings, operands, value }, { element }) => `window ${element(value, operands, rings)}`,
  implied: notImplied,
  neighbourhoods({ rings, value }, { axes }) {
    const counters = countersOf(value);
    return ringReads(value).flatMap(({ n, offsets }) => {
      const ring = rings[n];
      return ring ? [{ ring, axes, counters, offsets, isInferred: true }] : [];
    });
  },
  wants: none,
  work: ({ value }, tile) => arithmetic(sizeOfBox(tile) * arithmeticOf(value)),
  interpret({ rings, operands, value }, tile, context) {
    const spans = spansOf(tile, context);
    const windows = rings.map((ring, n) => {
      const source = context.at(ring) as RuntimeRing;
      return poisonedWindow(source, marginOf(source, n, value, spans), context.run.poison);
    });
    return valueAtEntries(value, operands, tile, context, (node) => windows[ringIndex(node) ?? -1]);
  },
};

/** How far beside the ring's box a window reads, at most. */
function marginOf(
  { ring, acrossStart, end }: RuntimeRing,
  n: number,
  value: Expression,
  spans: readonly Span[],
): number {
  const counters = countersOf(value);
  let margin = 0;
  for (const { offsets } of ringReads(value).filter((each) => each.n === n)) {
    for (const kind of ['query', 'key'] as const) {
      const span = spans.find((each) => each.kind === kind)!;
      const { low, high } = rangeOver(offsets[kind], counters);
      const [start, size] = kind === ring.axis ? [end - ring.capacity, ring.capacity] : [acrossStart, ring.across.size];
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
