// What a block of a kernel owns and what it sweeps: the positions of one axis of the scores are its own, and it goes along
// the other one. A tile's rows are owned and its columns swept, whatever they are called.

import { apply, type Expression, integer, length, type Variable, variable } from '../../../src/ir/index.js';
import { minus, most } from '../../tile/scalars.js';
import type { Scalar } from '../../tile/types.js';
import type { ScoreAxis } from '../reads/score-reads.js';

export interface TileShape {
  /** Positions that a block owns. */
  readonly rows: number;
  /** Positions of a step of its sweep. */
  readonly columns: number;
}

/** What the owned tiles of a block are: its rows, its keys, or none. */
export type TileOwner = 'rows' | 'keys' | 'nothing';

export interface TileSizes extends TileShape {
  /** The sizes of blocks that own keys, and of those that own nothing, where they are not those of blocks of rows. */
  readonly ofOwners?: Readonly<Partial<Record<TileOwner, TileShape>>> | undefined;
  /** Whether each gradient has a kernel of its own, where one of several takes more than a device has. */
  readonly isApart?: true | undefined;
  /** Rows of a band of the slab schedule, a multiple of `rows`; chosen by arithmetic unless told. */
  readonly band?: number;
  /** Whether a band keeps scores in memory that are read at other rows and keys of their own head, where no block holds them. */
  readonly keepsNeighbours?: true | undefined;
  /**
   * Whether the rows of a block are one row of each of the query heads that share keys, which are then read once for all of them;
   * where that is not told, both are tried.
   */
  readonly headsAsRows?: boolean | undefined;
  /** Shares of the keys in the decode schedule; as many as a call has use for unless told. */
  readonly shares?: number;
  /**
   * The blocks that a large device needs at once. Where that is told, kernels of a band have as many along its rows and heads, and a
   * mix of many heads is a kernel of its own.
   */
  readonly busyBlocks?: number | undefined;
  /** The most bytes that a matrix of scores of a band takes, over all batch entries; 128 MiB unless told. */
  readonly matrixBytes?: number | undefined;
}

/** Positions from `from` to before `to`. */
export interface PositionRange {
  readonly from: Scalar;
  readonly to: Scalar;
}

/**
 * Which axis is owned, and which one is swept. A sweep goes from the first position on, whatever is read: a value trails the newest
 * positions by as many as those ahead of its own that it reads, so that rings hold what lies behind it, and what lies ahead.
 */
export interface Sweep {
  /** The axis whose positions the blocks of a kernel divide between them. */
  readonly owned: ScoreAxis;
  readonly swept: ScoreAxis;
  /** Set where blocks own no positions: each goes along all tiles of rows in a share of them, for what is summed over both axes. */
  readonly ownsNothing?: true;
  /**
   * What is computed behind newer positions trails them by a multiple of so many, and rings keep as many: tiles that are stored then
   * begin where a target writes neighbours at once. As few as that can be unless told.
   */
  readonly trail?: number;
  /** Heads that a block takes together at most, as each of them reads the same heads from memory; few unless told. */
  readonly sharingLoads?: number;
  /** Set where each block leaves its part of what is summed over both axes, for another kernel to join. */
  readonly givesParts?: true;
}

/** Into how many shares a sweep is split, for blocks of their own. */
export interface Shares {
  /** As the sizes of a call make it, at least 1. */
  readonly count: Scalar;
  /** The most that it ever is. */
  readonly most: number;
}

/** So many shares at every call. */
export const sharesAlways = (count: number): Shares => ({ count: integer(count), most: count });

export interface Space extends Sweep {
  readonly sizes: TileSizes;
  /** The positions that blocks own: the rows of the outputs or of a band, or all keys. */
  readonly range: PositionRange;
  /** What that is a band of, where it is one. */
  readonly whole?: PositionRange;
  /**
   * Set where scores that are stored are swept, so that rings hold their neighbours, and what a mask hides of them is left as it is: all
   * who read them hide it. Where not, a box is computed or loaded for each tile, and what is hidden is stored as the number that it is.
   */
  readonly sweepsScores?: true;
  readonly shares: Shares;
}

/** What a kernel must know of an axis. */
export interface AxisFacts {
  /** The position of an entry, in element expressions. */
  readonly entry: Variable;
  /** The first position of the tile at hand: a variable of the grid or of a loop. */
  readonly tile: string;
  /** All positions. */
  readonly first: Scalar;
  readonly end: Scalar;
  /** Whether tiles begin at multiples of their size, whoever visits them. */
  readonly isAligned: boolean;
}

const end = length('key');
/** The position of the first row of queries: negative where they are more than the keys. */
const firstQuery = minus(end, length('query'));

export const axisFacts: Readonly<Record<ScoreAxis, AxisFacts>> = {
  query: {
    entry: variable('i'),
    tile: 'I',
    first: firstQuery,
    end,
    isAligned: false,
  },
  key: {
    entry: variable('j'),
    tile: 'J',
    first: integer(0),
    end,
    isAligned: true,
  },
};

/** The last R rows. */
export const outputRows: PositionRange = { from: minus(end, variable('R')), to: end };

/** The rows of the outputs with `above` more before them, as far as there are queries. */
export const rowsFrom = (above: number): PositionRange =>
  above === 0 ? outputRows : { from: most(firstQuery, minus(outputRows.from, above)), to: end };

/** Blocks own rows, and sweep the keys: what a forward kernel does. */
export const rowsOverKeys: Sweep = { owned: 'query', swept: 'key' };
/** Blocks own keys, and sweep the rows: what the gradients of keys and values ask for. */
export const keysOverRows: Sweep = { owned: 'key', swept: 'query' };

/** The sizes of blocks with an owner. */
const sizesFor = (sizes: TileSizes, owner: TileOwner): TileSizes => ({ ...sizes, ...sizes.ofOwners?.[owner] });

/** Blocks of rows, which sweep the keys. */
export const rowSpace = (sizes: TileSizes, range: PositionRange, shares = sharesAlways(1)): Space => ({
  ...rowsOverKeys,
  sizes,
  range,
  shares,
});

/** Blocks that own nothing of a space, and go along its own positions in so many shares. */
export const sharing = (space: Space, shares: number): Space => ({
  ...space,
  sizes: sizesFor(space.sizes, 'nothing'),
  shares: sharesAlways(shares),
  ownsNothing: true,
});

/** Blocks that own nothing, and go along the rows in so many shares. */
export const noSpace = (sizes: TileSizes, shares: number): Space =>
  sharing(rowSpace(sizes, { from: axisFacts.query.first, to: end }), shares);

/** Blocks of keys, which sweep the rows. */
export const keySpace = (sizes: TileSizes): Space => ({
  ...keysOverRows,
  sizes: sizesFor(sizes, 'keys'),
  range: { from: axisFacts.key.first, to: end },
  shares: sharesAlways(1),
});

export const and = (x: Expression | undefined, y: Expression): Expression => (x === undefined ? y : apply('and', x, y));
