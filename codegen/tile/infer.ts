// The type that each operation gives, from its operands; and the reason where it gives none.
// The builder asks it when a program is made, the verifier again for every program that it is shown.
import { affine, apply, type Expression, readsOf, subexpressions, variable } from '../../src/ir/index.js';
import {
  ringIndex,
  type TapCounter,
  type TileOperation,
  type TileOperationName,
  type TileOperationOf,
} from './operations.js';
import { difference, sameScalar } from './scalars.js';
import {
  axisOfKind,
  type Ring,
  type Tile,
  type TileAxis,
  type TileAxisKind,
  tileVariables,
  type Value,
  type View,
  validRange,
} from './types.js';

/** Thrown where operands do not fit an operation; the message says which and why. */
export class TileTypeError extends Error {}

function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TileTypeError(message);
}

/** What a result is declared as: its box, before validity is inferred. */
export type Declared = Value;

/** Checks the operation against its declared result and gives the result with its validity inferred. */
export function infer(operation: TileOperation, declared: Declared): Value {
  const rule = rules[operation.op] as (operation: TileOperation, declared: Declared) => Value;
  return rule(operation, declared);
}

type Rules = { readonly [Op in TileOperationName]: (operation: TileOperationOf<Op>, declared: Declared) => Value };

const rules: Rules = {
  constant: (_, declared) => asTile(declared),

  load({ buffer, place }, declared) {
    const tile = asTile(declared);
    demand(
      place.length === buffer.axes.length,
      `${buffer.name} has ${buffer.axes.length} axes, the place ${place.length}`,
    );
    for (const entry of place) {
      if ('along' in entry)
        demand(axisOfKind(tile.axes, entry.along) !== undefined, `the tile has no ${entry.along} axis`);
    }
    return tile;
  },

  matmul({ accumulator, left, right, over }, declared) {
    const tile = asTile(declared);
    const [one, other] = [axisOfKind(left.axes, over), axisOfKind(right.axes, over)];
    demand(one !== undefined && other !== undefined, `both sides need the ${over} axis that the product sums over`);
    demand(sameBox(one, other), `the sides have other ${over} boxes`);
    demand(isWhole(one) && isWhole(other), `the ${over} axis must be valid throughout`);
    const kept = [...left.axes, ...right.axes].filter(({ kind }) => kind !== over);
    demand(
      new Set(kept.map(({ kind }) => kind)).size === kept.length,
      'the sides share an axis that is not summed over',
    );
    const axes = matched(tile.axes, [kept, ...(accumulator ? [accumulator.axes] : [])]);
    demand(axes.length === kept.length, 'the result has the axes of both sides');
    return { ...tile, axes };
  },

  map({ operands }, declared) {
    const tile = asTile(declared);
    return {
      ...tile,
      axes: matched(
        tile.axes,
        operands.map(({ axes }) => axes),
      ),
    };
  },

  cast({ tile: source }, declared) {
    const tile = asTile(declared);
    return { ...tile, axes: matched(tile.axes, [source.axes]) };
  },

  relabel({ tile: source, from, to }, declared) {
    const tile = asTile(declared);
    demand(axisOfKind(source.axes, from) !== undefined, `the tile has no ${from} axis`);
    demand(from === to || axisOfKind(source.axes, to) === undefined, `the tile has a ${to} axis already`);
    demand(source.axes.length === tile.axes.length, 'the result has the axes of the tile');
    const axes = source.axes.map((each) => (each.kind === from ? { ...each, kind: to } : each));
    return { ...tile, axes: matched(tile.axes, [axes]) };
  },

  reduce({ tile: source, over }, declared) {
    const tile = asTile(declared);
    const axis = axisOfKind(source.axes, over);
    demand(axis !== undefined, `the tile has no ${over} axis`);
    demand(isWhole(axis), `the ${over} axis must be valid throughout`);
    const kept = source.axes.filter(({ kind }) => kind !== over);
    demand(kept.length === tile.axes.length, 'the result has all axes but the one that is reduced');
    return { ...tile, axes: matched(tile.axes, [kept]) };
  },

  ring: (_, declared) => asRing(declared),

  push({ ring, tile }, declared) {
    const next = asRing(declared);
    const across = axisOfKind(tile.axes, ring.across.kind);
    const along = axisOfKind(tile.axes, ring.axis);
    demand(across !== undefined && sameBox(across, ring.across), 'the tile lies across another box than the ring');
    demand(along !== undefined && along.size <= ring.capacity, 'the tile is longer than the ring');
    demand(isWhole(along), 'only tiles that are whole along the ring are pushed');
    const [pushed, held] = [validRange(across), validRange(ring.across)];
    demand(pushed.low <= held.low && held.high <= pushed.high, 'the tile holds nothing where the ring should');
    demand(next.capacity === ring.capacity && sameBox(next.across, ring.across), 'a push keeps the ring as it is');
    return next;
  },

  stencil({ ring, counters, queryOffset, keyOffset }, declared) {
    const tile = asTile(declared);
    const offset = ring.axis === 'key' ? queryOffset : keyOffset;
    return { ...tile, axes: tile.axes.map((axis) => reachable(axis, ring, rangeOver(offset, counters))) };
  },

  window({ rings, operands, value }, declared) {
    const tile = asTile(declared);
    for (const { axis } of rings) demand(axisOfKind(tile.axes, axis) !== undefined, `the tile has no ${axis} axis`);
    const counters = countersOf(value);
    let axes = matched(
      tile.axes,
      operands.map((each) => each.axes),
    );
    for (const { source, index } of readsOf(value)) {
      const n = ringIndex(source);
      const ring = n === undefined ? undefined : rings[n];
      if (!ring) continue;
      const slot = ring.axis === 'key' ? 0 : 1;
      const own = variable(slot === 0 ? tileVariables.query : tileVariables.key);
      const offsets = rangeOver(apply('subtract', index[slot]!, own), counters);
      axes = axes.map((axis) => reachable(axis, ring, offsets));
    }
    return { ...tile, axes };
  },

  mix({ tiles }, declared) {
    const tile = asTile(declared);
    demand(tiles.length > 0, 'a mix needs at least one tile');
    return {
      ...tile,
      axes: matched(
        tile.axes,
        tiles.map(({ axes }) => axes),
      ),
    };
  },

  gram({ accumulator, tile: source }, declared) {
    const tile = asTile(declared);
    demand(source.axes.every(isWhole), 'the tile must be valid throughout');
    return { ...tile, axes: matched(tile.axes, [accumulator.axes]) };
  },

  bin({ accumulator, tile: source }, declared) {
    const tile = asTile(declared);
    demand(source.axes.every(isWhole), 'the tile must be valid throughout');
    return { ...tile, axes: matched(tile.axes, [accumulator.axes]) };
  },
};

