// Which entries of tables of integers masks look at as ranges, and when: those of rows before a loop over the keys.
// Each target writes how the threads of a block find the least and the largest of such entries.
import type { ForStatement, Kernel, SwitchStatement } from '../../codegen/tile/program.js';
import { type Expression, freeVariables, type Read, readsOf } from '../../src/ir/index.js';
import { statementsOf } from './layout/walk.js';
import { intervalOf, type MaskBox, type MaskWriter, maskBox } from './mask-class.js';

/** Longer stretches of a table are not looked at: the range is unknown. */
export const LONGEST_STRETCH = 4096;

const isRange = ({ type, index }: Read): boolean =>
  type === 'int' && index.some((each) => freeVariables(each).has('i') || freeVariables(each).has('j'));

/** Whether some mask of the kernel reads a table at rows or keys. */
export function readsTableRanges({ body }: Kernel): boolean {
  return [...statementsOf(body)].some((each) => each.statement === 'switch' && readsOf(each.mask).some(isRange));
}

/** Before a loop: the ranges of rows that the masks in it look at, which stay the same while it runs. */
export function prepareRowRanges(writer: MaskWriter, loop: ForStatement, table: MaskBox['table']): void {
  for (const statement of statementsOf(loop.body)) {
    if (statement.statement !== 'switch' || usesLoop(statement, loop)) continue;
    for (const read of readsOf(statement.mask)) {
      if (isRange(read) && !read.index.some((each) => freeVariables(each).has('j'))) {
        intervalOf(read, maskBox(writer, statement, table));
      }
    }
  }
}

/** Whether the rows of a switch are known only inside of the loop, or of one within. */
function usesLoop({ rows }: SwitchStatement, loop: ForStatement): boolean {
  const variables = [loop, ...[...statementsOf(loop.body)].filter((each) => each.statement === 'for')].map(
    ({ variable }) => variable,
  );
  const free: ReadonlySet<string> = freeVariables(rows.origin as Expression);
  return variables.some((name) => free.has(name));
}
