// Reads and writes of buffers: four neighbours at once where they are stored so, 0 outside of the buffer.
// Loads, stores and the staging of views all find their places here.

import { difference } from '../../../codegen/tile/scalars.js';
import type { Placement, Tile, TileAxisKind } from '../../../codegen/tile/types.js';
import { integer } from '../../../src/ir/index.js';
import { type BoundBuffer, codes, elementTypes, entryText, placeOf } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, type Code, integerCode, level, plusConstant, within } from '../text/code.js';

/** Four neighbours along one axis, from an index on. */
export interface Four {
  readonly kind: TileAxisKind;
  /** The first index in vectors, where it is known to be a multiple of four. */
  readonly vector: Code | undefined;
}

/** Where to read or write: an absolute index along each axis of a tile. */
export interface Spot {
  readonly bound: BoundBuffer;
  readonly place: Placement;
  readonly at: (kind: TileAxisKind) => Code;
  readonly four: Four | undefined;
}

interface Located {
  /** Offsets along each axis of the buffer; along the last in vectors where it is accessed so. */
  readonly offsets: readonly Code[];
  /** Conditions for all of the entries to lie inside. */
  readonly conditions: readonly string[];
  /** Where four entries are found one by one: which axis they run along, and how many there are. */
  readonly separate: { readonly axis: number; readonly size: Code } | undefined;
}

/** Whether an index along an axis is the grid's or the program's own, and so inside of the buffer. */
const isTrusted = (kind: string): boolean =>
  kind === 'batch' || kind === 'head' || kind === 'split' || kind === 'extent';

function locate(writer: KernelWriter, { bound, place, at, four }: Spot): Located {
  const conditions: string[] = [];
  let separate: Located['separate'];
  const offsets = place.map((entry, n): Code => {
    const axis = bound.buffer.axes[n]!;
    const { start, size } = writer.extentOf(axis);
    if (!('along' in entry)) {
      const offset = codes.minus(writer.scalar(entry), start);
      const named = writer.named(offset, 'place');
      if (!isTrusted(axis.kind)) conditions.push(inside(named, size));
      return named;
    }
    const isLast = n === place.length - 1;
    if (four?.kind === entry.along) {
      if (isLast && bound.vectors && four.vector) {
        conditions.push(inside(four.vector, integerCode(Number(size.text) / 4)));
        return four.vector;
      }
      const offset = writer.named(codes.minus(at(entry.along), start), 'place');
      separate = { axis: n, size };
      return offset;
    }
    const offset = writer.named(codes.minus(at(entry.along), start), 'place');
    conditions.push(inside(offset, size));
    return offset;
  });
  return { offsets, conditions, separate };
}

/** 0 ≤ offset < size, in one comparison of unsigned numbers. */
const inside = (offset: Code, size: Code): string => {
  const bound = /^\d+$/.test(size.text) ? `${size.text}u` : `u32(${size.text})`;
  return `u32(${offset.text}) < ${bound}`;
};

const shifted = (offsets: readonly Code[], axis: number, by: number): readonly Code[] =>
  offsets.map((offset, n) => (n === axis ? plusConstant(offset, by) : offset));

/** The element at offsets, each of one entry, whatever the buffer is bound as. What is written has a binding's own type. */
function elementText(bound: BoundBuffer, offsets: readonly Code[]): string {
  if (!bound.vectors) return entryText(bound, placeOf(bound, offsets).text);
  const last = offsets.at(-1)!;
  const vector = atom(`(${within(last, level.atom)} >> 2u)`, 'int');
  return `${bound.variable}[${placeOf(bound, [...offsets.slice(0, -1), vector]).text}][${within(last, level.atom)} & 3]`;
}

/** Entries as f32: one, or four in a vector. */
const asFloat = ({ dtype }: BoundBuffer, text: string, wide = false): string => {
  if (!wide) return dtype === 'f32' ? text : `f32(${text})`;
  return dtype === 'f32' ? `vec4f(${text})` : `vec4f(vec4<${elementTypes[dtype][0]}>(${text}))`;
};
const parts = ['x', 'y', 'z', 'w'] as const;

