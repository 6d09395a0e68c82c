// Questions that layouts ask about what a kernel reads: the same box, neighbours in memory, the same weight everywhere.
// They look at the tile program alone.
import { neighbourIndex, operandIndex } from '../../../codegen/tile/operations.js';
import { sameScalar } from '../../../codegen/tile/scalars.js';
import type { TileAxisKind, View } from '../../../codegen/tile/types.js';
import { type Expression, freeVariables, readsOf } from '../../../src/ir/index.js';

/** Whether two views are the same box of the same buffer. */
export function sameView(one: View, other: View): boolean {
  if (one.buffer !== other.buffer || one.axes.length !== other.axes.length) return false;
  const samePlaces = one.place.every((entry, n) => {
    const twin = other.place[n]!;
    if ('along' in entry || 'along' in twin) return 'along' in entry && 'along' in twin && entry.along === twin.along;
    return sameScalar(entry, twin);
  });
  return (
    samePlaces &&
    one.axes.every(({ kind, origin, size }, n) => {
      const twin = other.axes[n]!;
      return kind === twin.kind && size === twin.size && sameScalar(origin, twin.origin);
    })
  );
}

/** The axis of a view whose neighbours are neighbours in memory; any where there is none. */
export function minorAxis({ buffer, place, axes }: View): TileAxisKind {
  const last = place[buffer.axes.length - 1];
  if (last && 'along' in last && axes.some(({ kind }) => kind === last.along)) return last.along;
  return axes.at(-1)!.kind;
}

/** Whether a weight depends on neither row nor column, nor on values on chip. */
export function isSameEverywhere(weight: Expression): boolean {
  const free = freeVariables(weight);
  return (
    !['i', 'j', 'd', 'x'].some((name) => free.has(name)) &&
    readsOf(weight).every(({ source }) => neighbourIndex(source) === undefined && operandIndex(source) === undefined)
  );
}
