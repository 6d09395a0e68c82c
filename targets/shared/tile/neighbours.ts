// Entries of rings beside a tile's own: where a ring's box begins, how far a tile lies from there, and which entry each tap of a
// stencil reads.
import { difference, minus } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Ring, type Scalar, type Tile, type TileAxis } from '../../../codegen/tile/types.js';
import { affine, type Counter, type Expression } from '../../../src/ir/index.js';
import { firstOfRing, type Space } from '../layout/space.js';
import { refuse } from '../refusal.js';

/** The absolute indices of a ring's first row and column. */
export interface RingOrigin {
  readonly firstRow: Scalar;
  readonly firstColumn: Scalar;
}

interface RingWriter {
  readonly plan: { readonly analysis: { readonly space: Space }; pushedTo(ring: Ring): Tile | undefined };
  readonly ringEnds: ReadonlyMap<Ring, Scalar>;
}

/** Where a ring begins that holds so many entries before its end. */
export function originOfRing({ plan, ringEnds }: RingWriter, ring: Ring, entries: number): RingOrigin {
  const pushed = plan.pushedTo(ring);
  const end =
    ringEnds.get(ring) ??
    (pushed ? axisOfKind(pushed.axes, ring.axis)!.origin : refuse('the end of a ring is not known where it is read'));
  const [firstRow, firstColumn] = firstOfRing(plan.analysis.space, ring, minus(end, entries));
  return { firstRow, firstColumn };
}

/** The axes of a tile of scores, and how far it lies from a ring's first row and column. `what` is for people. */
export function placeInRing(
  { rows, columns }: Space,
  { axes }: Tile,
  { firstRow, firstColumn }: RingOrigin,
  what: string,
): {
  readonly rowAxis: TileAxis;
  readonly columnAxis: TileAxis;
  readonly rowShift: number;
  readonly columnShift: number;
} {
  const [rowAxis, columnAxis] = [axisOfKind(axes, rows), axisOfKind(axes, columns)];
  if (!rowAxis || !columnAxis || axes.length !== 2) refuse(`${what} is over queries and keys`);
  const [rowShift, columnShift] = [difference(rowAxis.origin, firstRow), difference(columnAxis.origin, firstColumn)];
  if (rowShift === undefined || columnShift === undefined) refuse(`${what} lies at no fixed place in its ring`);
  return { rowAxis, columnAxis, rowShift, columnShift };
}

/** An offset of counters at their values. */
export function offsetAt(offset: Expression, counters: readonly Counter[], values: readonly number[]): number {
  const form = affine(offset) ?? refuse('an offset of a stencil is a sum of its counters');
  return form.terms.reduce((total, { factor, coefficient }) => {
    const n = counters.findIndex(({ name }) => factor.kind === 'variable' && factor.name === name);
    if (n < 0) refuse('an offset of a stencil is a sum of its counters');
    return total + coefficient * values[n]!;
  }, form.constant);
}
