// Which entries of tables of integers masks look at as ranges, and when: those of rows before a loop over the keys.
// Each target writes how the threads of a block find the least and the largest of such entries.
import type { ForStatement, Kernel, SwitchStatement } from '../../codegen/tile/program.js';
import { tileVariables } from '../../codegen/tile/types.js';
import { statementsOf } from '../../codegen/tile/walk.js';
import { type Expression, freeVariables } from '../../src/ir/index.js';
import { type MaskWriter, maskBox } from './mask-box.js';
import { intervalOf, type MaskBox } from './mask-class.js';
import { type TableRead, tableReadsOf } from './mask-counters.js';
import type { Interval } from './mask-intervals.js';

/** Longer stretches of a table are not looked at: the range is unknown. */
export const LONGEST_STRETCH = 4096;

const uses = ({ read }: TableRead, name: string): boolean => read.index.some((each) => freeVariables(each).has(name));

const isRange = (table: TableRead): boolean =>
  uses(table, 'i') || uses(table, 'j') || [...table.counters.keys()].some((name) => uses(table, name));

/** The axes along which indices are ranges. */
export const rangedAxes = (index: readonly Interval[]): readonly number[] =>
  index.flatMap(({ low, high }, axis) => (low.text === high.text ? [] : [axis]));

/** What the function of a range is given: the ends of each index that is a range, and all other indices as they are. */
export const rangeArguments = (index: readonly Interval[]): readonly string[] =>
  index.flatMap(({ low, high }) => (low.text === high.text ? [low.text] : [low.text, high.text]));

/** Whether some mask of the kernel reads a table at rows or keys. */
export function readsTableRanges({ body }: Kernel): boolean {
  return [...statementsOf(body)].some((each) => each.statement === 'switch' && tableReadsOf(each.mask).some(isRange));
}

/** Before a loop: the ranges of rows that the masks in it look at, which stay the same while it runs. */
export function prepareRowRanges(writer: MaskWriter, loop: ForStatement, table: MaskBox['table']): void {
  for (const statement of statementsOf(loop.body)) {
    if (statement.statement !== 'switch' || usesLoop(statement, loop)) continue;
    for (const each of tableReadsOf(statement.mask)) {
      if (isRange(each) && !uses(each, tileVariables[statement.columns.kind]))
        intervalOf(each.read, maskBox(writer, statement, table), each.counters);
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
