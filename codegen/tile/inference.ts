// Rules by which the types of results follow from those of operands: boxes that agree, and where their entries are valid.
// Operations are inferred by them when a program is built, and again for every program that the verifier is shown.
import { difference, sameScalar } from './scalars.js';
import {
  axisOfKind,
  isValidWithin,
  type NeighbourSource,
  type Tile,
  type TileAxis,
  type TileAxisKind,
  type Value,
  type View,
  validRange,
} from './types.js';

/** Thrown where operands do not fit an operation; the message says which and why. */
export class TileTypeError extends Error {}

export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TileTypeError(message);
}

/** Whether every entry of an axis holds a value. */
export const isWhole = (axis: TileAxis): boolean => {
  const { low, high } = validRange(axis);
  return low === 0 && high === axis.size;
};

export const sameBox = (one: TileAxis, other: TileAxis): boolean =>
  one.size === other.size && sameScalar(one.origin, other.origin);

/** The result's axes, valid where every operand that has the axis is; operands may lack axes, and have no others. */
export function matched(axes: readonly TileAxis[], operands: readonly (readonly TileAxis[])[]): readonly TileAxis[] {
  for (const each of operands) {
    for (const axis of each) {
      const own = axisOfKind(axes, axis.kind);
      demand(own !== undefined, `an operand has a ${axis.kind} axis that the result lacks`);
      demand(sameBox(own, axis), `an operand has another ${axis.kind} box than the result`);
    }
  }
  return axes.map((axis) => {
    let { low, high } = validRange(axis);
    for (const each of operands) {
      const other = axisOfKind(each, axis.kind);
      if (!other) continue;
      const range = validRange(other);
      low = Math.max(low, range.low);
      high = Math.min(high, range.high);
    }
    return withValid(axis, low, Math.max(low, high));
  });
}

/** The axis with another valid range; without one where it is valid throughout. */
function withValid({ valid: _, ...axis }: TileAxis, low: number, high: number): TileAxis {
  return low === 0 && high === axis.size ? axis : { ...axis, valid: { low, high } };
}

/** The value with each axis valid where it is in both; rings are whole. */
export function commonValidity(one: Value, other: Value): Value {
  if (one.kind === 'ring' || other.kind === 'ring') return one;
  return { ...one, axes: matched(one.axes, [other.axes]) };
}

export function sameValidity(one: Value, other: Value): boolean {
  if (one.kind === 'ring' || other.kind === 'ring') return true;
  return one.axes.every((axis, n) => isValidWithin(axis, other.axes[n]!) && isValidWithin(other.axes[n]!, axis));
}

/** The box in which all entries of a source are there from the start: across a ring, or all of a tile. */
const boxOf = (source: NeighbourSource): readonly TileAxis[] =>
  source.kind === 'ring' ? [source.across] : source.axes;

/** The entries of a box whose neighbours, at offsets along each axis, all lie in the source's box. */
export function reachable(
  axes: readonly TileAxis[],
  source: NeighbourSource,
  offsetsAlong: (kind: 'query' | 'key') => { readonly low: number; readonly high: number },
): readonly TileAxis[] {
  for (const { kind } of boxOf(source)) {
    demand(kind === 'query' || kind === 'key', `what neighbours are read from has a ${kind} axis`);
    demand(axisOfKind(axes, kind) !== undefined, `the tile has no ${kind} axis`);
  }
  return axes.map((axis) => {
    const box = axisOfKind(boxOf(source), axis.kind);
    if (!box || (axis.kind !== 'query' && axis.kind !== 'key')) return axis;
    const shift = difference(axis.origin, box.origin);
    demand(shift !== undefined, 'the tile lies at no fixed place beside what it reads');
    const [own, held, offsets] = [validRange(axis), validRange(box), offsetsAlong(axis.kind)];
    const low = Math.max(own.low, held.low - offsets.low - shift);
    const high = Math.min(own.high, held.high - offsets.high - shift);
    demand(low < high, 'no entry of the tile has all of its neighbours');
    return withValid(axis, low, high);
  });
}

/** The axes of a product's or reduction's result: those of the operands without the one that is summed over. */
export function remaining(operands: readonly (Tile | View)[], over: TileAxisKind): readonly TileAxis[] {
  return operands.flatMap(({ axes }) => axes).filter(({ kind }) => kind !== over);
}

/** The axes of several tiles together, in order of first occurrence. */
export function union(tiles: readonly Tile[]): readonly TileAxis[] {
  const axes: TileAxis[] = [];
  for (const tile of tiles) {
    for (const { valid: _, ...each } of tile.axes) if (!axes.some(({ kind }) => kind === each.kind)) axes.push(each);
  }
  return axes;
}
