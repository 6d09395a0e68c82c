// The stages of a graph: it is cut behind the values of rows that a block cannot read on chip, at another row or head, at
// other features, or from scores. A stage leaves them in O(T) workspace, and the next ones read them at any place.

import {
  type Graph,
  headGroups,
  type Node,
  type TensorNode,
  topological,
  upwardReaches,
} from '../../../src/ir/index.js';
import { neededAt } from '../reads/intervals.js';
import type { ProgramBuffers } from './buffers.js';
import { cutInLevels, type Part, type Stored } from './cut.js';
import { type Need, standingsOf } from './standings.js';

/** A value of rows that one stage leaves for others. */
export interface StoredRows extends Stored {
  /** How it is read, where that is why it lies in memory. */
  readonly need: Need | undefined;
}

export interface Stage {
  readonly graph: Graph;
  /** Rows above the rows of the outputs that later stages read. */
  readonly above: number;
  readonly stores: readonly StoredRows[];
}

/** Heads that a block may compute together for the sake of what is read behind the sum with v. */
const MOST_SHARED_HEADS = 4;

const hasFeatures = ({ domain }: Node): boolean => domain.some(({ kind }) => kind === 'feature');

/** The stages in their order; a graph that needs no cut is one stage, as it is. */
export function stagesOf(graph: Graph, buffers: ProgramBuffers): readonly Stage[] {
  const standings = standingsOf(graph, headGroups(graph).size <= MOST_SHARED_HEADS);
  if (!standings || standings.last === 0) return [{ graph, above: 0, stores: [] }];
  const { last, stageOf: levelOf, isRows: isStored, needs } = standings;
  const nameOf = (node: Node): string => (hasFeatures(node) ? 'outputs' : 'rows');
  const { parts, stored } = cutInLevels(graph, { last, levelOf, isStored, nameOf }, buffers);
  buffers.add(stored.map(({ buffer }) => buffer));
  const above = rowsAbove(parts);
  return parts.map((part) => ({
    graph: part.graph,
    above: Math.max(0, ...part.stores.map(({ tensor }) => above.get(tensor) ?? 0)),
    stores: part.stores.map((each) => ({ ...each, need: needs.get(each.node) })),
  }));
}

/** Rows above the outputs' own at which each stored value is read. */
function rowsAbove(parts: readonly Part[]): ReadonlyMap<TensorNode, number> {
  const above = new Map<TensorNode, number>();
  for (const { graph, stores } of [...parts].reverse()) {
    const own = Math.max(0, ...stores.map(({ tensor }) => above.get(tensor) ?? 0));
    const reach = neededAt(topological(graph), (node) =>
      Array.from(upwardReaches(node), ([source, upward]) => [source, { low: -upward, high: 0 }] as const),
    );
    for (const tensor of graph.inputs) above.set(tensor, Math.max(above.get(tensor) ?? 0, own - reach(tensor).low));
  }
  return above;
}
