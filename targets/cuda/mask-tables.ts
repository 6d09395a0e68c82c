// What a mask reads from tables of integers, as ranges: the least and the largest of the entries that a box looks at.
// Every warp looks at all of them and finds the same, so that the block takes one way without a barrier.
import type { Read } from '../../src/ir/index.js';
import { type Interval, LARGEST_ENTRY } from '../shared/mask-class.js';
import { LONGEST_STRETCH } from '../shared/mask-tables.js';
import type { KernelWriter } from './kernel-writer.js';
import { atom } from './text/code.js';

/** The type of a range in emitted files. */
export const RANGE_TYPE = 'Range';

/** The least and the largest entry of a table at indices of which one is a range and all others are one number. */
export function tableRange(writer: KernelWriter, { source }: Read, index: readonly Interval[]): Interval | undefined {
  const bound = source.op === 'tensor' ? writer.context.byName.get(source.name) : undefined;
  if (!bound || bound.buffer.axes.some(({ kind }) => kind === 'band')) return undefined;
  const ranges = index.flatMap(({ low, high }, axis) => (low.text === high.text ? [] : [axis]));
  const [axis] = ranges;
  if (ranges.length > 1) return undefined;
  writer.uses(bound.buffer);
  const indices = index.flatMap(({ low, high }, n) => (n === axis ? [low.text, high.text] : [low.text]));
  const text = `${writer.context.ranger(bound, axis)}(${['launch', ...indices].join(', ')})`;
  const found = writer.named(atom(text, 'int'), 'range', RANGE_TYPE);
  return { low: atom(`${found.text}.low`, 'int'), high: atom(`${found.text}.high`, 'int'), size: LARGEST_ENTRY };
}

/** What the functions behind ranges stand on. */
export const rangesText = `/** The least and the largest of entries of a table. */
struct ${RANGE_TYPE} {
  int low, high;
};
/** Nothing is claimed of entries as large as ${LARGEST_ENTRY}. */
DEVICE ${RANGE_TYPE} range_between(int low, int high) {
  const bool is_known = low > -${LARGEST_ENTRY} && high < ${LARGEST_ENTRY};
  return ${RANGE_TYPE}{is_known ? low : -${LARGEST_ENTRY}, is_known ? high : ${LARGEST_ENTRY}};
}`;

/**
 * The function that gives the range of one table's entries from `low` to `high` along an axis, or of one entry where there
 * is no such axis. Entries outside of the table are 0. All lanes of a warp must call it.
 */
export function rangerText(name: string, reader: string, axes: number, axis: number | undefined): string {
  const indices = Array.from({ length: axes }, (_, n) => `x_${n}`);
  const parameters = indices.flatMap((each, n) => (n === axis ? ['int low', 'int high'] : [`int ${each}`]));
  const entry = `${reader}(${['launch', ...indices.map((each, n) => (n === axis ? 'at' : each))].join(', ')})`;
  const head = `DEVICE ${RANGE_TYPE} ${name}(${['const Launch &launch', ...parameters].join(', ')}) {`;
  if (axis === undefined)
    return [head, `  const int entry = ${entry};`, '  return range_between(entry, entry);', '}'].join('\n');
  return [
    head,
    '  int smallest = INT_MAX;',
    '  int largest = INT_MIN;',
    `  if (static_cast<uint32_t>(high) - static_cast<uint32_t>(low) >= ${LONGEST_STRETCH}u) return range_between(INT_MIN, INT_MAX);`,
    '  for (int at = low + thread_index() % 32; at <= high; at += 32) {',
    `    const int entry = ${entry};`,
    '    smallest = least(smallest, entry);',
    '    largest = most(largest, entry);',
    '  }',
    '  return range_between(least_of_warp(smallest), most_of_warp(largest));',
    '}',
  ].join('\n');
}
