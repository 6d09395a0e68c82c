// What a graph costs at given sizes: operations, bytes and parameters, also in units of plain softmax attention.
// Counts are of the graph as written, dense: what a schedule skips or recomputes is the schedule's to say.
import { axisSize, type CallSizes, type Domain, staticSize } from './axis.js';
import {
  contractOverKeys,
  dotNode,
  featuresOf,
  headsOf,
  mapNodeOver,
  normalisedNode,
  readHere,
  statisticsNodes,
  tensorNode,
} from './build.js';
import { apply, float } from './expression.js';
import { type Graph, topological } from './graph.js';
import type { IterationAxis, Monoid, Node, NodeOf } from './node.js';
import { costOf } from './operation-cost.js';
import type { OperationName } from './operations.js';
import { rootsOf, visitParts } from './roots.js';

export interface NodeCost {
  readonly node: Node;
  /** Entries of its value. */
  readonly elements: number;
  readonly operations: number;
}

export interface ParameterCost {
  readonly name: string;
  readonly shape: readonly number[];
  readonly count: number;
}

export interface GraphCost {
  /** Floating-point operations: products of dot and contract as 2 for each pair, scalar operations as 1 each. */
  readonly operations: number;
  /** Those of dot and contract alone: what tensor cores do. */
  readonly products: number;
  /** Scalar operations by name, the additions of sums and reductions included; only those that occur. */
  readonly scalars: Readonly<Partial<Record<OperationName, number>>>;
  /** Bytes of inputs and outputs, each moved once: what no schedule goes below. */
  readonly compulsoryBytes: number;
  /** The same plus each value in between, written once and read once: what no schedule should reach. */
  readonly materialisedBytes: number;
  readonly nodes: readonly NodeCost[];
  /** Parameters that a model gains by the spec. */
  readonly parameters: readonly ParameterCost[];
}

export interface CostOptions {
  /** Bytes of a float. Integers have 4. */
  readonly floatBytes?: number;
}

/** The cost of `graph` at `sizes`. */
export function costOfGraph(graph: Graph, sizes: CallSizes, { floatBytes = 2 }: CostOptions = {}): GraphCost {
  const scalars = new Map<OperationName, number>();
  const outputs = new Set(graph.outputs.map(({ node }) => node));
  let products = 0;
  let compulsoryBytes = 0;
  let betweenBytes = 0;
  const nodes = topological(graph).map((node): NodeCost => {
    const elements = elementsOf(node.domain, sizes);
    const bytes = elements * (node.op === 'tensor' && node.dtype === 'int' ? 4 : floatBytes);
    if (node.op === 'tensor' || outputs.has(node)) compulsoryBytes += bytes;
    else betweenBytes += bytes;
    const own = new Map<OperationName, number>();
    const multiplied = productsOf(node, sizes);
    countScalars(node, sizes, own);
    for (const [name, count] of own) scalars.set(name, (scalars.get(name) ?? 0) + count);
    products += multiplied;
    return { node, elements, operations: multiplied + total(own) };
  });
  return {
    operations: products + total(scalars),
    products,
    scalars: Object.fromEntries(scalars),
    compulsoryBytes,
    materialisedBytes: compulsoryBytes + 2 * betweenBytes,
    nodes,
    parameters: parametersOf(graph),
  };
}

const total = (counts: ReadonlyMap<OperationName, number>): number =>
  [...counts.values()].reduce((sum, n) => sum + n, 0);

const elementsOf = (domain: Domain, sizes: CallSizes): number =>
  domain.reduce((product, axis) => product * axisSize(axis, sizes), 1);

const iterations = (iteration: readonly IterationAxis[], sizes: CallSizes): number =>
  elementsOf(
    iteration.map(({ axis }) => axis),
    sizes,
  );

/** Two operations, a product and an addition, for each pair that dot and contract multiply. */
function productsOf(node: Node, sizes: CallSizes): number {
  if (node.op === 'dot') return 2 * elementsOf(node.domain, sizes) * featuresOf(node.x.domain);
  if (node.op === 'contract') return 2 * elementsOf(node.weights.domain, sizes) * featuresOf(node.domain);
  return 0;
}

