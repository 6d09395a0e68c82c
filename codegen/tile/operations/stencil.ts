// stencil: Σ over its taps of [guard ?] weight · ring(i + queryOffset, j + keyOffset), linear in the ring. The weight may read
// tables at h, i, j and the counters; the guard is a predicate of rows.
import type { Expression } from '../../../src/ir/index.js';
import { reachable } from '../inference.js';
import { computed, elementOf, queryAndKey, ringEntry, spansOf } from '../interpreter/entries.js';
import type { RuntimeRing } from '../interpreter/memory.js';
import type { Ring, Tile, TileAxis } from '../types.js';
import {
  arithmetic,
  type Known,
  none,
  notImplied,
  type OperationDefinition,
  onlyF32,
  sizeOfBox,
  tileOn,
} from './definition.js';
import { namesOf, neighbourText, offsetRules, offsetsOfTaps, rangeOver, sumText, type Taps, tapsOf } from './taps.js';

export interface StencilOperation extends Taps {
  readonly op: 'stencil';
  readonly ring: Ring;
  readonly weight: Expression;
  readonly guard?: Expression;
}

type Arguments = [ring: Ring, axes: readonly TileAxis[], taps: Omit<StencilOperation, 'op' | 'ring'>];

const knows = ({ counters }: StencilOperation, { axes }: Tile): Known => ({ axes, further: namesOf(counters) });

export const stencil: OperationDefinition<StencilOperation, Arguments> = {
  gives: 'tile',
  operands: { ring: 'box' },
  expressions: {
    ...offsetRules,
    weight: { what: 'the weight', type: 'a number', knows },
    guard: { what: 'the guard', type: 'a truth value', knows },
  },
  make: (ring, axes, taps) => ({ operation: { op: 'stencil', ring, ...taps }, value: tileOn(axes) }),
  infer({ ring, counters, queryOffset, keyOffset }, declared) {
    const offsets = rangeOver(ring.axis === 'key' ? queryOffset : keyOffset, counters);
    return { ...declared, axes: declared.axes.map((axis) => reachable(axis, ring, offsets)) };
  },
  dtypes: onlyF32,
  text: ({ ring, weight, guard, ...taps }, { nameOf, element }) =>
    `stencil ${sumText(taps.counters)}${element(weight)} * ${nameOf(ring)}${neighbourText(taps)}` +
    (guard ? ` where ${element(guard)}` : ''),
  implied: notImplied,
  neighbourhoods: ({ ring, counters, queryOffset: query, keyOffset: key }, { axes }) => [
    { ring, axes, counters, offsets: { query, key }, isInferred: true },
  ],
  wants: none,
  work: ({ counters }, tile) => arithmetic(2 * sizeOfBox(tile) * tapsOf(counters), 'stencil'),
  interpret(operation, tile, context) {
    const { ring, counters, weight, guard } = operation;
    const source = context.at(ring) as RuntimeRing;
    const spans = spansOf(tile, context);
    const [queryAt, keyAt] = queryAndKey(spans);
    const compile = (expression: Expression) => elementOf(expression, spans, namesOf(counters), context);
    const weightAt = compile(weight);
    const holds = guard ? compile(guard) : () => 1;
    const taps = offsetsOfTaps(operation, spans, context);
    return computed(tile, context, (index) => {
      let total = 0;
      for (const { tap, query, key } of taps) {
        if (holds(index, tap) === 0) continue;
        const entry = ringEntry(source, index[queryAt]! + query, index[keyAt]! + key, context.run.poison);
        total = Math.fround(total + weightAt(index, tap) * entry);
      }
      return total;
    });
  },
};
