// Where a kernel computes each value: how far its tiles reach around a block's own positions, by how much each value trails
// the newest positions of a sweep, and what rings keep of it. All of it is arithmetic on intervals of reads.

import { dependencies, type Node } from '../../../src/ir/index.js';
import { HERE, hullOf, type Interval, lengthOf, madeFrom, neededAt } from '../reads/intervals.js';
import { Unschedulable } from '../reads/reason.js';
import { isFreeRead, isInPlace, type ScoreAxis, type ScoreRead, scoreReads } from '../reads/score-reads.js';
import type { Sweep } from './space.js';
import { type SumNode, summandOf } from './sums.js';

export interface Extents {
  /** The offsets from a block's own positions that its tiles reach. */
  readonly around: Interval;
  /** How many positions of the sweep each value trails the newest tile. */
  readonly lag: ReadonlyMap<Node, number>;
  readonly longestLag: number;
  /** How many positions before the first that is visited values are read at. */
  readonly lead: number;
  /** Values that are read beside their reader's place, or later than they are made: how many positions a ring keeps. */
  readonly rings: ReadonlyMap<Node, number>;
  /** Around its own place, the owned positions that a value is made from. */
  readonly madeOf: (node: Node) => Interval;
}

/** Lags as multiples of a step. */
const rounded = (lag: ReadonlyMap<Node, number>, step: number): ReadonlyMap<Node, number> =>
  new Map(Array.from(lag, ([node, by]) => [node, Math.ceil(by / step) * step]));

/** Whether all that is read has been computed by then: what is read behind its place may trail by more than who reads it. */
const isReached = (order: readonly Node[], swept: ScoreAxis, lag: ReadonlyMap<Node, number>): boolean =>
  order.every((node) =>
    scoreReads(node).every((read) => isFreeRead(read) || lag.get(node)! - lag.get(read.source)! >= read.at[swept].high),
  );

/** @param readsRings whether a node may read what others have left in a ring; the others take values as they are made */
export function extentsOf(
  order: readonly Node[],
  { owned, swept, trail = 1 }: Sweep,
  { readsRings, sums }: { readonly readsRings: (node: Node) => boolean; readonly sums: readonly SumNode[] },
): Extents {
  const [needed, ahead] = [neededAt(order, along(owned)), madeFrom(order, along(swept))];
  const lag = new Map(order.map((node) => [node, ahead(node).high]));
  // What a sum takes tile by tile waits for what it reads beside that.
  for (const node of sums) lag.set(summandOf(node).tile, lag.get(node)!);
  for (const [node, by] of productsThatWait(order, swept, lag)) lag.set(node, by);
  const isOne = new Set([...lag.values()].filter((by) => by > 0)).size === 1;
  const step = isOne && isReached(order, swept, rounded(lag, trail)) ? trail : 1;
  for (const [node, by] of rounded(lag, step)) lag.set(node, by);
  const rings = new Map<Node, number>();
  for (const node of order) {
    if (!readsRings(node)) continue;
    for (const read of scoreReads(node)) {
      const behind = lag.get(node)! - lag.get(read.source)!;
      if ((isInPlace(read) && behind === 0) || isFreeRead(read)) continue;
      const kept = Math.ceil(Math.max(0, behind - read.at[swept].low) / step) * step;
      rings.set(read.source, Math.max(kept, rings.get(read.source) ?? 0));
    }
  }
  const before = neededAt(order, along(swept));
  return {
    around: hullOf(order.map(needed)),
    lag,
    longestLag: Math.max(0, ...lag.values()),
    lead: Math.max(0, ...order.map((node) => -before(node).low)),
    rings,
    madeOf: madeFrom(order, along(owned)),
  };
}

/**
 * Products that are read later than they could be made, with the maps of them alone that stand in between: they are made when they are
 * wanted, and no ring keeps them until then.
 */
