// What a mask reads from tables of integers, as ranges: the least and the largest of the entries that a box looks at.
// The threads of a block look at some entries each and agree through workgroup memory, so that all take the same way.

import type { Read } from '../../src/ir/index.js';
import { type Interval, LARGEST_ENTRY, UNKNOWN_REACH } from '../shared/mask-intervals.js';
import { LONGEST_STRETCH, rangeArguments, rangedAxes } from '../shared/mask-tables.js';
import type { KernelWriter } from './kernel-writer.js';
import { threadCount } from './layout/threads.js';
import { atom, type Code } from './text/code.js';

/** Bytes of workgroup memory that ranges of tables take in a kernel. */
export const TABLE_RANGE_BYTES = 16;

/** The least and the largest entry of a table at indices of which some are ranges and all others are one number. */
export function tableRange(writer: KernelWriter, { source }: Read, index: readonly Interval[]): Interval | undefined {
  const bound = source.op === 'tensor' ? writer.context.boundTo(source.name) : undefined;
  if (!bound || bound.buffer.axes.some(({ kind }) => kind === 'band')) return undefined;
  const axes = rangedAxes(index);
  writer.uses(bound.buffer);
  const found = writer.named(
    axes.length === 0
      ? rangeCode(
          `range_of_entry(${writer.context.reader(bound)}(${rangeArguments(index).join(', ')}))`,
          writer,
          'entry',
        )
      : rangeCode(
          `${writer.context.ranger(bound, axes)}(${[...rangeArguments(index), 'thread', threadCount(writer.plan.threads)].join(', ')})`,
          writer,
          'table',
        ),
    'range',
    'vec2i',
  );
  return { low: atom(`${found.text}.x`, 'int'), high: atom(`${found.text}.y`, 'int'), size: UNKNOWN_REACH };
}

function rangeCode(text: string, writer: KernelWriter, kind: 'entry' | 'table'): Code {
  writer.context.rangeKinds.add(kind);
  return atom(text, 'int');
}

/** The functions behind ranges, and what the threads of a block agree through. */
export function rangeFunctions(kinds: ReadonlySet<'entry' | 'table'>): string {
  const texts: string[] = [];
  if (kinds.has('entry')) {
    texts.push(`fn range_of_entry(entry: i32) -> vec2i {
  let is_large = entry <= -${LARGEST_ENTRY} || entry >= ${LARGEST_ENTRY};
  return select(vec2i(entry), vec2i(-${UNKNOWN_REACH}, ${UNKNOWN_REACH}), is_large);
}`);
  }
  if (kinds.has('table')) {
    // How far the entries reach below and above: 0 before the first is seen, as workgroup memory begins with.
    texts.push(`var<workgroup> range_below: atomic<u32>;
var<workgroup> range_above: atomic<u32>;
var<workgroup> range_found: vec2i;

fn widen_range(entry: i32) {
  let is_large = entry <= -${LARGEST_ENTRY} || entry >= ${LARGEST_ENTRY};
  atomicMax(&range_below, u32(select(${UNKNOWN_REACH} - entry, ${2 * UNKNOWN_REACH}, is_large)));
  atomicMax(&range_above, u32(select(${UNKNOWN_REACH} + entry, ${2 * UNKNOWN_REACH}, is_large)));
}

fn agreed_range(thread: i32) -> vec2i {
  workgroupBarrier();
  if (thread == 0) {
    range_found = vec2i(${UNKNOWN_REACH} - i32(atomicLoad(&range_below)), i32(atomicLoad(&range_above)) - ${UNKNOWN_REACH});
    atomicStore(&range_below, 0u);
    atomicStore(&range_above, 0u);
  }
  return workgroupUniformLoad(&range_found);
}`);
  }
  return texts.join('\n\n');
}

/**
 * The function that gives the range of one table's entries along axes: the ends of each of them, and the indices of the
 * others, are its parameters in the order of the axes. Entries outside of the table are 0.
 */
export function rangerText(name: string, reader: string, rank: number, axes: readonly number[]): string {
  const all = Array.from({ length: rank }, (_, n) => n);
  const isRanged = (n: number): boolean => axes.includes(n);
  const parameters = all.flatMap((n) => (isRanged(n) ? [`low_${n}: i32`, `high_${n}: i32`] : [`x_${n}: i32`]));
  const at = all.map((n) => (isRanged(n) ? `at_${n}` : `x_${n}`));
  return [
    `fn ${name}(${parameters.join(', ')}, thread: i32, threads: i32) -> vec2i {`,
    '  var count = 1;',
    ...axes.flatMap((n) => [
      `  let size_${n} = i32(min(u32(high_${n}) - u32(low_${n}) + 1u, ${LONGEST_STRETCH + 1}u));`,
      `  count = min(count * size_${n}, ${LONGEST_STRETCH + 1});`,
    ]),
    `  let last = select(count, 0, count > ${LONGEST_STRETCH});`,
    '  if (last < count && thread == 0) {',
    `    widen_range(${LARGEST_ENTRY});`,
    '  }',
    '  for (var entry = thread; entry < last; entry += threads) {',
    '    var rest = entry;',
    ...axes.toReversed().flatMap((n) => [`    let at_${n} = low_${n} + rest % size_${n};`, `    rest /= size_${n};`]),
    `    widen_range(${reader}(${at.join(', ')}));`,
    '  }',
    '  return agreed_range(thread);',
    '}',
  ].join('\n');
}
