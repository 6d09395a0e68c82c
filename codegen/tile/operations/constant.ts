// constant: a box of one number.
// Accumulators start as one, and what a mask hides whole is one.
import { spellFloat } from '../../../src/ir/text/spelling.js';
import { computed } from '../interpreter/entries.js';
import type { TileAxis } from '../types.js';
import { none, notImplied, noWork, type OperationDefinition, tileOn } from './definition.js';

export interface ConstantOperation {
  readonly op: 'constant';
  readonly value: number;
}

export const constant: OperationDefinition<ConstantOperation, [axes: readonly TileAxis[], value: number]> = {
  gives: 'tile',
  operands: {},
  expressions: {},
  make: (axes, value) => ({ operation: { op: 'constant', value }, value: tileOn(axes) }),
  infer: (_, declared) => declared,
  dtypes: ({ value }) => (Number.isSafeInteger(value) ? ['f32', 'int'] : ['f32']),
  text: ({ value }) => `constant ${spellFloat(value)}`,
  implied: notImplied,
  neighbourhoods: none,
  work: noWork,
  interpret: ({ value }, tile, context) => computed(tile, context, () => value),
};