/** What a reduction does with each term besides computing it. */
const reductions: Readonly<Record<Monoid, readonly OperationName[]>> = {
  sum: ['add'],
  max: ['maximum'],
  logSumExp: ['subtract', 'exponential', 'add'],
};

/** How often a node evaluates its expressions. */
function evaluations(node: Node, sizes: CallSizes): number {
  if (node.op === 'bin') return iterations(node.iterate, sizes);
  const elements = elementsOf(node.domain, sizes);
  return node.op === 'reduce' ? elements * iterations(node.over, sizes) : elements;
}

function countScalars(node: Node, sizes: CallSizes, counts: Map<OperationName, number>): void {
  const times = evaluations(node, sizes);
  const count = (name: OperationName, number: number): void => {
    counts.set(name, (counts.get(name) ?? 0) + number);
  };
  for (const { role, expression, surroundings } of rootsOf(node)) {
    if (role === 'initial') continue;
    // Each part counts once for each value of the counters that it depends on, as it is shared between its uses.
    visitParts(expression, surroundings, (part, { counters }) => {
      const rounds = [...counters.values()].reduce((product, extent) => product * extent, times);
      if (part.kind === 'apply' && costOf(part) !== 'free') count(part.operation, rounds);
      if (part.kind !== 'accumulate' || part.type !== 'float') return;
      const terms = part.counters.reduce((product, { extent }) => product * extent, rounds);
      count(part.monoid === 'sum' ? 'add' : 'maximum', terms);
    });
  }
  if (node.op === 'reduce') for (const name of reductions[node.monoid]) count(name, times);
  if (node.op === 'bin') count('add', times);
}

function parametersOf(graph: Graph): readonly ParameterCost[] {
  return graph.inputs
    .filter(({ role }) => role === 'parameter')
    .map(({ name, domain }) => {
      const shape = domain.map((axis) => staticSize(axis) ?? 0);
      return { name, shape, count: shape.reduce((product, size) => product * size, 1) };
    });
}

// ── In units of plain attention ─────────────────────────────────────────────────────────────────────

/** How many times as much as plain attention something is: 1 where it is the same. */
export interface RelativeCost {
  readonly operations: number;
  readonly products: number;
  readonly compulsoryBytes: number;
  readonly materialisedBytes: number;
}

/** The cost of `graph` over that of softmax(q·kᵀ / √D)·v with the same heads and features; undefined without a product. */
export function relativeCost(graph: Graph, sizes: CallSizes, options: CostOptions = {}): RelativeCost | undefined {
  const plain = plainAttention(graph);
  if (!plain) return undefined;
  const [own, unit] = [costOfGraph(graph, sizes, options), costOfGraph(plain, sizes, options)];
  return {
    operations: own.operations / unit.operations,
    products: own.products / unit.products,
    compulsoryBytes: own.compulsoryBytes / unit.compulsoryBytes,
    materialisedBytes: own.materialisedBytes / unit.materialisedBytes,
  };
}

/** Softmax attention with the heads and features of the first product of scores and the first with values. */
export function plainAttention(graph: Graph): Graph | undefined {
  const nodes = topological(graph);
  const dot = nodes.find((node): node is NodeOf<'dot'> => node.op === 'dot');
  const contract = nodes.find((node): node is NodeOf<'contract'> => node.op === 'contract' && node.over === 'key');
  if (!dot || !contract) return undefined;
  const q = tensorNode('q', 'queries', dot.x.domain);
  const k = tensorNode('k', 'keys', dot.y.domain);
  const scores = dotNode(q, k);
  const scale = float(Math.sqrt(featuresOf(q.domain)));
  const logits = mapNodeOver(scores.domain, apply('divide', readHere(scores), scale));
  const weights = normalisedNode(logits, statisticsNodes(logits, undefined));
  const v = tensorNode('v', 'values', contract.operand.domain);
  // Where a spec subtracts maps, its output may have fewer heads than its scores, and shares fewer values.
  if (headsOf(scores.domain) % headsOf(v.domain) !== 0) return undefined;
  const out = contractOverKeys(weights, v);
  return { name: 'plain', settings: {}, inputs: [q, k, v], outputs: [{ name: 'out', node: out }] };
}