function asTile(value: Value): Tile {
  demand(value.kind === 'tile', 'the operation gives a tile');
  return value;
}

function asRing(value: Value): Ring {
  demand(value.kind === 'ring', 'the operation gives a ring');
  return value;
}

const isWhole = (axis: TileAxis): boolean => {
  const { low, high } = validRange(axis);
  return low === 0 && high === axis.size;
};

const sameBox = (one: TileAxis, other: TileAxis): boolean =>
  one.size === other.size && sameScalar(one.origin, other.origin);

/** The result's axes, valid where every operand that has the axis is; operands may lack axes, and have no others. */
function matched(axes: readonly TileAxis[], operands: readonly (readonly TileAxis[])[]): readonly TileAxis[] {
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
export function withValid({ valid: _, ...axis }: TileAxis, low: number, high: number): TileAxis {
  return low === 0 && high === axis.size ? axis : { ...axis, valid: { low, high } };
}

/** The value with each axis valid where it is in both; rings are whole. */
export function commonValidity(one: Value, other: Value): Value {
  if (one.kind === 'ring' || other.kind === 'ring') return one;
  return { ...one, axes: matched(one.axes, [other.axes]) };
}

export function sameValidity(one: Value, other: Value): boolean {
  if (one.kind === 'ring' || other.kind === 'ring') return true;
  return one.axes.every((axis, n) => {
    const [range, otherRange] = [validRange(axis), validRange(other.axes[n]!)];
    return range.low === otherRange.low && range.high === otherRange.high;
  });
}

/** The entries of an axis across a ring whose neighbours all lie in the ring's box. */
function reachable(axis: TileAxis, ring: Ring, offsets: { readonly low: number; readonly high: number }): TileAxis {
  if (axis.kind !== ring.across.kind) return axis;
  const shift = difference(axis.origin, ring.across.origin);
  demand(shift !== undefined, 'the tile lies at no fixed place across the ring');
  const [own, held] = [validRange(axis), validRange(ring.across)];
  const low = Math.max(own.low, held.low - offsets.low - shift);
  const high = Math.min(own.high, held.high - offsets.high - shift);
  demand(low < high, 'no entry of the tile has all of its neighbours in the ring');
  return withValid(axis, low, high);
}

/** The counters of all accumulations of an expression; canonical names are one extent each where they nest. */
export function countersOf(expression: Expression): readonly TapCounter[] {
  const counters = new Map<string, number>();
  for (const part of subexpressions(expression)) {
    if (part.kind !== 'accumulate') continue;
    // Sibling sums may share a name: the longer one bounds both.
    for (const { name, extent } of part.counters) counters.set(name, Math.max(extent, counters.get(name) ?? 0));
  }
  return [...counters].map(([name, extent]) => ({ name, extent }));
}

/** The smallest and largest value of an offset that depends on counters alone. */
export function rangeOver(offset: Expression, counters: readonly TapCounter[]): { low: number; high: number } {
  const form = affine(offset);
  demand(form !== undefined, 'an offset is a whole number');
  let [low, high] = [form.constant, form.constant];
  for (const { factor, coefficient } of form.terms) {
    const counter = factor.kind === 'variable' ? counters.find(({ name }) => name === factor.name) : undefined;
    demand(counter !== undefined, 'an offset is a sum of counters');
    const reach = coefficient * (counter.extent - 1);
    low += Math.min(0, reach);
    high += Math.max(0, reach);
  }
  return { low, high };
}

/** The axes of a product's or reduction's result: those of the operands without the one that is summed over. */
export function remaining(operands: readonly (Tile | View)[], over: TileAxisKind): readonly TileAxis[] {
  return operands.flatMap(({ axes }) => axes).filter(({ kind }) => kind !== over);
}
