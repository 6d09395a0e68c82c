// How many tiles of a score matrix a mask hides. Boxes of tiles are halved until the mask is the same all over them, which
// linear predicates of positions tell at once; what is left of other masks is looked at, a sample of it where it is much.
import type { LaunchSizes } from '../codegen/tile/interpreter/memory.js';
import { compileExpression } from '../src/interpreter/evaluate.js';
import {
  type AffinePredicate,
  classifyPredicate,
  conjunctsOf,
  type Expression,
  type PredicateClass,
} from '../src/ir/index.js';

interface TileSizes {
  readonly rows: number;
  readonly columns: number;
}

/** Tiles from a place on, as half-open ranges of their numbers. */
interface Box {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** Boxes that are halved: enough for every edge of a window along a hundred thousand keys. */
const MOST_BOXES = 65_536;
/** Tiles that are looked at, score by score. */
const MOST_TILES = 16_384;

/**
 * Tiles of `tiles.rows` queries × `tiles.columns` keys in which no query sees a key; positions are the last `rows` of
 * `keys`. Exact up to some ten thousand tiles that are neither all hidden nor all visible, beyond that an estimate.
 */
export function hiddenTiles(mask: Expression, sizes: LaunchSizes, tiles: TileSizes): number {
  const { rows, keys } = sizes;
  const predicates = conjunctsOf(mask).map(classifyPredicate);
  const all: Box = { rows: [0, Math.ceil(rows / tiles.rows)], columns: [0, Math.ceil(keys / tiles.columns)] };
  const open = [all];
  const undecided: Box[] = [];
  let hidden = 0;
  // Breadth first: where boxes run out, those that are left are small.
  for (let n = 0; n < open.length; n += 1) {
    const box = open[n]!;
    const visible = visibility(predicates, positionsOf(box, sizes, tiles), sizes);
    if (visible === 'none') hidden += tilesIn(box);
    else if (visible === 'unknown') {
      if (tilesIn(box) === 1 || open.length + 2 > MOST_BOXES) undecided.push(box);
      else open.push(...halves(box));
    }
  }
  return hidden + hiddenAmong(undecided, mask, sizes, tiles);
}

const lengthOf = ([from, to]: readonly [number, number]): number => to - from;
const tilesIn = ({ rows, columns }: Box): number => lengthOf(rows) * lengthOf(columns);

function halves({ rows, columns }: Box): readonly Box[] {
  const split = ([from, to]: readonly [number, number]) => {
    const middle = Math.floor((from + to) / 2);
    return [[from, middle] as const, [middle, to] as const];
  };
  return lengthOf(rows) >= lengthOf(columns)
    ? split(rows).map((half) => ({ rows: half, columns }))
    : split(columns).map((half) => ({ rows, columns: half }));
}

/** The first and the last query and key of a box. */
interface Positions {
  readonly queries: readonly [number, number];
  readonly keys: readonly [number, number];
}

function positionsOf(box: Box, { rows, keys }: LaunchSizes, tiles: TileSizes): Positions {
  const first = keys - rows;
  return {
    queries: [first + box.rows[0] * tiles.rows, Math.min(keys, first + box.rows[1] * tiles.rows) - 1],
    keys: [box.columns[0] * tiles.columns, Math.min(keys, box.columns[1] * tiles.columns) - 1],
  };
}

type Visibility = 'all' | 'none' | 'unknown';

/** What a conjunction of predicates lets through of a box. */
function visibility(predicates: readonly PredicateClass[], at: Positions, sizes: LaunchSizes): Visibility {
  const each = predicates.map((predicate): Visibility => {
    if (predicate.kind === 'affine') return affineVisibility(predicate, at, sizes);
    if (predicate.kind !== 'either') return 'unknown';
    const alternatives = predicate.alternatives.map((alternative) => visibility(alternative, at, sizes));
    if (alternatives.includes('all')) return 'all';
    return alternatives.every((alternative) => alternative === 'none') ? 'none' : 'unknown';
  });
  if (each.includes('none')) return 'none';
  return each.every((one) => one === 'all') ? 'all' : 'unknown';
}

function affineVisibility(predicate: AffinePredicate, { queries, keys }: Positions, sizes: LaunchSizes): Visibility {
  const fixed = predicate.constant + predicate.queries * sizes.queries + predicate.keys * sizes.keys;
  const ends = [queries, keys].map((range, n) => {
    const terms = range.map((position) => position * (n === 0 ? predicate.query : predicate.key));
    return [Math.min(...terms), Math.max(...terms)] as const;
  });
  const low = ends.reduce((sum, [least]) => sum + least, fixed);
  const high = ends.reduce((sum, [, most]) => sum + most, fixed);
  const isNever = low > 0 || high < 0;
  const isZero = low === 0 && high === 0;
  switch (predicate.relation) {
    case 'atMostZero':
      return high <= 0 ? 'all' : low > 0 ? 'none' : 'unknown';
    case 'zero':
      return isZero ? 'all' : isNever ? 'none' : 'unknown';
    case 'notZero':
      return isNever ? 'all' : isZero ? 'none' : 'unknown';
  }
}

/** The hidden tiles of boxes that no predicate decides: all looked at, or a sample that stands for the others. */
function hiddenAmong(boxes: readonly Box[], mask: Expression, sizes: LaunchSizes, tiles: TileSizes): number {
  const total = boxes.reduce((sum, box) => sum + tilesIn(box), 0);
  if (total === 0) return 0;
  const sees = looker(mask, sizes);
  const share = Math.min(1, MOST_TILES / total);
  let hidden = 0;
  for (const box of boxes) {
    const count = tilesIn(box);
    const looked = Math.max(1, Math.round(count * share));
    let found = 0;
    for (let n = 0; n < looked; n += 1) {
      const tile = Math.floor(((n + 0.5) * count) / looked);
      const row = box.rows[0] + Math.floor(tile / lengthOf(box.columns));
      const column = box.columns[0] + (tile % lengthOf(box.columns));
      if (!sees(positionsOf({ rows: [row, row + 1], columns: [column, column + 1] }, sizes, tiles))) found += 1;
    }
    hidden += (found * count) / looked;
  }
  return Math.round(hidden);
}

/** Whether some query of a box sees some key of it, found by looking at each. */
function looker(mask: Expression, { batch, queries, keys }: LaunchSizes): (at: Positions) => boolean {
  const none = (): never => {
    throw new Error('a mask of positions reads nothing');
  };
  const sees = compileExpression(mask, ['b', 'i', 'j'], {
    valueOf: none,
    lengths: { batch, query: queries, key: keys },
  });
  const frame = new Float64Array(3);
  return (at) => {
    for (let i = at.queries[1]; i >= at.queries[0]; i -= 1) {
      for (let j = at.keys[0]; j <= at.keys[1]; j += 1) {
        frame[1] = i;
        frame[2] = j;
        if (sees(frame) !== 0) return true;
      }
    }
    return false;
  };
}
