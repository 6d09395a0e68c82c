// Reads and writes of buffers: four neighbours at once where they are stored so, 0 outside of the buffer.
// Loads, stores and the staging of views all find their places here; what is done there stands in functions of the module.

import { difference } from '../../../codegen/tile/scalars.js';
import type { Placement, Tile, TileAxisKind } from '../../../codegen/tile/types.js';
import { integer } from '../../../src/ir/index.js';
import type { Access } from '../accessors.js';
import type { BoundBuffer } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, type Code, plusConstant, splat } from '../text/code.js';

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

/** Which of four neighbours are written: those from `low` on, counted from the first, that come before `high`. */
export interface Limits {
  readonly low: Code;
  readonly high: Code;
}

/** Whether an index along an axis is the grid's or the program's own, and so inside of the buffer. */
const isTrusted = (kind: string): boolean =>
  kind === 'batch' || kind === 'head' || kind === 'split' || kind === 'extent';

/** What is accessed, and the operands that say where. */
function locate(writer: KernelWriter, { bound, place, at, four }: Spot): [access: Access, operands: readonly string[]] {
  const { axes } = bound.buffer;
  const starts = axes.flatMap((axis) =>
    axis.kind === 'band' ? [writer.named(writer.extentOf(axis).start, 'start').text] : [],
  );
  let entries: Access['entries'] = 'one';
  const indices = place.map((entry, n): string => {
    if (!('along' in entry)) return writer.scalar(entry).text;
    if (four?.kind !== entry.along) return at(entry.along).text;
    if (n === place.length - 1 && bound.vectors && four.vector) {
      entries = 'vector';
      return four.vector.text;
    }
    entries = { along: n };
    return at(entry.along).text;
  });
  const checked = place.map((entry, n) => 'along' in entry || !isTrusted(axes[n]!.kind));
  return [{ bound, checked, entries }, [...starts, ...indices]];
}

/** Reads one entry or four as f32, with further conditions; 0 where they do not hold or outside of the buffer. */
export function readBuffer(writer: KernelWriter, spot: Spot, further: readonly string[] = []): Code {
  writer.uses(spot.bound.buffer);
  const [access, operands] = locate(writer, spot);
  const call = `${writer.context.accessors.loader(access)}(${operands.join(', ')})`;
  const loaded = atom(call, 'float', access.entries !== 'one');
  const value = spot.four ? splat(loaded) : loaded;
  if (further.length === 0) return value;
  const into = writer.variable('loaded', atom(value.wide ? 'vec4f()' : '0.0', 'float', value.wide));
  writer.open(`if (${further.join(' && ')}) {`);
  writer.set(into, value.text);
  writer.close();
  return into;
}

/** Writes one value or four where the conditions hold and inside of the buffer. */
export function writeBuffer(
  writer: KernelWriter,
  spot: Spot,
  value: Code,
  further: readonly string[],
  limits: Limits | undefined,
): void {
  writer.uses(spot.bound.buffer);
  const [access, operands] = locate(writer, spot);
  const isLimited = limits !== undefined && typeof access.entries === 'object';
  const name = writer.context.accessors.storer({ ...access, isLimited });
  const all = [...operands, value.text, ...(isLimited ? [limits.low.text, limits.high.text] : [])];
  if (further.length > 0) writer.open(`if (${further.join(' && ')}) {`);
  writer.line(`${name}(${all.join(', ')});`);
  if (further.length > 0) writer.close();
}

/** The four entries of a wide register, with the vector that they are where the box begins at one. */
export function fourOf(writer: KernelWriter, tile: Tile, kind: TileAxisKind, group: number): Four {
  const axis = tile.axes.find((each) => each.kind === kind)!;
  const { low } = writer.range(tile, kind);
  const origin = difference(axis.origin, integer(0));
  if (origin === undefined || (origin + low) % 4 !== 0) return { kind, vector: undefined };
  return { kind, vector: plusConstant(writer.column, (origin + low) / 4 + writer.plan.threads.columns * group) };
}
