// Cuts a graph between kernels: a value that one kernel leaves in workspace is a tensor to the kernels behind it.
// What is known of a value by position is known of the tensor too, so that hidden tiles are not even loaded.

import {
  fillNode,
  type Graph,
  mapNodeOver,
  type Node,
  readHere,
  rewrite,
  type TensorNode,
  tensorNode,
  topological,
} from '../../src/ir/index.js';
import type { Buffer } from '../tile/types.js';
import { outsideOf } from './support.js';

/** A value in workspace. */
export interface Stored {
  /** As it was in the graph that was cut. */
  readonly node: Node;
  /** The value, made of tensors that kernels before it left behind. */
  readonly value: Node;
  readonly tensor: TensorNode;
  readonly buffer: Buffer;
}

export interface Cut {
  /** In the order in which they are made. */
  readonly stored: readonly Stored[];
  /** The graph that is left: from inputs and stored values to the outputs. */
  readonly rest: Graph;
}

/** Cuts `graph` behind each of the given nodes. Their buffers are named by `nameOf`, with a number where that is taken. */
export function cutBehind(graph: Graph, nodes: ReadonlySet<Node>, nameOf: (node: Node) => string): Cut {
  const taken = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
  const stored: Stored[] = [];
  const changed = rewrite(graph, (value, node) => {
    if (!nodes.has(node)) return value;
    const name = freshName(nameOf(node), taken);
    const tensor = tensorNode(name, 'tensor', node.domain);
    const buffer: Buffer = { name, role: 'workspace', axes: node.domain, dtype: 'f32' };
    stored.push({ node, value, tensor, buffer });
    return reloaded(node, tensor);
  });
  return { stored, rest: withInputs(changed, graph, stored) };
}

/** The graph whose outputs are stored values. */
export function storing(graph: Graph, values: readonly Stored[], all: readonly Stored[]): Graph {
  const outputs = values.map(({ tensor: { name }, value }) => ({ name, node: value }));
  const name = `${graph.name}_${outputs[0]!.name}`;
  return withInputs({ name, settings: graph.settings, inputs: [], outputs }, graph, all);
}

/** The graph with those inputs and stored values that it reads. */
function withInputs(graph: Graph, { inputs }: Graph, stored: readonly Stored[]): Graph {
  const reached = new Set(topological({ inputs: [], outputs: graph.outputs }));
  const tensors = [...inputs, ...stored.map(({ tensor }) => tensor)];
  return { ...graph, inputs: tensors.filter((tensor) => reached.has(tensor)) };
}

/** A stored value as its readers see it: the tensor at its own place, hidden where the value was. */
function reloaded(node: Node, tensor: TensorNode): Node {
  const { label } = node;
  const copy = mapNodeOver(node.domain, readHere(tensor), { label });
  const outside = outsideOf(node);
  return outside ? fillNode(copy, outside.mask, outside.value, { label }) : copy;
}

function freshName(name: string, taken: Set<string>): string {
  let fresh = name;
  for (let n = 2; taken.has(fresh); n += 1) fresh = `${name}${n}`;
  taken.add(fresh);
  return fresh;
}
