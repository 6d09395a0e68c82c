// The gradient of a graph as a graph: reverse mode, one rule for each node of the closed set.
// As the set is closed under transposition, the result is a score graph like any other and can be differentiated again.
import { fail } from '../diagnostics/index.js';
import { history } from '../ir/footprint/history.js';
import {
  apply,
  contractOverKeys,
  contractOverQueries,
  type Domain,
  domainVariables,
  dotNode,
  type Expression,
  expressionsOf,
  fillNode,
  float,
  type Graph,
  headsOf,
  type IterationAxis,
  inverseOfSum,
  mapNodeOver,
  type Node,
  type NodeOf,
  operandNodes,
  read,
  readHere,
  reduceNode,
  type TensorNode,
  tensorNode,
  topological,
} from '../ir/index.js';
import { dependsSmoothly, readCotangents } from './adjoint.js';
import { scaled } from './derivatives.js';
import { transposeRead } from './transpose.js';

export interface GradientOptions {
  /** The outputs whose gradients come in; by default all. */
  readonly outputs?: readonly string[];
  /** The inputs whose gradients are wanted; by default all floats that are not themselves incoming gradients. */
  readonly inputs?: readonly string[];
}

/**
 * The graph of the gradients of Σ_outputs Σ output · grad_output: it takes the inputs of `graph` and `grad_<output>`
 * for each output, and gives `grad_<input>` in the shape of each input.
 * @throws HeddleError HD7010 where an input has the name of a cotangent, HD7013 where no input has a gradient.
 */
export function gradientGraph(graph: Graph, options: GradientOptions = {}): Graph {
  const outputs = graph.outputs.filter(({ name }) => options.outputs?.includes(name) ?? true);
  const wanted = graph.inputs.filter(
    ({ name, dtype, role }) => dtype === 'float' && (options.inputs?.includes(name) ?? role !== 'cotangent'),
  );
  if (wanted.length === 0) fail('HD7013', { graph: graph.name });
  const taken = new Set(graph.inputs.map(({ name }) => name));
  const cotangentInputs = outputs.map(({ name, node }) => {
    const cotangent = `grad_${name}`;
    if (taken.has(cotangent)) fail('HD7010', { name: cotangent });
    return tensorNode(cotangent, 'cotangent', node.domain);
  });
  const nodes = topological({ inputs: graph.inputs, outputs });
  const active = activeNodes(nodes, new Set(wanted));

  const received = new Map<Node, Node[]>();
  const give = (node: Node, contribution: Node): void => {
    const before = received.get(node);
    if (before) before.push(contribution);
    else received.set(node, [contribution]);
  };
  for (const [n, { node }] of outputs.entries()) if (active.has(node)) give(node, cotangentInputs[n]!);

  const gradients = new Map<Node, Node>();
  for (const node of [...nodes].reverse()) {
    const contributions = received.get(node);
    if (!contributions || !active.has(node)) continue;
    const cotangent = total(node.domain, contributions);
    gradients.set(node, cotangent);
    const rule = rules[node.op] as (node: Node, cotangent: Node, context: Context) => void;
    rule(node, cotangent, { give, isActive: (each) => active.has(each) });
  }
  const named = wanted.map((input) => ({
    name: `grad_${input.name}`,
    node: gradients.get(input) ?? mapNodeOver(input.domain, float(0)),
  }));
  const { formula: _formula, paper: _paper, ...described } = graph;
  return {
    ...described,
    name: `${graph.name}_gradient`,
    history: history(graph),
    inputs: [...graph.inputs, ...cotangentInputs],
    outputs: named.map(({ name, node }) => ({ name, node: labelled(node, name) })),
  };
}

function labelled(node: Node, label: string): Node {
  return node.op === 'tensor' ? node : { ...node, label };
}

