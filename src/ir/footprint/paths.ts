// What a node reads of the nodes further up, through all paths, and which heads must be computed together.
// Schedules size their rings by the first and their blocks by the second.
import { dependencies, type Graph, topological } from '../graph.js';
import type { Node } from '../node.js';
import { footprintsOf } from './edges.js';
import { type HeadSet, headCount, ownHead } from './heads.js';
import { compose, type Footprint, footprint, headsRead, unite } from './taps.js';

const cache = new WeakMap<Node, ReadonlyMap<Node, Footprint>>();

/** The footprint of `reader` on every node above it, itself included, united over all paths. */
export function footprintsAbove(reader: Node): ReadonlyMap<Node, Footprint> {
  const known = cache.get(reader) ?? composedAbove(reader);
  cache.set(reader, known);
  return known;
}

function composedAbove(reader: Node): ReadonlyMap<Node, Footprint> {
  const has = (kind: 'query' | 'key') => reader.domain.some((axis) => axis.kind === kind);
  const own = footprint([
    { heads: ownHead(headCount(reader.domain)), query: has('query') ? 0 : 'none', key: has('key') ? 0 : 'none' },
  ]);
  const found = new Map<Node, Footprint>([[reader, own]]);
  // Readers before what they read, so that each footprint is whole before it is passed on.
  for (const node of [...topological({ inputs: [], outputs: [{ name: '', node: reader }] })].reverse()) {
    const edges = footprintsOf(node);
    for (const source of dependencies(node)) {
      const through = compose(found.get(node)!, edges.get(source)!);
      const before = found.get(source);
      found.set(source, before ? unite(before, through) : through);
    }
  }
  return found;
}

/** The footprint of `reader` on `source` through all paths; undefined where there is none. */
export function footprintBetween(reader: Node, source: Node): Footprint | undefined {
  return footprintsAbove(reader).get(source);
}

export interface HeadGroups {
  /** Heads of the main output that need the same heads of some node above, in ascending order. */
  readonly groups: readonly (readonly number[])[];
  /** The largest group: so many heads a block needs at once. */
  readonly size: number;
}

/** Which heads of the main output are tied together by mixing. 1 head a group where nothing mixes. */
export function headGroups(graph: Pick<Graph, 'outputs'>): HeadGroups {
  const main = graph.outputs[0]!.node;
  const heads = headCount(main.domain);
  const leader = Array.from({ length: heads }, (_, head) => head);
  const find = (head: number): number => {
    let at = head;
    while (leader[at] !== at) at = leader[at]!;
    return at;
  };
  const tie = (one: number, other: number): void => {
    const [x, y] = [find(one), find(other)];
    leader[Math.max(x, y)] = Math.min(x, y);
  };
  for (const [node, taps] of footprintsAbove(main)) {
    const isComputedInBlocks =
      node.op !== 'tensor' && node.domain.some(({ kind }) => kind === 'query' || kind === 'key');
    if (!isComputedInBlocks || !node.domain.some(({ kind }) => kind === 'head')) continue;
    const firstReader = new Map<number, number>();
    const readerOfSet = new Map<HeadSet, number>();
    for (const [reader, sources] of (headsRead(taps)?.reads ?? []).entries()) {
      const alike = readerOfSet.get(sources);
      if (alike !== undefined && sources.length > 0) tie(alike, reader);
      if (alike !== undefined) continue;
      readerOfSet.set(sources, reader);
      for (const source of sources) {
        const first = firstReader.get(source);
        if (first === undefined) firstReader.set(source, reader);
        else tie(first, reader);
      }
    }
  }
  const groups = new Map<number, number[]>();
  for (let head = 0; head < heads; head += 1) {
    const group = groups.get(find(head)) ?? [];
    groups.set(find(head), group);
    group.push(head);
  }
  const lists = [...groups.values()];
  return { groups: lists, size: lists.reduce((most, { length }) => Math.max(most, length), 0) };
}
