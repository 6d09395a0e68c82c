// Sizes of a call as launchers and manifests say them: whole numbers over batch, queries, keys and rows.
// Formulas are texts in JavaScript; what C wants of them is the C launcher's.
import type { BufferAxis } from '../../codegen/tile/types.js';
import { spellings } from '../../src/interpreter/spellings.js';
import type { Expression } from '../../src/ir/index.js';
import { refuse } from './refusal.js';

/** A whole number as JavaScript, over batch, queries, keys, rows and variables of repetitions. */
export function scalarText(expression: Expression): string {
  switch (expression.kind) {
    case 'constant':
      return expression.value < 0 ? `(${expression.value})` : String(expression.value);
    case 'variable':
      return expression.name === 'R' ? 'rows' : expression.name;
    case 'length':
      return { batch: 'batch', query: 'queries', key: 'keys' }[expression.of];
    case 'apply': {
      const [x = '', y = '', z = ''] = expression.operands.map(scalarText);
      return spellings[expression.operation](x, y, z);
    }
    case 'read':
    case 'accumulate':
      return refuse('the grid depends on values');
  }
}

/** The size of an axis: a number, the name of a size of the call, or a sum with what a launcher decides. */
export function sizeOfAxis(axis: BufferAxis): number | string {
  switch (axis.kind) {
    case 'batch':
      return 'batch';
    case 'query':
      return 'queries';
    case 'row':
      return 'rows';
    case 'key':
    case 'position':
      return 'keys';
    case 'band':
      return scalarText(axis.size);
    case 'head':
    case 'feature':
    case 'extent':
    case 'split':
      return axis.size;
  }
}
