// The sums of a graph in the forms that kernels fold. Those of softmaxes stay as they are: they are taken together.

import {
  type Graph,
  mapNodeOver,
  type Node,
  normaliserParts,
  readHere,
  rewrite,
  rowStatisticsOf,
  topological,
} from '../../../../src/ir/index.js';
import { tidied } from '../../../../src/passes/index.js';
import { formOfBin } from './bins.js';
import { formOfReduction } from './reductions.js';

/** Outputs that are inputs as they are become copies, which a kernel makes. */
function withComputedOutputs(graph: Graph): Graph {
  if (graph.outputs.every(({ node }) => node.op !== 'tensor')) return graph;
  const computed = (node: Node): Node => (node.op === 'tensor' ? mapNodeOver(node.domain, readHere(node)) : node);
  return { ...graph, outputs: graph.outputs.map(({ name, node }) => ({ name, node: computed(node) })) };
}

export function withSumForms(graph: Graph): Graph {
  const ofSoftmax = normaliserParts(graph);
  const statistics = new Set(
    topological(graph).flatMap((node) => {
      const found = rowStatisticsOf(node);
      return found ? [found.largest, found.total] : [];
    }),
  );
  const formed = rewrite(graph, (node, before) => {
    if (ofSoftmax.has(before) || statistics.has(before as never)) return node;
    if (node.op === 'reduce' && node.monoid === 'sum') return formOfReduction(node);
    return node.op === 'bin' ? formOfBin(node) : node;
  });
  return withComputedOutputs(formed === graph ? graph : tidied(formed));
}
