// The baseline of gradients, taken on request alone: matrices of scores and of their gradients go through memory between kernels,
// as they do between the operations of a framework. What is pointwise is fused.

import { dependencies, type Node, topological } from '../../../src/ir/index.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { cutInLevels } from '../partition/cut.js';
import { outputsByOwner, ownerOf } from '../partition/owners.js';
import { isElsewhere, isScoreLike, scoreReads } from '../reads/score-reads.js';
import { apart } from './gradient.js';
import { plainWords, type Recipe, type StageContext } from './recipe.js';

export const gradientMaterialised: Recipe = {
  onRequest: true,
  hasOwners: true,
  keepsMatrices: true,
  launches: (part) =>
    partsOf(part, part.buffers).flatMap((graph) =>
      apart(new Map(outputsByOwner(graph)), { ...part, graph }).map((kernel) => ({
        launch: 'kernel' as const,
        kernel,
      })),
    ),
  words: plainWords('gradients through memory'),
  reason: () =>
    'it was asked for: matrices of scores and of their gradients go through memory between kernels, as the baseline',
};

/** A graph for each matrix that is stored, and one for the outputs. */
function partsOf({ graph }: StageContext, buffers: ProgramBuffers): readonly StageContext['graph'][] {
  const order = topological({ inputs: [], outputs: graph.outputs });
  const behind = storedNodes(order);
  const levels = new Map([...behind].map((node, level) => [node, level]));
  const { parts, stored } = cutInLevels(
    graph,
    {
      last: behind.size,
      levelOf: (node) => levels.get(node) ?? behind.size,
      isStored: (node) => behind.has(node),
      nameOf: () => 'matrix',
      givesLast: true,
    },
    buffers,
  );
  buffers.add(stored.map(({ buffer }) => buffer));
  return parts.map((each) => each.graph);
}

/** Matrices that are read at another row, key or head, summed up, or read by several, in their order. */
function storedNodes(order: readonly Node[]): ReadonlySet<Node> {
  const readers = new Map<Node, number>();
  const wanted = new Set<Node>();
  for (const node of order) {
    for (const source of new Set(dependencies(node))) {
      readers.set(source, (readers.get(source) ?? 0) + 1);
      if (ownerOf(node) !== 'matrix' || readers.get(source)! > 1) wanted.add(source);
    }
    for (const read of scoreReads(node)) if (isElsewhere(read, node)) wanted.add(read.source);
  }
  return new Set(order.filter((node) => wanted.has(node) && isScoreLike(node) && node.op !== 'tensor'));
}
