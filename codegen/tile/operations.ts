// The operations of tile programs: dataflow between tiles, rings and buffers, and nothing about how it is done.
// There are no barriers, lanes, swizzles or stages here; those are each target's own.
import { type Expression, read, type TensorNode, tensorNode } from '../../src/ir/index.js';
import type { Buffer, Placement, Ring, Tile, TileAxisKind, TileDtype, View } from './types.js';

/** A tile of one number. */
export interface ConstantOperation {
  readonly op: 'constant';
  readonly value: number;
}

/** The part of a buffer that `place` names; 0 outside of the buffer. */
export interface LoadOperation {
  readonly op: 'load';
  readonly buffer: Buffer;
  readonly place: Placement;
}

/**
 * accumulator + Σ_over left · right: a product of every left entry with every right entry that agree in `over`. The
 * accumulator is f32; the order of the terms is the target's.
 */
export interface MatmulOperation {
  readonly op: 'matmul';
  readonly accumulator?: Tile;
  readonly left: Tile | View;
  readonly right: Tile | View;
  readonly over: TileAxisKind;
}

/**
 * A scalar expression at each entry of the result. It may use b, the absolute indices of the result's axes, scalars in
 * scope, tables (reads of tensor nodes) and `operand(n)`. An operand without one of the result's axes is broadcast.
 */
export interface MapOperation {
  readonly op: 'map';
  readonly operands: readonly Tile[];
  readonly value: Expression;
}

/** The only place where rounding happens. */
export interface CastOperation {
  readonly op: 'cast';
  readonly tile: Tile;
}

/**
 * The tile with its axis `from` called `to`: the same entries at the same indices. A product over features gives features
 * along an extent, as no two axes of a tile are of one kind; this makes features of them again.
 */
export interface RelabelOperation {
  readonly op: 'relabel';
  readonly tile: Tile;
  readonly from: TileAxisKind;
  readonly to: TileAxisKind;
}

/** Sum or maximum along one axis, which must be valid throughout; for queries the axis may be valid in part. */
export interface ReduceOperation {
  readonly op: 'reduce';
  readonly tile: Tile;
  readonly over: TileAxisKind;
  readonly monoid: 'sum' | 'max';
}

/** An empty ring whose end is at `end`: everything before is `initial`. */
export interface RingOperation {
  readonly op: 'ring';
  readonly end: Expression;
  readonly initial: number;
}

/** The ring with the tile behind its end. The tile starts where the ring ends; the oldest entries fall out. */
export interface PushOperation {
  readonly op: 'push';
  readonly ring: Ring;
  readonly tile: Tile;
}

/** One counter of a stencil or window: a loop of a fixed number of steps. */
export interface TapCounter {
  readonly name: string;
  readonly extent: number;
}

/**
 * Σ over the counters of [guard ?] weight · ring(i + queryOffset, j + keyOffset): linear in the ring. Offsets are integers
 * of the counters; the weight may read tables at h, i, j and the counters; the guard is a predicate of rows.
 */
export interface StencilOperation {
  readonly op: 'stencil';
  readonly ring: Ring;
  readonly counters: readonly TapCounter[];
  readonly queryOffset: Expression;
  readonly keyOffset: Expression;
  readonly weight: Expression;
  readonly guard?: Expression;
}

/** Any expression of entries of rings near the reader: `ringAt(n, query index, key index)` inside of `value`. */
export interface WindowOperation {
  readonly op: 'window';
  readonly rings: readonly Ring[];
  readonly operands: readonly Tile[];
  readonly value: Expression;
}

/** Σ_n weight(n) · tiles[n]: one head out of a group. The weight knows n by the variable `n`, and may vary by row or column. */
export interface MixOperation {
  readonly op: 'mix';
  readonly tiles: readonly Tile[];
  readonly weight: Expression;
}

/**
 * accumulator[x] + Σ_{i, j} ring(i + queryOffset, j + keyOffset) · tile(i, j), for each x of the accumulator, which the
 * offsets know: the gradient of a stencil's kernel. Without a ring, `against` is another tile: head with head.
 */
export interface GramOperation {
  readonly op: 'gram';
  readonly accumulator: Tile;
  readonly ring: Ring;
  readonly tile: Tile;
  readonly counters: readonly TapCounter[];
  readonly queryOffset: Expression;
  readonly keyOffset: Expression;
}

/** Adds each entry of `tile` to the accumulator at `index`, in a fixed order; an index outside adds nothing. */
export interface BinOperation {
  readonly op: 'bin';
  readonly accumulator: Tile;
  readonly tile: Tile;
  readonly index: Expression;
}

export type TileOperation =
  | ConstantOperation
  | LoadOperation
  | MatmulOperation
  | MapOperation
  | CastOperation
  | RelabelOperation
  | ReduceOperation
  | RingOperation
  | PushOperation
  | StencilOperation
  | WindowOperation
  | MixOperation
  | GramOperation
  | BinOperation;

export type TileOperationName = TileOperation['op'];
export type TileOperationOf<Op extends TileOperationName> = Extract<TileOperation, { op: Op }>;

/** The precision that each operation gives where nothing else is said. */
export const resultDtype: TileDtype = 'f32';

// ── What element expressions of tile operations read ────────────────────────────────────────────────

const operandNodes: TensorNode[] = [];

/** The value of the nth operand at the entry that is computed. */
export function operand(n: number): Expression {
  for (let next = operandNodes.length; next <= n; next += 1) {
    operandNodes.push(tensorNode(`%${next}`, 'tensor', []));
  }
  return read(operandNodes[n]!, []);
}

/** The index of an operand node; undefined for tables. */
export function operandIndex(node: unknown): number | undefined {
  const index = operandNodes.indexOf(node as TensorNode);
  return index < 0 ? undefined : index;
}

const ringNodes: TensorNode[] = [];

/** The entry of a window's nth ring at absolute indices. */
export function ringAt(n: number, query: Expression, key: Expression): Expression {
  for (let next = ringNodes.length; next <= n; next += 1) {
    ringNodes.push(tensorNode(`%ring${next}`, 'tensor', [{ kind: 'query' }, { kind: 'key' }]));
  }
  return read(ringNodes[n]!, [query, key]);
}

/** The index of a ring's node in a window; undefined for tables and operands. */
export function ringIndex(node: unknown): number | undefined {
  const index = ringNodes.indexOf(node as TensorNode);
  return index < 0 ? undefined : index;
}
