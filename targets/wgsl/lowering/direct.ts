// The columns of a product straight from their buffer: where rows are few, each entry is wanted by one thread alone, which reads
// it into a register. What lies outside of the buffer along the positions is read from wherever, and taken for 0.
import { difference } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import { integer } from '../../../src/ir/index.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { minorAxis } from '../../shared/layout/views.js';
import { codes, placeOf } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import type { KeptAxis } from '../layout/staged.js';
import { atom, type Code, integerCode, level, parts, plusConstant, within } from '../text/code.js';

/** Columns that threads read for themselves. */
export interface Direct {
  readonly view: View;
  readonly columns: HeldRange;
  readonly kept: TileAxisKind;
  /** Whether the entries of a column are neighbours in memory; neighbours are columns where not. */
  readonly isColumnMajor: boolean;
}

/** A view as columns that threads read for themselves, where no two of them want the same, and it lies in whole vectors. */
export function directColumns(
  writer: KernelWriter,
  view: View,
  over: TileAxisKind,
  { kept, range, isColumns }: KeptAxis,
): Direct | undefined {
  if (!isColumns || writer.plan.threads.rows > 1) return undefined;
  const { buffer, place } = view;
  const minor = minorAxis(view);
  const last = place.at(-1)!;
  if (!writer.context.bound(buffer).vectors || !('along' in last) || last.along !== minor) return undefined;
  const [axis, summed] = [axisOfKind(view.axes, minor)!, axisOfKind(view.axes, over)!];
  const first = difference(axis.origin, integer(0));
  const isColumnMajor = minor === over;
  const low = isColumnMajor ? 0 : range.low;
  const all = buffer.axes.at(-1)!;
  const isWhole = first !== undefined && 'size' in all && first >= 0 && first + axis.size <= Number(all.size);
  if (!isWhole || (first + low) % 4 !== 0 || summed.size % 4 !== 0) return undefined;
  return { view, columns: range, kept, isColumnMajor };
}

/** What the loop over the chunks of four entries reads. */
export interface DirectReads {
  /** By groups of four columns: the four entries of each column, or the four columns at each entry. */
  readonly at: (chunk: Code) => readonly (readonly Code[])[];
  /** Puts 0 into sums whose columns lie outside of the buffer, behind the loop. */
  readonly finish: (registers: Registers) => void;
}

/** Names where the columns of this thread begin, and says how they are read. @param accumulates whether sums have begun before */
export function readDirectly(writer: KernelWriter, direct: Direct, groups: number, accumulates: boolean): DirectReads {
  return direct.isColumnMajor
    ? alongColumns(writer, direct, groups, accumulates)
    : acrossColumns(writer, direct, groups);
}

/** The place of an entry at an index along the positions, and a vector of its neighbours. */
function placeAt(writer: KernelWriter, { view }: Direct, index: Code, vector: Code): Code {
  const bound = writer.uses(view.buffer);
  const { axes } = view.buffer;
  const offsets = view.place.map((entry, n): Code => {
    if (!('along' in entry)) return writer.scalar(entry);
    if (n === axes.length - 1) return vector;
    return codes.minus(index, writer.extentOf(axes[n]!).start);
  });
  return placeOf(
    bound,
    offsets.map((each) => ({ ...each, text: within(each, level.multiply) })),
  );
}

/** The axis of the buffer along the positions, with its stride. */
function positions(writer: KernelWriter, { view }: Direct, kind: TileAxisKind) {
  const { strideFields, staticStrides, buffer } = writer.uses(view.buffer);
  const n = view.place.findIndex((entry) => 'along' in entry && entry.along === kind);
  const stride = staticStrides ? integerCode(staticStrides[n]! / 4) : codes.field(strideFields[n]!);
  const { start, size } = writer.extentOf(buffer.axes[n]!);
  return { stride, start, size };
}

const loaded = (writer: KernelWriter, { view }: Direct, place: string): string => {
  const { variable, dtype } = writer.uses(view.buffer);
  return dtype === 'f32' ? `${variable}[${place}]` : `vec4f(${variable}[${place}])`;
};

const register = (writer: KernelWriter, value: string): Code => {
  const name = atom(writer.fresh('right'), 'float', true);
  writer.constant(name, value);
  return name;
};

function alongColumns(writer: KernelWriter, direct: Direct, groups: number, accumulates: boolean): DirectReads {
  const { view, columns, kept } = direct;
  const { stride, start, size } = positions(writer, direct, kept);
  const vector = integerCode(difference(axisOfKind(view.axes, minorAxis(view))!.origin, integer(0))! / 4);
  const own = Array.from({ length: groups }, (_, group) => {
    const first = writer.absolute(axisOfKind(view.axes, kept)!, writer.columnOffset(columns, group));
    let place = writer.named(placeAt(writer, direct, first, vector), 'place');
    const places = parts.map((_, n) => {
      if (n > 0) place = writer.named(codes.sum(place, stride), 'place');
      return place;
    });
    const index = codes.minus(first, start);
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
    finish: (registers) => {
      if (accumulates) return;
      for (const [group, { inside }] of own.entries()) {
        for (let row = 0; row < registers.rows; row += 1) {
          const sum = registers.at(row, group);
          writer.set(sum, `select(vec4f(), ${sum.text}, ${inside.text})`);
        }
      }
    },
  };
}

function acrossColumns(writer: KernelWriter, direct: Direct, groups: number): DirectReads {
  const { view, columns, kept } = direct;
  const over = view.axes.find(({ kind }) => kind !== kept)!;
  const { stride, start, size } = positions(writer, direct, over.kind);
  const first = writer.scalar(over.origin);
  const before = (difference(axisOfKind(view.axes, kept)!.origin, integer(0))! + columns.low) / 4;
  const base = writer.named(placeAt(writer, direct, first, plusConstant(writer.column, before)), 'place');
  const index = writer.named(codes.minus(first, start), 'first');
  return {
    at: (chunk) => {
      const entry = writer.named(codes.times(chunk, integerCode(4)), 'entry');
      let place = writer.named(codes.sum(base, codes.times(entry, stride)), 'place');
      const at = codes.sum(index, entry);
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
    finish: () => {},
  };
}
