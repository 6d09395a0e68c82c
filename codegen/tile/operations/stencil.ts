// stencil: Σ over its taps of [guard ?] weight · source(i + queryOffset, j + keyOffset), linear in a ring or box. The weight may
// read tables at h, i, j and the counters; the guard is a predicate of rows.
import type { Expression } from '../../../src/ir/index.js';
import { reachable } from '../inference.js';
import { computed, elementOf, neighbourReader, queryAndKey, spansOf } from '../interpreter/entries.js';
import type { NeighbourSource, Tile, TileAxis } from '../types.js';
import {
  arithmetic,
  type Known,
  notImplied,
  type OperationDefinition,
  onlyF32,
  sizeOfBox,
  tileOn,
} from './definition.js';
import { namesOf, neighbourText, offsetRules, offsetsOfTaps, rangeAlong, sumText, type Taps, tapsOf } from './taps.js';

export interface StencilOperation extends Taps {
  readonly op: 'stencil';
  readonly source: NeighbourSource;
  readonly weight: Expression;
  readonly guard?: Expression;
}

type Arguments = [source: NeighbourSource, axes: readonly TileAxis[], taps: Omit<StencilOperation, 'op' | 'source'>];

const knows = ({ counters }: StencilOperation, { axes }: Tile): Known => ({ axes, further: namesOf(counters) });

export const stencil: OperationDefinition<StencilOperation, Arguments> = {
  gives: 'tile',
  operands: { source: 'near' },
  expressions: {
    ...offsetRules,
    weight: { what: 'the weight', type: 'a number', knows },
    guard: { what: 'the guard', type: 'a truth value', knows },
  },
  make: (source, axes, taps) => ({ operation: { op: 'stencil', source, ...taps }, value: tileOn(axes) }),
  infer: ({ source, ...taps }, declared) => ({
    ...declared,
    axes: reachable(declared.axes, source, (kind) => rangeAlong(taps, kind)),
  }),
  dtypes: onlyF32,
  text: ({ source, weight, guard, ...taps }, { nameOf, element }) =>
    `stencil ${sumText(taps.counters)}${element(weight)} * ${nameOf(source)}${neighbourText(taps)}` +
    (guard ? ` where ${element(guard)}` : ''),
  implied: notImplied,
  neighbourhoods: ({ source, counters, queryOffset: query, keyOffset: key }, { axes }) => [
    { source, axes, counters, offsets: { query, key }, isInferred: true },
  ],
  work: ({ counters }, tile) => arithmetic(2 * sizeOfBox(tile) * tapsOf(counters), 'stencil'),
  interpret(operation, tile, context) {
    const { source, counters, weight, guard } = operation;
    const entryAt = neighbourReader(source, context);
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
        const entry = entryAt(index[queryAt]! + query, index[keyAt]! + key);
        total = Math.fround(total + weightAt(index, tap) * entry);
      }
      return total;
    });
  },
};
