// ring: an empty ring whose end is at a scalar: everything before it is `initial`.
// A loop carries it and pushes onto it.
import type { Expression } from '../../../src/ir/index.js';
import { spellFloat } from '../../../src/ir/text/spelling.js';
import { type ScalarLike, scalar } from '../scalars.js';
import { printScalar } from '../text/boxes.js';
import type { Ring, TileAxis } from '../types.js';
import { everyDtype, none, notImplied, noWork, type OperationDefinition } from './definition.js';

export interface RingOperation {
  readonly op: 'ring';
  readonly end: Expression;
  readonly initial: number;
}

type Arguments = [along: 'query' | 'key', across: TileAxis, capacity: number, end: ScalarLike, initial?: number];

export const ring: OperationDefinition<RingOperation, Arguments, Ring> = {
  gives: 'ring',
  operands: {},
  expressions: { end: 'scalar' },
  make: (axis, across, capacity, end, initial = 0) => ({
    operation: { op: 'ring', end: scalar(end), initial },
    value: { kind: 'ring', axis, across, capacity, dtype: 'f32' },
  }),
  infer: (_, declared) => declared,
  dtypes: everyDtype,
  text: ({ end, initial }) => `ring of ${spellFloat(initial)} ending at ${printScalar(end)}`,
  implied: notImplied,
  neighbourhoods: none,
  work: noWork,
  interpret({ end, initial }, value, { run, scope }) {
    const acrossStart = run.scalar(value.across.origin, scope);
    const data = new Float64Array(value.across.size * value.capacity).fill(initial);
    return { ring: value, acrossStart, end: run.scalar(end, scope), data };
  },
};
