// What the tile interpreter computes on: tiles with numeric boxes, rings with a numeric end, buffers with what was stored.
// What lies outside of a valid box is poison: NaN, or a number where NaN may be what a program computes.
import type { Buffer, BufferAxis, Ring, TileAxisKind } from '../types.js';

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

/** The number of entries of a buffer's axis and the index of its first; where a band lies is known by `scalarAt`. */
export function bufferAxis(
  axis: BufferAxis,
  sizes: LaunchSizes,
  scalarAt: (scalar: Extract<BufferAxis, { kind: 'band' }>['origin']) => number,
): { readonly size: number; readonly start: number } {
  switch (axis.kind) {
    case 'batch':
      return { size: sizes.batch, start: 0 };
    case 'query':
      return { size: sizes.queries, start: sizes.keys - sizes.queries };
    case 'row':
      return { size: sizes.rows, start: sizes.keys - sizes.rows };
    case 'key':
    case 'position':
      return { size: sizes.keys, start: 0 };
    case 'band': {
      const start = scalarAt(axis.origin);
      return { size: Math.max(0, Math.min(scalarAt(axis.size), sizes.keys - start)), start };
    }
    case 'head':
    case 'feature':
    case 'extent':
    case 'split':
      return { size: axis.size, start: 0 };
  }
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
