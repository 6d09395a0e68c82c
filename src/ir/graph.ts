// A score graph: named outputs over nodes that point at what they read, with what a caller must know about them.
// Everything that walks or rebuilds a graph goes through `topological`, `dependencies` and `rewrite`.
import type { Expression } from './expression.js';
import { mapParts, readsOf } from './expression.js';
import { expressionsOf, type Node, operandNodes, type TensorNode } from './node.js';

export type SettingValue = number | boolean | string | readonly number[];

export interface GraphOutput {
  readonly name: string;
  readonly node: Node;
}

export interface Graph {
  readonly name: string;
  /** The settings that the graph was made with, for headers and manifests. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly formula?: string;
  readonly paper?: string;
  /**
   * Rows of history that a caller must give, where it is not what the nodes reach back for: a gradient graph needs the
   * history of the graph that it differentiates, an optimised one that of the graph as written.
   */
  readonly history?: number;
  /** Inputs in the order in which a caller gives them. Each tensor node that an output reaches is one of them. */
  readonly inputs: readonly TensorNode[];
  /** The first output is the main one, named `out` unless the spec names several. */
  readonly outputs: readonly GraphOutput[];
}

/** Whether a graph computes gradients: it takes those of a spec's outputs and gives those of its inputs. */
export const isGradientGraph = ({ inputs }: Pick<Graph, 'inputs'>): boolean =>
  inputs.some(({ role }) => role === 'cotangent');

/** The nodes of a graph, or of a part of one, that depend on an incoming gradient. */
export function backwardNodes(graph: Pick<Graph, 'inputs' | 'outputs'>): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const node of topological(graph)) {
    const isCotangent = node.op === 'tensor' && node.role === 'cotangent';
    if (isCotangent || dependencies(node).some((each) => found.has(each))) found.add(node);
  }
  return found;
}

/** Whether a value that is computed has an entry for each row and key. */
export const isOfScores = ({ op, domain }: Node): boolean =>
  op !== 'tensor' && ['query', 'key'].every((kind) => domain.some((axis) => axis.kind === kind));

/** The nodes that `node` reads, each once: operands first, then the reads of its expressions in order. */
export function dependencies(node: Node): readonly Node[] {
  const found = new Set<Node>(operandNodes(node));
  for (const expression of expressionsOf(node)) for (const { source } of readsOf(expression)) found.add(source);
  return [...found];
}

/** All nodes that the outputs reach, each after everything that it reads; inputs first, in their declared order. */
export function topological(graph: Pick<Graph, 'inputs' | 'outputs'>): readonly Node[] {
  const done = new Set<Node>();
  // A stack of its own in place of recursion: chains of nodes may be thousands long.
  const open: Node[] = [...graph.inputs, ...graph.outputs.map(({ node }) => node)].reverse();
  for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
    const missing = done.has(node) ? [] : dependencies(node).filter((each) => !done.has(each));
    if (missing.length > 0) open.push(...[...missing].reverse());
    else done.add(open.pop()!);
  }
  return [...done];
}

/** The same node reading other nodes and expressions; the same object where nothing changed. Domains are kept. */
export function mapNode(
  node: Node,
  changeNode: (node: Node) => Node,
  changeExpression: (x: Expression) => Expression,
): Node {
  const changed = changedFields(node, changeNode, changeExpression);
  const fields = Object.entries(changed) as [keyof typeof changed, unknown][];
  const same = fields.every(([name, value]) => sameField((node as unknown as Record<string, unknown>)[name], value));
  return same ? node : ({ ...node, ...changed } as Node);
}

function changedFields(node: Node, changeNode: (node: Node) => Node, changeExpression: (x: Expression) => Expression) {
  switch (node.op) {
    case 'tensor':
      return {};
    case 'dot':
      return { x: changeNode(node.x), y: changeNode(node.y) };
    case 'contract':
      return { weights: changeNode(node.weights), operand: changeNode(node.operand) };
    case 'map':
    case 'rowmap':
    case 'reduce':
      return { value: changeExpression(node.value) };
    case 'fill':
      return { value: changeNode(node.value), mask: changeExpression(node.mask) };
    case 'bin':
      return { index: node.index.map(changeExpression), value: changeExpression(node.value) };
  }
}

function sameField(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((each, n) => each === after[n]);
  }
  return before === after;
}

/** Replaces the sources of all reads in an expression. */
export function replaceSources(root: Expression, replacement: (node: Node) => Node): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (expression: Expression): Expression => {
    const known = done.get(expression);
    if (known) return known;
    let result = mapParts(expression, visit);
    if (result.kind === 'read') {
      const source = replacement(result.source);
      if (source !== result.source) result = { ...result, source };
    }
    done.set(expression, result);
    return result;
  };
  return visit(root);
}

/**
 * Rebuilds a graph bottom-up. `change` gets each node with its reads already replaced, and the node as it was, and
 * returns what stands in its place (over the same domain). Inputs stay as they are.
 */
export function rewrite(graph: Graph, change: (node: Node, before: Node) => Node): Graph {
  const replaced = new Map<Node, Node>();
  const replacement = (node: Node): Node => replaced.get(node) ?? node;
  for (const node of topological(graph)) {
    if (node.op === 'tensor') {
      replaced.set(node, node);
      continue;
    }
    replaced.set(
      node,
      change(
        mapNode(node, replacement, (x) => replaceSources(x, replacement)),
        node,
      ),
    );
  }
  const outputs = graph.outputs.map(({ name, node }) => ({ name, node: replacement(node) }));
  return outputs.every(({ node }, n) => node === graph.outputs[n]!.node) ? graph : { ...graph, outputs };
}

/** For each node, the nodes that read it and how often it stands as an output. */
export function consumers(graph: Graph): ReadonlyMap<Node, readonly Node[]> {
  const users = new Map<Node, Node[]>();
  for (const node of topological(graph)) {
    users.set(node, users.get(node) ?? []);
    for (const each of dependencies(node)) users.get(each)!.push(node);
  }
  return users;
}
