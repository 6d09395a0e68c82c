// The stages of a graph: it is cut behind the values of rows that a block cannot read on chip, at another row or head, at
// other features, or from scores. A stage leaves them in O(T) workspace, and the next ones read them at any place.

import {
  type Expression,
  type Graph,
  headGroups,
  mapNode,
  mapReads,
  type Node,
  normaliserOf,
  type Read,
  replaceSources,
  type TensorNode,
  tensorNode,
  topological,
  upwardReaches,
} from '../../../src/ir/index.js';
import { neededAt } from '../reads/intervals.js';
import { headSlot } from '../reads/rewriting.js';
import type { ProgramBuffers } from './buffers.js';
import { reloaded, withInputs } from './cut.js';
import { boundedByMaximum } from './row-statistics.js';
import { type Need, type Standings, standingsOf } from './standings.js';

/** A value of rows that one stage leaves for others. */
export interface StoredRows {
  /** As it was in the graph that was cut. */
  readonly node: Node;
  /** How it is read, where that is why it lies in memory. */
  readonly need: Need | undefined;
  readonly tensor: TensorNode;
  /** The tensor as a node, which a block reads at its own rows as it would the value itself. */
  readonly copy: Node;
}

export interface Stage {
  readonly graph: Graph;
  readonly above: number;
  readonly stores: readonly StoredRows[];
}

/** Heads that a block may compute together for the sake of what is read behind the sum with v. */
const MOST_SHARED_HEADS = 4;

/** The stages in their order; a graph that needs no cut is one stage, as it is. */
export function stagesOf(graph: Graph, buffers: ProgramBuffers): readonly Stage[] {
  const standings = standingsOf(graph, headGroups(graph).size <= MOST_SHARED_HEADS);
  if (!standings || standings.last === 0) return [{ graph, above: 0, stores: [] }];
  const cutting = new Cutting(graph, standings, buffers);
  // What a stage must leave for others is known when they are.
  const stages: Stage[] = [];
  for (let n = standings.last; n >= 0; n -= 1) stages.unshift(cutting.stage(n));
  return stages;
}

class Cutting {
  private readonly graph: Graph;
  private readonly standings: Standings;
  private readonly buffers: ProgramBuffers;
  private readonly stored = new Map<Node, StoredRows>();
  /** Rows above the outputs' own at which stored values are read. */
  private readonly above = new Map<TensorNode, number>();

  constructor(graph: Graph, standings: Standings, buffers: ProgramBuffers) {
    this.graph = graph;
    this.standings = standings;
    this.buffers = buffers;
  }

  /** @param n those behind it are made. */
  stage(n: number): Stage {
    const isOwn = (node: Node): boolean => this.standings.stageOf(node) === n;
    const stores = [...this.stored.values()].filter(({ node }) => isOwn(node));
    const rebuilt = this.rebuilding(n);
    const stored = stores.map(({ tensor: { name }, node }) => ({ name, node: rebuilt(node) }));
    const given = this.graph.outputs.flatMap(({ name, node }) => (isOwn(node) ? [{ name, node: rebuilt(node) }] : []));
    const outputs = [...stored, ...given];
    const isLast = n === this.standings.last;
    const name = isLast ? this.graph.name : `${this.graph.name}_${outputs[0]!.name}`;
    const all = [...this.stored.values()];
    const graph = withInputs({ ...this.graph, name, outputs }, this.graph, all);
    const above = Math.max(0, ...stores.map(({ tensor }) => this.above.get(tensor)!));
    const reach = neededAt(topological(graph), (node) =>
      Array.from(upwardReaches(node), ([source, upward]) => [source, { low: -upward, high: 0 }] as const),
    );
    for (const tensor of graph.inputs) {
      this.above.set(tensor, Math.max(this.above.get(tensor) ?? 0, above - reach(tensor).low));
    }
    return { graph, above, stores };
  }

  /** Values as stage `n` computes them: from inputs, and from the rows that stages before it have left. */
  private rebuilding(n: number): (node: Node) => Node {
    const done = new Map<Node, Node>();
    const rebuilt = (node: Node): Node => {
      let found = done.get(node);
      if (found === undefined) {
        const isStored = (rows: Node): boolean => this.standings.isRows(rows) && this.standings.stageOf(rows) < n;
        const maximum = normaliserOf(node)?.maximum;
        found = isStored(node)
          ? this.storedOf(node).copy
          : mapNode(node, rebuilt, (x) => this.fromMemory(replaceSources(x, rebuilt)));
        if (maximum && isStored(maximum)) found = boundedByMaximum(found);
        done.set(node, found);
      }
      return found;
    };
    return rebuilt;
  }

  private storedOf(node: Node): StoredRows {
    let found = this.stored.get(node);
    if (!found) {
      const base = node.domain.some(({ kind }) => kind === 'feature') ? 'outputs' : 'rows';
      const tensor = tensorNode(this.buffers.freshName(base), 'tensor', node.domain);
      this.buffers.add([{ name: tensor.name, role: 'workspace', axes: node.domain, dtype: 'f32' }]);
      found = { node, need: this.standings.needs.get(node), tensor, copy: reloaded(node, tensor) };
      this.stored.set(node, found);
    }
    return found;
  }

  /** Other heads of stored values are read in memory, so that no heads are computed together for their sake. */
  private fromMemory(expression: Expression): Expression {
    const copies = new Map([...this.stored.values()].map(({ copy, tensor }) => [copy, tensor]));
    return mapReads(expression, (read): Read => {
      const tensor = copies.get(read.source);
      const slot = headSlot(read.source);
      const at = slot < 0 ? undefined : read.index[slot]!;
      const isOwnHead = at === undefined || (at.kind === 'variable' && at.name === 'h');
      return tensor === undefined || isOwnHead ? read : { ...read, source: tensor };
    });
  }
}
