// What a mask reads from tables of integers, as ranges: the least and the largest of the entries that a box looks at.
// Every warp looks at all of them and finds the same, so that the block takes one way without a barrier.
import type { Read } from '../../src/ir/index.js';
import { type Interval, LARGEST_ENTRY, UNKNOWN_REACH } from '../shared/mask-intervals.js';
import { LONGEST_STRETCH, rangeArguments, rangedAxes } from '../shared/mask-tables.js';
import type { KernelWriter } from './kernel-writer.js';
import { atom } from './text/code.js';

/** The type of a range in emitted files. */
export const RANGE_TYPE = 'Range';

/** The least and the largest entry of a table at indices of which some are ranges and all others are one number. */
export function tableRange(writer: KernelWriter, { source }: Read, index: readonly Interval[]): Interval | undefined {
  const bound = source.op === 'tensor' ? writer.context.boundTo(source.name) : undefined;
  if (!bound || bound.buffer.axes.some(({ kind }) => kind === 'band')) return undefined;
  writer.uses(bound.buffer);
  const text = `${writer.context.ranger(bound, rangedAxes(index))}(${['launch', ...rangeArguments(index)].join(', ')})`;
  const found = writer.named(atom(text, 'int'), 'range', RANGE_TYPE);
  return { low: atom(`${found.text}.low`, 'int'), high: atom(`${found.text}.high`, 'int'), size: UNKNOWN_REACH };
}

/** What the functions behind ranges stand on. */
export const rangesText = `/** The least and the largest of entries of a table. */
struct ${RANGE_TYPE} {
  int low, high;
};
/** Nothing is claimed of entries as large as ${LARGEST_ENTRY}. */
DEVICE ${RANGE_TYPE} range_between(int low, int high) {
  const bool is_known = low > -${LARGEST_ENTRY} && high < ${LARGEST_ENTRY};
  return ${RANGE_TYPE}{is_known ? low : -${UNKNOWN_REACH}, is_known ? high : ${UNKNOWN_REACH}};
}`;

/**
 * The function that gives the range of one table's entries along axes, or of one entry where there are none: the ends of
 * each of them, and the indices of the others, are its parameters in the order of the axes. Entries outside of the table
 * are 0. All lanes of a warp must call it.
 */
export function rangerText(name: string, reader: string, rank: number, axes: readonly number[]): string {
  const all = Array.from({ length: rank }, (_, n) => n);
  const isRanged = (n: number): boolean => axes.includes(n);
  const parameters = all.flatMap((n) => (isRanged(n) ? [`int low_${n}`, `int high_${n}`] : [`int x_${n}`]));
  const at = all.map((n) => (isRanged(n) ? `at_${n}` : `x_${n}`));
  const read = `${reader}(${['launch', ...at].join(', ')})`;
  const head = `DEVICE ${RANGE_TYPE} ${name}(${['const Launch &launch', ...parameters].join(', ')}) {`;
  if (axes.length === 0)
    return [head, `  const int found = ${read};`, '  return range_between(found, found);', '}'].join('\n');
  return [
    head,
    '  int smallest = INT_MAX;',
    '  int largest = INT_MIN;',
    '  int count = 1;',
    ...axes.flatMap((n) => [
      `  const uint32_t span_${n} = static_cast<uint32_t>(high_${n}) - static_cast<uint32_t>(low_${n}) + 1u;`,
      `  const int size_${n} = span_${n} > ${LONGEST_STRETCH}u ? ${LONGEST_STRETCH + 1} : static_cast<int>(span_${n});`,
      `  count = least(count * size_${n}, ${LONGEST_STRETCH + 1});`,
    ]),
    `  if (count > ${LONGEST_STRETCH}) return range_between(INT_MIN, INT_MAX);`,
    '  for (int entry = thread_index() % 32; entry < count; entry += 32) {',
    '    int rest = entry;',
    ...axes
      .toReversed()
      .flatMap((n) => [`    const int at_${n} = low_${n} + rest % size_${n};`, `    rest /= size_${n};`]),
    `    const int found = ${read};`,
    '    smallest = least(smallest, found);',
    '    largest = most(largest, found);',
    '  }',
    '  return range_between(least_of_warp(smallest), most_of_warp(largest));',
    '}',
  ].join('\n');
}
