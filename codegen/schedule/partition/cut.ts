// Cuts a graph between kernels: a value that one kernel leaves in workspace is a tensor to the kernels behind it.
// What is known of a value by position is known of the tensor too, so that hidden tiles are not even loaded.

import {
  fillNode,
  type Graph,
  mapNode,
  mapNodeOver,
  type Node,
  normaliserOf,
  readHere,
  replaceSources,
  rewrite,
  type TensorNode,
  tensorNode,
  topological,
} from '../../../src/ir/index.js';
import type { Buffer } from '../../tile/types.js';
import { demand } from '../reads/reason.js';
import { outsideOf } from '../reads/support.js';
import type { ProgramBuffers } from './buffers.js';
import { boundedByMaximum } from './row-statistics.js';

/** A value in workspace. */
export interface Stored {
  /** As it was in the graph that was cut. */
  readonly node: Node;
  /** The value, made of tensors that kernels before it left behind. */
  readonly value: Node;
  readonly tensor: TensorNode;
  readonly buffer: Buffer;
  /** The outputs of the graph that are this value: whoever makes it stores them, too. */
  readonly gives: readonly string[];
  /** Whether some later kernel reads it; what is only given needs no place in workspace. */
  readonly isKept: boolean;
}

export interface Cut {
  /** In the order in which they are made. */
  readonly stored: readonly Stored[];
  /** The graph that is left: from inputs and stored values to the outputs. */
  readonly rest: Graph;
}

/** Where a graph is cut. */
export interface CutLine {
  readonly behind: ReadonlySet<Node>;
  /** Nodes that one kernel makes: they read one another whole, cut or not. */
  readonly together?: ReadonlySet<Node>;
  /** What the buffer of a cut node is called; it gets a number where that is taken. */
  readonly nameOf: (node: Node) => string;
  /** Whether outputs that are cut nodes are given by who makes them, or by who gives all others. */
  readonly isGivenEarly: boolean;
}

/** Cuts `graph` behind nodes. */
export function cutBehind(
  graph: Graph,
  { behind, together, nameOf, isGivenEarly }: CutLine,
  buffers: ProgramBuffers,
): Cut {
  const whole = new Map<Node, Node>();
  const wholeOf = (node: Node): Node => whole.get(node) ?? node;
  const made: Omit<Stored, 'isKept'>[] = [];
  const changed = rewrite(graph, (rebuilt, node) => {
    const ofParts = together?.has(node) ? mapNode(rebuilt, wholeOf, (x) => replaceSources(x, wholeOf)) : rebuilt;
    const normaliser = normaliserOf(node);
    const isComputedAgain = normaliser && behind.has(normaliser.maximum) && !behind.has(normaliser.scores);
    const value = isComputedAgain ? boundedByMaximum(ofParts) : ofParts;
    if (!behind.has(node)) return value;
    const name = buffers.freshName(nameOf(node));
    const tensor = tensorNode(name, 'tensor', node.domain);
    const buffer: Buffer = { name, role: 'workspace', axes: node.domain, dtype: 'f32' };
    const gives = graph.outputs.flatMap((output) => (isGivenEarly && output.node === node ? [output.name] : []));
    made.push({ node, value, tensor, buffer, gives });
    const copy = reloaded(node, tensor);
    if (together?.has(node)) whole.set(copy, value);
    return copy;
  });
  const outputs = changed.outputs.filter((_, n) => !isGivenEarly || !behind.has(graph.outputs[n]!.node));
  demand(outputs.length > 0, 'nothing is left to do behind the statistics');
  const ends = [...outputs, ...made.map(({ tensor: { name }, value }) => ({ name, node: value }))];
  const read = new Set(topological({ inputs: [], outputs: ends }));
  const stored = made.map((each) => ({ ...each, isKept: read.has(each.tensor) }));
  return { stored, rest: withInputs({ ...changed, outputs }, graph, stored) };
}

/** The buffers of values that later kernels read. */
export const keptBuffers = (stored: readonly Stored[]): readonly Buffer[] =>
  stored.flatMap(({ buffer, isKept }) => (isKept ? [buffer] : []));

/** The graph whose outputs are stored values, and those outputs of the whole that they are. */
export function storing(graph: Graph, values: readonly Stored[], all: readonly Stored[]): Graph {
  const stores = values.flatMap(({ tensor: { name }, value, isKept }) => (isKept ? [{ name, node: value }] : []));
  const gives = values.flatMap(({ gives, value }) => gives.map((name) => ({ name, node: value })));
  const outputs = [...stores, ...gives];
  const name = `${graph.name}_${outputs[0]!.name}`;
  return withInputs({ name, settings: graph.settings, inputs: [], outputs }, graph, all);
}

/** The graph with those inputs and stored values that it reads. */
export function withInputs(
  graph: Graph,
  { inputs }: Pick<Graph, 'inputs'>,
  stored: readonly { readonly tensor: TensorNode }[],
): Graph {
  const reached = new Set(topological({ inputs: [], outputs: graph.outputs }));
  const tensors = [...inputs, ...stored.map(({ tensor }) => tensor)];
  return { ...graph, inputs: tensors.filter((tensor) => reached.has(tensor)) };
}

/** A stored value as its readers see it: the tensor at its own place, hidden where the value was. */
export function reloaded(node: Node, tensor: TensorNode): Node {
  const { label } = node;
  const copy = mapNodeOver(node.domain, readHere(tensor), { label });
  const outside = outsideOf(node);
  return outside ? fillNode(copy, outside.mask, outside.value, { label }) : copy;
}
