// Reads and writes of buffers: the pointer to an entry of a box, and the conditions for it to lie inside of the buffer.
// Loads, stores and the staging of views all find their places here.
import type { Placement, TileAxisKind } from '../../../codegen/tile/types.js';
import { type BoundBuffer, codes, pointerTo } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, type Code } from '../text/code.js';

/** Where to read or write: an absolute index along each axis of a tile. */
export interface Spot {
  readonly bound: BoundBuffer;
  readonly place: Placement;
  readonly at: (kind: TileAxisKind) => Code;
}

export interface Located {
  readonly pointer: string;
  /** Conditions for the entry to lie inside. */
  readonly conditions: readonly string[];
}

/** Whether an index along an axis is the grid's or the program's own, and so inside of the buffer. */
export const isTrusted = (kind: string): boolean =>
  kind === 'batch' || kind === 'head' || kind === 'split' || kind === 'extent';

/** @param inside an axis along which the entry is known to lie inside */
export function locate(writer: KernelWriter, { bound, place, at }: Spot, inside?: TileAxisKind): Located {
  const conditions: string[] = [];
  const offsets = place.map((entry, n): Code => {
    const axis = bound.buffer.axes[n]!;
    const { start, size } = writer.extentOf(axis);
    const isOwn = !('along' in entry);
    const offset = writer.named(codes.minus(isOwn ? writer.scalar(entry) : at(entry.along), start), 'place');
    const isKnown = 'along' in entry ? entry.along === inside : isTrusted(axis.kind);
    if (!isKnown) conditions.push(`is_inside(${offset.text}, ${size().text})`);
    return offset;
  });
  return { pointer: pointerTo(bound, offsets), conditions };
}

const converted = ({ element }: BoundBuffer, text: string): string =>
  element === 'float' ? text : element === 'int' ? `static_cast<float>(${text})` : `to_float(${text})`;

/** One entry as a float; 0 where a condition does not hold or outside of the buffer. */
export function readEntry(writer: KernelWriter, spot: Spot): Code {
  const { pointer, conditions } = locate(writer, spot);
  const value = converted(spot.bound, `load_global(${pointer})`);
  const all = conditions.join(' && ');
  return atom(all === '' ? value : `(${all} ? ${value} : 0.0f)`, 'float');
}

/** Writes one entry where all conditions hold and it lies inside of the buffer. */
export function writeEntry(writer: KernelWriter, spot: Spot, value: Code, further: readonly string[]): void {
  const { pointer, conditions } = locate(writer, spot);
  const all = [...further, ...conditions].join(' && ');
  const { element } = spot.bound;
  const stored = element === 'int' ? `static_cast<int>(${value.text})` : value.text;
  const rounded = element === 'float' || element === 'int' ? stored : `from_float<${element}>(${stored})`;
  writer.line(`${all === '' ? '' : `if (${all}) `}store_global(${pointer}, ${rounded});`);
}
