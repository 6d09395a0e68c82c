// Pass: inputs that no output reads are no inputs, but for those that alone tell a length of the call.
// Exact because no value depends on them. Nodes need no such pass: a graph holds only what its outputs reach.
import { type AxisKind, type Graph, type Node, type TensorNode, topological } from '../ir/index.js';
import type { Pass } from './pass.js';

export const dropDead: Pass = {
  name: 'drop what is dead',
  run(graph: Graph): Graph {
    const reached = new Set<Node>(topological({ inputs: [], outputs: graph.outputs }));
    const kept = new Set<TensorNode>(graph.inputs.filter((input) => reached.has(input)));
    for (const kinds of lengths) {
      if (![...kept].some((input) => tells(input, kinds))) {
        const teller = graph.inputs.find((input) => tells(input, kinds));
        if (teller) kept.add(teller);
      }
    }
    return kept.size === graph.inputs.length
      ? graph
      : { ...graph, inputs: graph.inputs.filter((input) => kept.has(input)) };
  },
};

/** The axes by which a call tells B, Tq and Tk. */
const lengths: readonly (readonly AxisKind[])[] = [['batch'], ['query'], ['key', 'position']];

/** A cotangent may have fewer rows than there are queries, and none need be given: it tells nothing. */
const tells = ({ domain, role }: TensorNode, kinds: readonly AxisKind[]): boolean =>
  role !== 'cotangent' && domain.some(({ kind }) => kinds.includes(kind));