function productsThatWait(
  order: readonly Node[],
  swept: ScoreAxis,
  lag: ReadonlyMap<Node, number>,
): readonly (readonly [Node, number])[] {
  const readers = new Map<Node, Node[]>();
  for (const node of order)
    for (const source of dependencies(node)) readers.set(source, [...(readers.get(source) ?? []), node]);
  const readersOf = (node: Node): readonly Node[] => readers.get(node) ?? [];
  const isOfOne = (node: Node): boolean =>
    node.op === 'map' ? scoreReads(node).every(isInPlace) && scoreReads(node).length === 1 : node.op === 'fill';
  /** How far a reader trails what it reads; nothing where it is no value of scores. */
  const latest = (source: Node, reader: Node): number => {
    if (reader.op !== 'map' && reader.op !== 'fill') return lag.get(source)!;
    const ahead = along(swept)(reader)
      .filter(([read]) => read === source)
      .map(([, at]) => at.high);
    return lag.get(reader)! - Math.max(...ahead);
  };
  return order.flatMap((product) => {
    if (product.op !== 'dot') return [];
    const chain: Node[] = [product];
    for (;;) {
      const last = chain.at(-1)!;
      const [reader, ...others] = readersOf(last);
      const isPassedOn =
        reader !== undefined && others.length === 0 && isOfOne(reader) && lag.get(reader) === lag.get(last);
      if (!isPassedOn) break;
      chain.push(reader);
    }
    const end = chain.at(-1)!;
    const by = Math.min(...readersOf(end).map((reader) => latest(end, reader)));
    return Number.isFinite(by) && by > lag.get(end)! ? chain.map((node) => [node, by] as const) : [];
  });
}

/** What a value reads along one axis; a fill takes its operand as it is. */
const along = (axis: ScoreAxis) => (node: Node) => [
  ...(node.op === 'fill' ? [[node.value, HERE] as const] : []),
  ...scoreReads(node).map(({ source, at }) => [source, at[axis]] as const),
];

/** How many positions along each axis the values of a graph are made from, beside their own: what halos and rings hold at most. */
export function reachOf(order: readonly Node[]): Readonly<Record<ScoreAxis, number>> {
  // Sums whose reads follow no place take other forms before they are scheduled.
  const known = (axis: ScoreAxis) => (node: Node) => {
    try {
      return along(axis)(node);
    } catch (error) {
      if (error instanceof Unschedulable) return [];
      throw error;
    }
  };
  const widthAlong = (axis: ScoreAxis): number => lengthOf(hullOf(order.map(neededAt(order, known(axis)))));
  return { query: widthAlong('query'), key: widthAlong('key') };
}

/** The reads of a value beside its reader's place. */
const readsBeside = (order: readonly Node[]): readonly ScoreRead[] =>
  order.flatMap((reader) => scoreReads(reader).filter((read) => !isInPlace(read)));

/**
 * The same values all computed for one box, `lag` positions before the tile at hand: nothing trails. What is read in place is
 * there when it is read, so that rings are left to what is read beside it.
 */
export function atOneBox(
  { rings, lag, madeOf }: Extents,
  order: readonly Node[],
  around: Interval,
  by: number,
): Extents {
  const beside = new Set(readsBeside(order).map(({ source }) => source));
  return {
    around,
    lag: new Map([...lag.keys()].map((node) => [node, by])),
    longestLag: by,
    lead: 0,
    rings: new Map([...rings].filter(([node]) => beside.has(node))),
    madeOf,
  };
}

/** The hull of all places at which a value is read, its own among them. */
export function readAround(order: readonly Node[], node: Node): Readonly<Record<ScoreAxis, Interval>> {
  const reads = readsBeside(order).filter(({ source }) => source === node);
  const along = (axis: ScoreAxis): Interval => hullOf([HERE, ...reads.map(({ at }) => at[axis])]);
  return { query: along('query'), key: along('key') };
}
