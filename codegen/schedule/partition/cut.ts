// Cuts a graph between kernels. Each value is of a level, and what a level stores is a tensor to those behind it; everything else
// is computed again where it is needed. What is known of a value by position is known of its tensor too, so that hidden
// tiles are not even loaded.

import {
  dependencies,
  type Expression,
  fillNode,
  type Graph,
  mapNode,
  mapNodeOver,
  mapReads,
  type Node,
  normaliserOf,
  type Read,
  readHere,
  replaceSources,
  type TensorNode,
  tensorNode,
  topological,
} from '../../../src/ir/index.js';
import type { Buffer } from '../../tile/types.js';
import { isScoreLike } from '../reads/score-reads.js';
import { neededWhere, outsideOf } from '../reads/support.js';
import { headSlot } from '../reads/tile-expression.js';
import type { ProgramBuffers } from './buffers.js';
import { boundedByMaximum } from './row-statistics.js';

/** Where a graph is cut. */
export interface Levels {
  readonly last: number;
  readonly levelOf: (node: Node) => number;
  /** Whether later levels read a value from memory. */
  readonly isStored: (node: Node) => boolean;
  /** What the buffer of a stored value is called; it gets a number where that is taken. */
  readonly nameOf: (node: Node) => string;
  /** Set where the last level gives all outputs, whoever computes them. */
  readonly givesLast?: true;
  /** Set where scores that all their readers hide behind a mask are left out of what is stored, whoever loads a box with them. */
  readonly storesNeeded?: true;
}

/** A value that one level leaves for others. */
export interface Stored {
  /** As it was in the graph that was cut. */
  readonly node: Node;
  readonly tensor: TensorNode;
  readonly buffer: Buffer;
  /** The tensor as a node, which is read at its own place as the value itself would be. */
  readonly copy: Node;
}

/** What one level computes: from inputs and what levels before it have left, what it stores and those outputs that it gives. */
export interface Part {
  readonly graph: Graph;
  readonly stores: readonly Stored[];
}

export interface Cut {
  /** In the order in which they are computed. */
  readonly parts: readonly Part[];
  /** All that is stored, each after what it is made of. Its buffers are the caller's to add. */
  readonly stored: readonly Stored[];
}

export function cutInLevels(graph: Graph, levels: Levels, buffers: ProgramBuffers): Cut {
  const { last, levelOf, isStored, nameOf, givesLast, storesNeeded } = levels;
  const order = topological({ inputs: [], outputs: graph.outputs });
  const isBefore = (node: Node, level: number): boolean => isStored(node) && levelOf(node) < level;
  const outputsAt = (level: number) => graph.outputs.filter(({ node }) => (givesLast ? last : levelOf(node)) === level);

  // What a level must leave for others is known when they are.
  const kept = new Set<Node>();
  const computed = new Map<number, ReadonlySet<Node>>();
  for (let level = last; level >= 0; level -= 1) {
    const reached = new Set(outputsAt(level).map(({ node }) => node));
    for (const node of kept) if (levelOf(node) === level) reached.add(node);
    for (const node of [...order].reverse()) {
      if (!reached.has(node)) continue;
      if (isBefore(node, level)) kept.add(node);
      else for (const each of dependencies(node)) reached.add(each);
    }
    computed.set(level, reached);
  }
  const stored = order.filter((node) => kept.has(node)).map((node) => storedAs(node, buffers.freshName(nameOf(node))));
  const storedOf = new Map(stored.map((each) => [each.node, each]));

  const parts = Array.from({ length: last + 1 }, (_, level): readonly Part[] => {
    const rebuilt = new Map<Node, Node>();
    const ofLevel = (node: Node): Node => rebuilt.get(node) ?? node;
    // Products take rows where they lie.
    const operandOf = (node: Node): Node =>
      isBefore(node, level) && !isScoreLike(node) ? storedOf.get(node)!.tensor : ofLevel(node);
    for (const node of order.filter((each) => computed.get(level)!.has(each))) {
      const own = isBefore(node, level)
        ? storedOf.get(node)!.copy
        : mapNode(node, operandOf, (x) => fromMemory(replaceSources(x, ofLevel), storedOf));
      const normaliser = normaliserOf(node);
      const isOfMemory = normaliser && isBefore(normaliser.maximum, level) && !isBefore(normaliser.scores, level);
      rebuilt.set(node, isOfMemory && !isBefore(node, level) ? boundedByMaximum(own) : own);
    }
    const stores = stored.filter(({ node }) => levelOf(node) === level);
    const needed = (node: Node): Node => {
      const mask = storesNeeded && !outsideOf(node) ? neededWhere(node, graph) : undefined;
      return mask ? fillNode(ofLevel(node), mask, 0, { label: node.label }) : ofLevel(node);
    };
    const left = stores.map(({ tensor: { name }, node }) => ({ name, node: needed(node) }));
    const outputs = [...left, ...outputsAt(level).map(({ name, node }) => ({ name, node: ofLevel(node) }))];
    if (outputs.length === 0) return [];
    const name = level === last ? graph.name : `${graph.name}_${outputs[0]!.name}`;
    return [{ graph: withInputs({ ...graph, name, outputs }, graph, stored), stores }];
  });
  return { parts: parts.flat(), stored };
}

function storedAs(node: Node, name: string): Stored {
  const tensor = tensorNode(name, 'tensor', node.domain);
  const { label } = node;
  const read = mapNodeOver(node.domain, readHere(tensor), { label });
  const outside = outsideOf(node);
  const copy = outside ? fillNode(read, outside.mask, outside.value, { label }) : read;
  return { node, tensor, copy, buffer: { name, role: 'workspace', axes: node.domain, dtype: 'f32' } };
}

/** Other heads of stored rows are read in memory, so that no heads are computed together for their sake. */
function fromMemory(expression: Expression, stored: ReadonlyMap<Node, Stored>): Expression {
  const rows = [...stored.values()].filter(({ node }) => !isScoreLike(node));
  const tensors = new Map(rows.map(({ copy, tensor }) => [copy, tensor]));
  return mapReads(expression, (read): Read => {
    const tensor = tensors.get(read.source);
    const slot = headSlot(read.source);
    const at = slot < 0 ? undefined : read.index[slot]!;
    const isOwnHead = at === undefined || (at.kind === 'variable' && at.name === 'h');
    return tensor === undefined || isOwnHead ? read : { ...read, source: tensor };
  });
}

/** The graph with those inputs and stored values that it reads. */
export function withInputs(
  graph: Graph,
  { inputs }: Pick<Graph, 'inputs'>,
  stored: readonly Pick<Stored, 'tensor'>[],
): Graph {
  const reached = new Set(topological({ inputs: [], outputs: graph.outputs }));
  const tensors = [...inputs, ...stored.map(({ tensor }) => tensor)];
  return { ...graph, inputs: tensors.filter((tensor) => reached.has(tensor)) };
}
