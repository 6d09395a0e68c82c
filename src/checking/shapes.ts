// The shapes that kernels get wrong: one position, less than a kernel's width, no multiple of any tile, fewer queries than
// keys, fewer rows than queries, more than one batch entry.
export interface CheckShape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  /** R, the number of last rows that the output holds. */
  readonly rows: number;
}

/** The awkward shapes for a graph with `history` rows of history, smallest first. */
export function awkwardShapes(history: number): readonly CheckShape[] {
  const decoded = 1 + history;
  return [
    { batch: 1, queries: 1, keys: 1, rows: 1 },
    { batch: 2, queries: 3, keys: 3, rows: 3 },
    // A decode step: one row of output, with the rows of queries that its history needs.
    { batch: 2, queries: decoded, keys: Math.max(29, decoded + 3), rows: 1 },
    { batch: 1, queries: history + 7, keys: history + 18, rows: 7 },
    { batch: 1, queries: 17 + history, keys: 17 + history, rows: 5 },
    { batch: 2, queries: 19, keys: 19, rows: 19 },
    { batch: 1, queries: 41, keys: 41, rows: 41 },
  ];
}

/** One shape of each kind that further settings could get wrong: a decode step and a batch of whole sequences. */
export function fewShapes(history: number): readonly CheckShape[] {
  return awkwardShapes(history).filter((_, n) => n === 2 || n === 5);
}

/** The shape at which the edges of what inputs may hold are drawn: more than a tile of most kernels, some history. */
export function edgeShape(history: number): CheckShape {
  return awkwardShapes(history)[3]!;
}

/** `2×19×19`, with R where it is not Tq: `1×17×17 R 5`. */
export function shapeLabel({ batch, queries, keys, rows }: CheckShape): string {
  return `${batch}×${queries}×${keys}${rows === queries ? '' : ` R ${rows}`}`;
}
