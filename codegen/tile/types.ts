// The types of a tile program's values: tiles over boxes of absolute indices, rings carried along an axis, and buffers in
// global memory. On-chip values have no addresses: how they are laid out is the target's affair.
import type { Axis, Expression } from '../../src/ir/index.js';

/** A whole number that is the same for the whole block: grid and loop variables, lengths, constants. */
export type Scalar = Expression;

export type TileAxisKind = 'head' | 'query' | 'key' | 'feature' | 'extent';

/** The indices origin, origin + 1, …, origin + size − 1 along one axis. */
export interface TileAxis {
  readonly kind: TileAxisKind;
  readonly origin: Scalar;
  readonly size: number;
  /**
   * Offsets at which the tile holds values, from `low` to before `high`; all of them where it is absent. What lies
   * outside is poison: it may be carried along but never stored, reduced or read by another row.
   */
  readonly valid?: { readonly low: number; readonly high: number };
}

/** Where a value was rounded last. Accumulators and row statistics are f32 whatever the inputs are. */
export type TileDtype = 'f32' | 'f16' | 'bf16' | 'int';

/** A value on chip, distributed over the block; assigned once. No two axes are of one kind. */
export interface Tile {
  readonly kind: 'tile';
  readonly axes: readonly TileAxis[];
  readonly dtype: TileDtype;
  /** What people call it, in the text of a program and in messages. */
  readonly label?: string;
}

/**
 * A window of scores carried along `axis`, addressed by absolute index. It holds the last `capacity` entries before its
 * end; a push moves the end on. Before the first push everything is `initial`, outside of the matrix too.
 */
export interface Ring {
  readonly kind: 'ring';
  readonly axis: 'query' | 'key';
  /** The box across the ring's axis. */
  readonly across: TileAxis;
  readonly capacity: number;
  readonly dtype: TileDtype;
  readonly label?: string;
}

export type Value = Tile | Ring;

/** What entries beside the one that is computed are read from: a window that is carried along, or a box over queries and keys. */
export type NeighbourSource = Ring | Tile;

/**
 * An axis of a buffer: one of the score graph's, the last R rows that an output holds, the rows of the band that a repetition
 * is at (as far as they are positions: those behind the last one are outside), or the shares that a sweep is split into in a call.
 */
export type BufferAxis =
  | Axis
  | { readonly kind: 'row' }
  | { readonly kind: 'band'; readonly origin: Scalar; readonly size: Scalar }
  | { readonly kind: 'split'; readonly size: Scalar };

/** A tensor in global memory: an input or output of the graph, or workspace of the program. */
export interface Buffer {
  readonly name: string;
  readonly role: 'input' | 'output' | 'workspace';
  readonly axes: readonly BufferAxis[];
  readonly dtype: TileDtype;
}

/**
 * Where a tile lies in a buffer, one entry for each of the buffer's axes: a scalar, or the kind of the tile's axis that
 * runs along it. Indices are absolute: along a query axis the buffer starts at the first row that it holds.
 */
export type Placement = readonly (Scalar | { readonly along: TileAxisKind })[];

/** A box of a buffer as an operand of a product: it moves nothing. Outside of the buffer it is 0. */
export interface View {
  readonly kind: 'view';
  readonly buffer: Buffer;
  readonly place: Placement;
  readonly axes: readonly TileAxis[];
}

/** The offsets of an axis that hold values. */
export function validRange({ size, valid }: TileAxis): { readonly low: number; readonly high: number } {
  return valid ?? { low: 0, high: size };
}

/** Whether an axis holds values only where another one of the same size does. */
export function isValidWithin(inner: TileAxis, outer: TileAxis): boolean {
  const [own, other] = [validRange(inner), validRange(outer)];
  return other.low <= own.low && own.high <= other.high;
}

/** The variable that element expressions know an axis by. */
export const tileVariables: Readonly<Record<TileAxisKind, string>> = {
  head: 'h',
  query: 'i',
  key: 'j',
  feature: 'd',
  extent: 'x',
};

export function axisOfKind(axes: readonly TileAxis[], kind: TileAxisKind): TileAxis | undefined {
  return axes.find((axis) => axis.kind === kind);
}
