// What a kernel owns and what it sweeps: a block's tiles have the owned axis as their rows and the swept one as their columns,
// whatever these are called. A kernel that owns keys computes Sᵀ, and is the same kernel with its axes exchanged.
import type { Taps } from '../../../codegen/tile/operations/taps.js';
import type { Kernel } from '../../../codegen/tile/program.js';
import type { Ring, Scalar, TileAxis, TileAxisKind } from '../../../codegen/tile/types.js';
import { axesOf, boxesOf, statementsOf } from '../../../codegen/tile/walk.js';
import { affine, type Counter, type Expression, freeVariables } from '../../../src/ir/index.js';

/** The axes of scores: which one rows of tiles run along, and which one columns. */
export interface Space {
  readonly rows: 'query' | 'key';
  readonly columns: 'query' | 'key';
}

const ownsQueries: Space = { rows: 'query', columns: 'key' };
const ownsKeys: Space = { rows: 'key', columns: 'query' };

const spaces = new WeakMap<Kernel, Space>();

/** A kernel owns keys where its loops move along queries, and along keys nowhere; it owns queries otherwise. */
export function spaceOf(kernel: Kernel): Space {
  const known = spaces.get(kernel);
  if (known) return known;
  const statements = statementsOf(kernel.body);
  const loops = new Set(statements.flatMap((each) => (each.statement === 'for' ? [each.variable] : [])));
  const swept = new Set<TileAxisKind>();
  for (const { kind, origin } of statements.flatMap(boxesOf).flatMap(axesOf)) {
    if ([...freeVariables(origin)].some((name) => loops.has(name))) swept.add(kind);
  }
  const space = swept.has('query') && !swept.has('key') ? ownsKeys : ownsQueries;
  spaces.set(kernel, space);
  return space;
}

const order = ({ rows, columns }: Space): readonly TileAxisKind[] => ['head', rows, columns, 'extent', 'feature'];

/** Rows and columns of a tile of two axes. */
export function gridAxesIn(
  space: Space,
  { axes }: { readonly axes: readonly TileAxis[] },
): readonly [rows: TileAxisKind, columns: TileAxisKind] {
  const [one, other] = axes.map(({ kind }) => kind) as [TileAxisKind, TileAxisKind];
  const ranks = order(space);
  return ranks.indexOf(one) < ranks.indexOf(other) ? [one, other] : [other, one];
}

/** What belongs to queries and to keys, as what belongs to rows and to columns. */
export const inRows = <Part>({ rows }: Space, ofQueries: Part, ofKeys: Part): readonly [rows: Part, columns: Part] =>
  rows === 'query' ? [ofQueries, ofKeys] : [ofKeys, ofQueries];

/** Taps by rows and columns. */
export type OrientedTaps<T extends Taps> = T & { readonly rowOffset: Expression; readonly columnOffset: Expression };

/** The taps of an operation by rows and columns. The counters of columns come last, so that neighbouring taps are neighbours. */
export function oriented<T extends Taps>(space: Space, taps: T): OrientedTaps<T> {
  const [rowOffset, columnOffset] = inRows(space, taps.queryOffset, taps.keyOffset);
  if (space === ownsQueries) return { ...taps, rowOffset, columnOffset };
  const isOfColumns = ({ name }: Counter): boolean => freeVariables(columnOffset).has(name);
  const counters = [...taps.counters.filter((each) => !isOfColumns(each)), ...taps.counters.filter(isOfColumns)];
  return { ...taps, counters, rowOffset, columnOffset };
}

/** Where a ring's box begins that ends at `first` + its capacity: the indices of its first row and of its first column. */
export const firstOfRing = (
  space: Space,
  { axis, across }: Ring,
  first: Scalar,
): readonly [row: Scalar, column: Scalar] => (axis === space.columns ? [across.origin, first] : [first, across.origin]);

/** By how much an offset grows from one step of a counter to the next; undefined where it knows other counters too. */
export function stepOf(offset: Expression, counter: string | undefined): number | undefined {
  const form = affine(offset);
  if (!form || form.terms.length > 1) return undefined;
  const [term] = form.terms;
  if (!term) return 0;
  return term.factor.kind === 'variable' && term.factor.name === counter ? term.coefficient : undefined;
}