/** Reads one entry or four as f32, with further conditions; 0 where they do not hold or outside of the buffer. */
export function readBuffer(writer: KernelWriter, spot: Spot, further: readonly string[] = []): Code {
  const { bound, four } = spot;
  writer.uses(bound.buffer);
  const { offsets, conditions, separate } = locate(writer, spot);
  const all = [...further, ...conditions];
  const wide = four !== undefined;
  const name = writer.fresh('loaded');
  writer.line(`var ${name} = ${wide ? 'vec4f()' : '0.0'};`);
  if (all.length > 0) writer.open(`if (${all.join(' && ')}) {`);
  if (separate) {
    // Reads beyond the end give some number, which is not kept.
    const first = offsets[separate.axis]!;
    const entries = parts.map((_, n) => elementText(bound, shifted(offsets, separate.axis, n)));
    const four = asFloat(bound, entries.join(', '), true);
    const places = `vec4u(vec4i(${first.text}) + vec4i(0, 1, 2, 3))`;
    writer.line(`${name} = select(vec4f(), ${four}, ${places} < vec4u(u32(${separate.size.text})));`);
  } else if (
    wide &&
    bound.vectors &&
    four.vector &&
    spot.place.some((entry) => 'along' in entry && entry.along === four.kind)
  ) {
    const vector = `${bound.variable}[${placeOf(bound, offsets).text}]`;
    writer.line(`${name} = ${bound.dtype === 'f32' ? vector : `vec4f(${vector})`};`);
  } else {
    const value = asFloat(bound, elementText(bound, offsets));
    writer.line(`${name} = ${wide ? `vec4f(${value})` : value};`);
  }
  if (all.length > 0) writer.close();
  return atom(name, 'float', wide);
}

/** Writes one value or four where the conditions hold and inside of the buffer; `limits` bounds the four one by one. */
export function writeBuffer(
  writer: KernelWriter,
  spot: Spot,
  value: Code,
  further: readonly string[],
  limit: ((n: number) => string | undefined) | undefined,
): void {
  const { bound, four } = spot;
  writer.uses(bound.buffer);
  const { offsets, conditions, separate } = locate(writer, spot);
  const all = [...further, ...conditions];
  const [scalarType, vectorType] = elementTypes[bound.dtype];
  if (all.length > 0) writer.open(`if (${all.join(' && ')}) {`);
  if (four && separate) {
    for (const [n, part] of parts.entries()) {
      const each = shifted(offsets, separate.axis, n);
      const own = limit?.(n);
      writer.open(`if (${[inside(each[separate.axis]!, separate.size), ...(own ? [own] : [])].join(' && ')}) {`);
      writer.line(`${elementText(bound, each)} = ${converted(`${value.text}.${part}`, scalarType)};`);
      writer.close();
    }
  } else if (four) {
    writer.line(`${bound.variable}[${placeOf(bound, offsets).text}] = ${converted(value.text, vectorType)};`);
  } else {
    writer.line(`${elementText(bound, offsets)} = ${converted(value.text, scalarType)};`);
  }
  if (all.length > 0) writer.close();
}

const converted = (text: string, type: string): string =>
  type === 'f32' || type === 'vec4<f32>' ? text : `${type}(${text})`;

/** The four entries of a wide register, with the vector that they are where the box begins at one. */
export function fourOf(writer: KernelWriter, tile: Tile, kind: TileAxisKind, group: number): Four {
  const axis = tile.axes.find((each) => each.kind === kind)!;
  const { low } = writer.range(tile, kind);
  const origin = difference(axis.origin, integer(0));
  if (origin === undefined || (origin + low) % 4 !== 0) return { kind, vector: undefined };
  return { kind, vector: plusConstant(writer.column, (origin + low) / 4 + writer.plan.threads.columns * group) };
}
