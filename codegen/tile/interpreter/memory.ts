// What the tile interpreter computes on: tiles with numeric boxes, rings with a numeric end, buffers with what was stored.
// What lies outside of a valid box is poison: NaN, or a number where NaN may be what a program computes.
import { evaluate } from '../../../src/ir/index.js';
import { rangeOfAxis } from '../scalars.js';
import type { Buffer, BufferAxis, Ring, Scalar, TileAxisKind } from '../types.js';

/** A failure of the program, not of its caller: it read or stored what it may not. */
export class TileProgramError extends Error {
  /** The kernel, the statement, and the values of its scalars; unknown for what concerns a whole run. */
  readonly place: string | undefined;

  constructor(message: string, place?: string) {
    super(place === undefined ? message : `${place}: ${message}`);
    this.place = place;
  }
}

/** A NaN was stored: poison, unless the program computes NaN there. */
export class PoisonError extends TileProgramError {}

export interface Span {
  readonly kind: TileAxisKind;
  readonly start: number;
  readonly size: number;
}

export interface RuntimeTile {
  readonly spans: readonly Span[];
  readonly data: Float64Array;
}

/** The window [end − capacity, end) along the ring's axis; rows lie across it. */
export interface RuntimeRing {
  readonly ring: Ring;
  readonly acrossStart: number;
  readonly end: number;
  /** [across, capacity], oldest entry first. */
  readonly data: Float64Array;
}

export type RuntimeValue = RuntimeTile | RuntimeRing;

export interface RuntimeBuffer {
  readonly buffer: Buffer;
  readonly sizes: readonly number[];
  readonly starts: readonly number[];
  readonly data: Float64Array;
  /** Which entries have been stored, 1 or 0; absent for inputs. */
  readonly written?: Uint8Array;
}

export const sizeOf = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);

/** The sizes that a launch is given: B, Tq, Tk and R. */
export interface LaunchSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
}

const sizeNames = { batch: 'batch', query: 'queries', key: 'keys' } as const;

/** A scalar that knows the sizes of a launch and nothing else, or what `variable` says; undefined where it reads memory. */
export const scalarAt = (
  scalar: Scalar,
  sizes: LaunchSizes,
  variable: (name: string) => number | undefined = () => undefined,
) =>
  evaluate(scalar, {
    variable: (name) => variable(name) ?? (name === 'R' ? sizes.rows : undefined),
    length: (of) => sizes[sizeNames[of]],
  });

/** The number of entries of a buffer's axis and the index of its first. @param numberOf knows where a band lies */
export function bufferAxis(
  axis: BufferAxis,
  sizes: LaunchSizes,
  numberOf = (scalar: Scalar): number => scalarAt(scalar, sizes)!,
): { readonly size: number; readonly start: number } {
  const range = rangeOfAxis(axis);
  const [start, size] = [numberOf(range.start), numberOf(range.size)];
  return { start, size: axis.kind === 'band' ? Math.max(0, Math.min(size, sizes.keys - start)) : size };
}

/** Calls `visit` for each entry of a box, the last axis fastest, with its absolute indices and its flat place. */
export function forEachEntry(spans: readonly Span[], visit: (index: readonly number[], flat: number) => void): void {
  const index = spans.map(({ start }) => start);
  const count = sizeOf(spans.map(({ size }) => size));
  for (let flat = 0; flat < count; flat += 1) {
    visit(index, flat);
    for (let axis = spans.length - 1; axis >= 0; axis -= 1) {
      const { start, size } = spans[axis]!;
      index[axis]! += 1;
      if (index[axis]! < start + size) break;
      index[axis] = start;
    }
  }
}

/** The entry of a tile at the indices of another box, `poison` outside; axes that the tile lacks do not matter. */
export function reader(
  { spans, data }: RuntimeTile,
  of: readonly Span[],
  poison: number,
): (index: readonly number[]) => number {
  const places = spans.map(({ kind, start, size }) => {
    const at = of.findIndex((span) => span.kind === kind);
    if (at < 0) throw new TileProgramError(`a tile has a ${kind} axis that its reader lacks`);
    return { at, start, size };
  });
  return (index) => {
    let flat = 0;
    for (const { at, start, size } of places) {
      const offset = index[at]! - start;
      if (offset < 0 || offset >= size) return poison;
      flat = flat * size + offset;
    }
    return data[flat]!;
  };
}
