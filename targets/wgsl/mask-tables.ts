// What a mask reads from tables of integers, as ranges: the least and the largest of the entries that a box looks at.
// The threads of a block look at some entries each and agree through workgroup memory, so that all take the same way.

import type { Read } from '../../src/ir/index.js';
import { type Interval, LARGEST_ENTRY } from '../shared/mask-class.js';
import { LONGEST_STRETCH } from '../shared/mask-tables.js';
import type { KernelWriter } from './kernel-writer.js';
import { threadCount } from './layout/threads.js';
import { atom, type Code } from './text/code.js';

/** Bytes of workgroup memory that ranges of tables take in a kernel. */
export const TABLE_RANGE_BYTES = 16;

/** The least and the largest entry of a table at indices of which one is a range and all others are one number. */
export function tableRange(writer: KernelWriter, { source }: Read, index: readonly Interval[]): Interval | undefined {
  const bound = source.op === 'tensor' ? writer.context.buffers.byName.get(source.name) : undefined;
  if (!bound || bound.buffer.axes.some(({ kind }) => kind === 'band')) return undefined;
  const ranges = index.flatMap(({ low, high }, axis) => (low.text === high.text ? [] : [axis]));
  const [axis] = ranges;
  if (ranges.length > 1) return undefined;
  writer.uses(bound.buffer);
  const reader = writer.context.reader(bound);
  const found = writer.named(
    axis === undefined
      ? rangeCode(`range_of_entry(${reader}(${index.map(({ low }) => low.text).join(', ')}))`, writer, 'entry')
      : rangeCode(
          `${writer.context.ranger(bound, axis)}(${index
            .flatMap(({ low, high }, n) => (n === axis ? [low.text, high.text] : [low.text]))
            .join(', ')}, thread, ${threadCount(writer.plan.threads)})`,
          writer,
          'table',
        ),
    'range',
  );
  return { low: atom(`${found.text}.x`, 'int'), high: atom(`${found.text}.y`, 'int'), size: LARGEST_ENTRY };
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
  return select(vec2i(entry), vec2i(-${LARGEST_ENTRY}, ${LARGEST_ENTRY}), is_large);
}`);
  }
  if (kinds.has('table')) {
    // How far the entries reach below and above: 0 before the first is seen, as workgroup memory begins with.
    texts.push(`var<workgroup> range_below: atomic<u32>;
var<workgroup> range_above: atomic<u32>;
var<workgroup> range_found: vec2i;

fn widen_range(entry: i32) {
  let is_large = entry <= -${LARGEST_ENTRY} || entry >= ${LARGEST_ENTRY};
  atomicMax(&range_below, u32(select(${LARGEST_ENTRY} - entry, ${2 * LARGEST_ENTRY}, is_large)));
  atomicMax(&range_above, u32(select(${LARGEST_ENTRY} + entry, ${2 * LARGEST_ENTRY}, is_large)));
}

fn agreed_range(thread: i32) -> vec2i {
  workgroupBarrier();
  if (thread == 0) {
    range_found = vec2i(${LARGEST_ENTRY} - i32(atomicLoad(&range_below)), i32(atomicLoad(&range_above)) - ${LARGEST_ENTRY});
    atomicStore(&range_below, 0u);
    atomicStore(&range_above, 0u);
  }
  return workgroupUniformLoad(&range_found);
}`);
  }
  return texts.join('\n\n');
}

/** The function that gives the range of one table's entries from `low` to `high` along an axis; outside they are 0. */
export function rangerText(name: string, reader: string, axes: number, axis: number): string {
  const indices = Array.from({ length: axes }, (_, n) => `x_${n}`);
  const parameters = indices.flatMap((each, n) => (n === axis ? ['low: i32', 'high: i32'] : [`${each}: i32`]));
  const at = indices.map((each, n) => (n === axis ? 'at' : each));
  return [
    `fn ${name}(${parameters.join(', ')}, thread: i32, threads: i32) -> vec2i {`,
    `  let last = select(high, low - 1, high - low >= ${LONGEST_STRETCH});`,
    '  if (last < low && thread == 0) {',
    `    widen_range(${LARGEST_ENTRY});`,
    '  }',
    '  for (var at = low + thread; at <= last; at += threads) {',
    `    widen_range(${reader}(${at.join(', ')}));`,
    '  }',
    '  return agreed_range(thread);',
    '}',
  ].join('\n');
}
