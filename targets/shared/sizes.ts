// Sizes of a call as launchers and manifests say them: whole numbers over batch, queries, keys and rows.
// Formulas are texts in JavaScript; what C wants of them is the C launcher's.
import { rangeOfAxis } from '../../codegen/tile/scalars.js';
import type { BufferAxis } from '../../codegen/tile/types.js';
import { spellings } from '../../src/interpreter/spellings.js';
import { type Expression, fold } from '../../src/ir/index.js';
import { refuse } from './refusal.js';

/** A whole number as JavaScript, over batch, queries, keys, rows and variables of repetitions. */
export const scalarText = (expression: Expression): string =>
  fold(expression, {
    constant: ({ value }) => (value < 0 ? `(${value})` : String(value)),
    variable: ({ name }) => (name === 'R' ? 'rows' : name),
    length: ({ of }) => ({ batch: 'batch', query: 'queries', key: 'keys' })[of],
    read: () => refuse('the grid depends on values'),
    apply: ({ operation }, [x = '', y = '', z = '']) => spellings[operation](x, y, z),
    accumulate: () => refuse('the grid depends on values'),
  });

/** The size of an axis: a number, the name of a size of the call, or a sum with what a launcher decides. */
export function sizeOfAxis(axis: BufferAxis): number | string {
  const { size } = rangeOfAxis(axis);
  return size.kind === 'constant' ? size.value : scalarText(size);
}
