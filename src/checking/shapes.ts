// The shapes that kernels get wrong: one position, less than a kernel's width, no multiple of any tile, fewer and more
// queries than keys, fewer rows than queries, more than one batch entry.
import { history, rowsUnlessTold } from '../ir/footprint/history.js';
import type { Graph } from '../ir/index.js';

export interface CheckShape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  /** R, the number of last rows that the output holds. */
  readonly rows: number;
}

/** A shape as it is asked for: R is what a call has that does not say, unless it is told. */
export type AskedShape = Omit<CheckShape, 'rows'> & Partial<Pick<CheckShape, 'rows'>>;

/** The shape with its R: as `run` and the launchers take it for these rows of queries. */
export function wholeShape(graph: Graph, { batch, queries, keys, rows }: AskedShape): CheckShape {
  return { batch, queries, keys, rows: rows ?? Math.max(1, rowsUnlessTold(queries, keys, history(graph))) };
}

/** The awkward shapes for a graph, smallest first. */
export function awkwardShapes(graph: Graph): readonly CheckShape[] {
  const reach = history(graph);
  const decoded = 1 + reach;
  return [
    { batch: 1, queries: 1, keys: 1, rows: 1 },
    { batch: 2, queries: 3, keys: 3, rows: 3 },
    // A decode step: one row of output, with the rows of queries that its history needs.
    { batch: 2, queries: decoded, keys: Math.max(29, decoded + 3), rows: 1 },
    { batch: 1, queries: reach + 7, keys: reach + 18, rows: 7 },
    { batch: 1, queries: 17 + reach, keys: 17 + reach, rows: 5 },
    { batch: 2, queries: 19, keys: 19, rows: 19 },
    // Rows above the first key, whose positions are negative: most of those that are wanted, and some that are not.
    ...(tellsLengthsApart(graph) ? [{ batch: 2, queries: 23, keys: 9, rows: 20 }] : []),
    { batch: 1, queries: 41, keys: 41, rows: 41 },
  ];
}

/** One shape of each kind that further settings could get wrong: a decode step and a batch of whole sequences. */
export function fewShapes(graph: Graph): readonly CheckShape[] {
  return awkwardShapes(graph).filter((_, n) => n === 2 || n === 5);
}

/** Whether inputs have both queries and keys: where they lack either, a call has as many of one as of the other. */
function tellsLengthsApart({ inputs }: Graph): boolean {
  const kinds = new Set(inputs.flatMap(({ domain }) => domain.map(({ kind }) => kind)));
  return kinds.has('query') && (kinds.has('key') || kinds.has('position'));
}

/** The shape at which the edges of what inputs may hold are drawn: more than a tile of most kernels, some history. */
export function edgeShape(graph: Graph): CheckShape {
  return awkwardShapes(graph)[3]!;
}

/** `2×19×19`, with R where it is not Tq: `1×17×17 R 5`. */
export function shapeLabel({ batch, queries, keys, rows }: CheckShape): string {
  return `${batch}×${queries}×${keys}${rows === queries ? '' : ` R ${rows}`}`;
}