/** The nodes that depend on a wanted input, and not through what counts as a constant alone. */
function activeNodes(nodes: readonly Node[], wanted: ReadonlySet<TensorNode>): ReadonlySet<Node> {
  const active = new Set<Node>();
  for (const node of nodes) {
    const isActive = (each: Node): boolean => active.has(each);
    const depends =
      operandNodes(node).some(isActive) || expressionsOf(node).some((each) => dependsSmoothly(each, isActive));
    if (node.op === 'tensor' ? wanted.has(node) : depends) active.add(node);
  }
  return active;
}

/** The sum of what a node's readers send it, in the order of the readers from last to first. */
function total(domain: Domain, contributions: readonly Node[]): Node {
  if (contributions.length === 1) return contributions[0]!;
  const sum = contributions
    .map((each): Expression => readHere(each))
    .reduce((before, each) => apply('add', before, each));
  return mapNodeOver(domain, sum);
}

interface Context {
  readonly give: (node: Node, contribution: Node) => void;
  readonly isActive: (node: Node) => boolean;
}

type Rules = { readonly [Op in Node['op']]: (node: NodeOf<Op>, cotangent: Node, context: Context) => void };

const rules: Rules = {
  tensor() {},

  dot({ x, y }, cotangent, { give, isActive }) {
    if (isActive(x)) give(x, contractOverKeys(cotangent, y));
    if (isActive(y)) give(y, contractOverQueries(cotangent, x, headsOf(y.domain)));
  },

  contract({ over, weights, operand }, cotangent, { give, isActive }) {
    if (over === 'key') {
      if (isActive(weights)) give(weights, dotNode(cotangent, operand));
      if (isActive(operand)) give(operand, contractOverQueries(weights, cotangent, headsOf(operand.domain)));
    } else {
      if (isActive(weights)) give(weights, dotNode(operand, cotangent));
      if (isActive(operand)) give(operand, contractOverKeys(weights, cotangent));
    }
  },

  fill({ value, mask }, cotangent, { give, isActive }) {
    if (isActive(value)) give(value, fillNode(cotangent, mask, 0));
  },

  map: elementwise,
  rowmap: elementwise,

  reduce(node, cotangent, context) {
    const { domain, monoid, over, value } = node;
    const here = readHere(cotangent);
    const seeds: Readonly<Record<typeof monoid, () => Expression>> = {
      sum: () => here,
      logSumExp: () => scaled(here, weightOf(node)),
      max: () => {
        // The terms that equal the maximum share the cotangent evenly.
        const isMaximum = apply('equal', value, readHere(node));
        const ties = reduceNode('sum', domain, over, apply('select', isMaximum, float(1), float(0)));
        return apply('select', isMaximum, scaled(here, apply('divide', float(1), readHere(ties))), float(0));
      },
    };
    contribute(value, seeds[monoid](), [...iterationOf(domain), ...over], context);
  },

  bin({ iterate, index, value }, cotangent, context) {
    contribute(value, read(cotangent, index), iterate, context);
  },
};

/** What a term weighs in a log-sum-exp: e^(term − m) / l, as in a softmax. */
function weightOf({ domain, over, value }: NodeOf<'reduce'>): Expression {
  const maximum = readHere(reduceNode('max', domain, over, value));
  const exponential = apply('exponentialDifference', value, maximum);
  return apply('multiply', exponential, inverseOfSum(readHere(reduceNode('sum', domain, over, exponential))));
}

function elementwise({ domain, value }: NodeOf<'map' | 'rowmap'>, cotangent: Node, context: Context): void {
  contribute(value, readHere(cotangent), iterationOf(domain), context);
}

const iterationOf = (domain: Domain): readonly IterationAxis[] =>
  domainVariables(domain).map((name, n) => ({ variable: name, axis: domain[n]! }));

/** Sends the cotangent of an expression that is evaluated over `iteration` to the nodes that it reads. */
function contribute(
  value: Expression,
  seed: Expression,
  iteration: readonly IterationAxis[],
  { give, isActive }: Context,
): void {
  for (const each of readCotangents(value, seed, isActive)) give(each.read.source, transposeRead(each, iteration));
}
