// The boxes and conditions of a one-pass schedule: rows grown by the history, keys that trail the newest ones, and which
// entries of a box are rows and keys at all.
import { apply, type Expression, integer, length, variable } from '../../../src/ir/index.js';
import { axis, type BlockBuilder } from '../../tile/builder.js';
import { operand } from '../../tile/operations.js';
import { minus } from '../../tile/scalars.js';
import { axisOfKind, type Tile, type TileAxis, validRange } from '../../tile/types.js';
import type { Plan } from './plan.js';

export interface TileSizes {
  /** Rows of output of a block. */
  readonly rows: number;
  /** Keys of a step. */
  readonly columns: number;
  /** Rows of a band of the slab schedule, a multiple of `rows`; chosen by arithmetic unless told. */
  readonly band?: number;
}

export const ROW = 'I';
export const KEY = 'J';
const [i, j] = [variable('i'), variable('j')];
const keys = length('key');
/** The position of the first row of queries: negative where they are more than the keys. */
export const firstQuery = minus(keys, length('query'));
export const and = (x: Expression | undefined, y: Expression): Expression => (x === undefined ? y : apply('and', x, y));

/** Rows of a block with those above and below that its scores are needed at. */
export const grownRows = ({ up, down }: Plan, { rows }: TileSizes): TileAxis =>
  axis('query', up === 0 ? ROW : minus(ROW, up), rows + up + down);

/** The keys that a value which trails by `lag` is computed at. */
export const trailingKeys = (lag: number, { columns }: TileSizes): TileAxis =>
  axis('key', lag === 0 ? KEY : minus(KEY, lag), columns);

/** Which entries of a trailing box are keys. */
export function isKey(lag: number): Expression {
  const before = apply('less', j, keys);
  return lag === 0 ? before : apply('and', apply('lessOrEqual', integer(0), j), before);
}

/** Which entries of a box of grown rows are rows and keys that exist: reads of all others are 0. */
export function isInside({ up, down }: Plan, lag: number): Expression {
  let inside = isKey(lag);
  if (up > 0) inside = apply('and', apply('lessOrEqual', firstQuery, i), inside);
  if (down > 0) inside = apply('and', apply('less', i, keys), inside);
  return inside;
}

/** A tile as far as the block's own rows: those above and below belong to its neighbours. */
export function ownRows(block: BlockBuilder, { up, down }: Plan, tile: Tile): Tile {
  const rows = axisOfKind(tile.axes, 'query')!;
  const own = { low: up, high: rows.size - down };
  const held = validRange(rows);
  if (held.low >= own.low && held.high <= own.high) return tile;
  const axes = tile.axes.map((each) => (each.kind === 'query' ? { ...each, valid: own } : each));
  return block.map([tile], operand(0), axes);
}
