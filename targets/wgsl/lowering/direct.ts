// Operands of a product straight from their buffers: each thread reads what it multiplies into registers, and no barrier is needed
// for it. What lies outside of the buffer along the positions is read from wherever, and taken for 0.
import { difference } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import { integer } from '../../../src/ir/index.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { minorAxis } from '../../shared/layout/views.js';
import { type BoundBuffer, codes, placeOf } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import type { KeptAxis } from '../layout/staged.js';
import { atom, type Code, integerCode, level, parts, plusConstant, within } from '../text/code.js';

/** Rows or columns of a result that threads read for themselves. */
export interface Direct {
  readonly view: View;
  readonly range: HeldRange;
  readonly kept: TileAxisKind;
  /** Whether the entries of a column are neighbours in memory; neighbours are columns where not. */
  readonly isColumnMajor: boolean;
}

/**
 * A view as rows or columns that threads read for themselves, where it lies in whole vectors: where the kernel reads all operands so, or
 * no two threads want the same.
 */
export function directOperand(
  writer: KernelWriter,
  view: View,
  over: TileAxisKind,
  { kept, range, isColumns }: KeptAxis,
): Direct | undefined {
  const { plan, context } = writer;
  if (!plan.readsDirectly && (!isColumns || plan.threads.rows > 1)) return undefined;
  if (!isDirectable(view, over, { kept, range, isColumns }, context.bound(view.buffer))) return undefined;
  return { view, range, kept, isColumnMajor: minorAxis(view) === over };
}

/** Whether a view lies in whole vectors of the summed axis, or of columns. */
export function isDirectable(
  view: View,
  over: TileAxisKind,
  { range, isColumns }: KeptAxis,
  bound: BoundBuffer,
): boolean {
  const { buffer, place } = view;
  if (view.axes.length !== 2) return false;
  const minor = minorAxis(view);
  const last = place.at(-1)!;
  if (!bound.vectors || !('along' in last) || last.along !== minor) return false;
  const [axis, summed] = [axisOfKind(view.axes, minor)!, axisOfKind(view.axes, over)!];
  const first = difference(axis.origin, integer(0));
  const isAlong = minor === over;
  const low = isAlong ? 0 : range.low;
  const all = buffer.axes.at(-1)!;
  const isWhole = first !== undefined && 'size' in all && first >= 0 && first + axis.size <= Number(all.size);
  return isWhole && (first + low) % 4 === 0 && summed.size % 4 === 0 && (isAlong || isColumns);
}

/** What the loop over the chunks of four entries reads. */
export interface DirectReads {
  /** By groups of four columns: the four entries of each column, or the four columns at each entry. */
  readonly at: (chunk: Code) => readonly (readonly Code[])[];
  /** Whether each of a group's columns lies in the buffer, where sums of others are to become 0 behind the loop. */
  readonly inside?: ((group: number) => Code) | undefined;
}

/** Names where the columns of this thread begin, and says how they are read. @param accumulates whether sums have begun before */
export function readDirectly(writer: KernelWriter, direct: Direct, groups: number, accumulates: boolean): DirectReads {
  return direct.isColumnMajor
    ? alongColumns(writer, direct, groups, accumulates)
    : acrossColumns(writer, direct, groups);
}

/** The place of an entry at an offset along the positions, and a vector of its neighbours. */
function placeAt(writer: KernelWriter, { view }: Direct, offset: Code, vector: Code): Code {
  const bound = writer.uses(view.buffer);
  const { axes } = view.buffer;
  const offsets = view.place.map((entry, n): Code => {
    if (!('along' in entry)) return codes.minus(writer.scalar(entry), writer.extentOf(axes[n]!).start);
    if (n === axes.length - 1) return vector;
    return offset;
  });
  return placeOf(
    bound,
    offsets.map((each) => ({ ...each, text: within(each, level.multiply), level: level.multiply })),
  );
}

/** The axis of the buffer along the positions, with its stride. */
function positions(writer: KernelWriter, { view }: Direct, kind: TileAxisKind) {
  const { strideFields, staticStrides, buffer } = writer.uses(view.buffer);
  const n = view.place.findIndex((entry) => 'along' in entry && entry.along === kind);
  const stride = staticStrides ? integerCode(staticStrides[n]! / 4) : codes.field(strideFields[n]!);
  const { start, size } = writer.extentOf(buffer.axes[n]!);
  return { stride, start, size: size() };
}

const loaded = (writer: KernelWriter, { view }: Direct, place: string): string => {
  const { variable, dtype } = writer.uses(view.buffer);
  return dtype === 'f32' ? `${variable}[${place}]` : `vec4f(${variable}[${place}])`;
};

const register = (writer: KernelWriter, value: string, prefix = 'right'): Code => {
  const name = atom(writer.fresh(prefix), 'float', true);
  writer.constant(name, value);
  return name;
};

function alongColumns(writer: KernelWriter, direct: Direct, groups: number, accumulates: boolean): DirectReads {
  const { view, range: columns, kept } = direct;
  const { stride, start, size } = positions(writer, direct, kept);
  const vector = integerCode(difference(axisOfKind(view.axes, minorAxis(view))!.origin, integer(0))! / 4);
  const offsetOf = (group: number): Code =>
    codes.minus(writer.absolute(axisOfKind(view.axes, kept)!, writer.columnOffset(columns, group)), start);
  const begin = writer.named(placeAt(writer, direct, offsetOf(0), vector), 'place');
  const own = Array.from({ length: groups }, (_, group) => {
    const index = offsetOf(group);
    const before = integerCode(4 * writer.plan.threads.columns * group);
    let place = group === 0 ? begin : writer.named(codes.sum(begin, codes.times(before, stride)), 'place');
    const places = parts.map((_, n) => {
      if (n > 0) place = writer.named(codes.sum(place, stride), 'place');
      return place;
    });
    const inside = writer.named(
      atom(`vec4u(${index.text} + vec4i(0, 1, 2, 3)) < vec4u(u32(${size.text}))`, 'bool', true),
      'inside',
    );
    return { places, inside };
  });
  return {
    at: (chunk) =>
      own.map(({ places, inside }) =>
        places.map((place, n) => {
          const value = loaded(writer, direct, codes.sum(place, chunk).text);
          return register(writer, accumulates ? `select(vec4f(), ${value}, ${inside.text}.${parts[n]})` : value);
        }),
      ),
    inside: accumulates ? undefined : (group) => own[group]!.inside,
  };
}

function acrossColumns(writer: KernelWriter, direct: Direct, groups: number): DirectReads {
  const { view, range: columns, kept } = direct;
  const over = view.axes.find(({ kind }) => kind !== kept)!;
  const { stride, start, size } = positions(writer, direct, over.kind);
  const first = writer.scalar(over.origin);
  const before = (difference(axisOfKind(view.axes, kept)!.origin, integer(0))! + columns.low) / 4;
  const index = writer.named(codes.minus(first, start), 'first');
  const base = writer.named(placeAt(writer, direct, index, plusConstant(writer.column, before)), 'place');
  return {
    at: (chunk) => {
      const entry = writer.named(codes.times(chunk, integerCode(4)), 'entry');
      let place = writer.named(codes.sum(base, codes.times(entry, stride)), 'place');
      const at = writer.named(codes.sum(index, entry), 'at');
      const lines = parts.map((_, n) => {
        if (n > 0) place = writer.named(codes.sum(place, stride), 'place');
        const inside = `u32(${plusConstant(at, n).text}) < u32(${size.text})`;
        return Array.from({ length: groups }, (_, group) => {
          const value = loaded(writer, direct, plusConstant(place, writer.plan.threads.columns * group).text);
          return register(writer, `select(vec4f(), ${value}, ${inside})`);
        });
      });
      return Array.from({ length: groups }, (_, group) => lines.map((line) => line[group]!));
    },
  };
}

/** What the loop over the chunks of four entries reads of rows. */
export interface DirectRows {
  /** Four entries of one of this thread's rows. */
  readonly at: (row: number, chunk: Code) => Code;
  /** Whether a row lies in the buffer, where sums of others are to become 0 behind the loop. */
  readonly inside?: ((row: number) => Code) | undefined;
}

/** Names where the rows of this thread begin. @param accumulates whether sums have begun before */
export function readRows(writer: KernelWriter, direct: Direct, rows: number, accumulates: boolean): DirectRows {
  const { view, range, kept } = direct;
  const { stride, start, size } = positions(writer, direct, kept);
  const vector = integerCode(difference(axisOfKind(view.axes, minorAxis(view))!.origin, integer(0))! / 4);
  const first = writer.absolute(axisOfKind(view.axes, kept)!, writer.rowOffset(range, 0));
  const index = writer.named(codes.minus(first, start), 'first');
  const isInside = (row: number): string => `u32(${plusConstant(index, row).text}) < u32(${size.text})`;
  let place = writer.named(placeAt(writer, direct, index, vector), 'place');
  const places = Array.from({ length: rows }, (_, row) => {
    if (row > 0) place = writer.named(codes.sum(place, stride), 'place');
    return place;
  });
  return {
    at: (row, chunk) => {
      const value = loaded(writer, direct, codes.sum(places[row]!, chunk).text);
      return register(writer, accumulates ? `select(vec4f(), ${value}, ${isInside(row)})` : value, 'left');
    },
    inside: accumulates ? undefined : (row) => atom(isInside(row), 'bool'),
  };
}

/** Puts 0 into sums whose row or column lies outside of its buffer. */
export function clearOutside(
  writer: KernelWriter,
  registers: Registers,
  row: DirectRows['inside'],
  column: DirectReads['inside'],
): void {
  if (!row && !column) return;
  for (let n = 0; n < registers.rows; n += 1) {
    const isRow = row && writer.named(row(n), 'inside');
    for (let group = 0; group < registers.groups; group += 1) {
      const each = [
        ...(column ? [column(group).text] : []),
        ...(isRow ? [column ? `vec4<bool>(${isRow.text})` : isRow.text] : []),
      ];
      const sum = registers.at(n, group);
      writer.set(sum, `select(vec4f(), ${sum.text}, ${each.join(' & ')})`);
    }
  }
}
