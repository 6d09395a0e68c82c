// The closed set of nodes of the score graph. It is closed under transposition: the gradient of a graph is a graph.
// Nodes are immutable and point at what they read; `verify.ts` checks what the types cannot say.
import type { SourceSpan } from '../diagnostics/index.js';
import type { Axis, Domain } from './axis.js';
import type { Contents } from './contents.js';
import type { Expression } from './expression.js';

interface NodeBase {
  /** What the value is a function of. Outside of it every read is 0. */
  readonly domain: Domain;
  /** A name for people: the variable of the spec that held the value. Part of the text form, never of the meaning. */
  readonly label?: string;
  /** Where the spec says it; not part of the text or JSON form. */
  readonly origin?: SourceSpan;
}

/** What an input is to the caller. `queries`, `keys`, `values` and `keysAndValues` are read by dot and contract. */
export type TensorRole =
  | 'queries'
  | 'keys'
  | 'values'
  | 'keysAndValues'
  | 'parameter'
  | 'tensor'
  | 'integers'
  | 'cotangent';

/** A start value of a parameter: an expression of its own index variables, or a distribution. */
export type Initial =
  | { readonly law: 'expression'; readonly value: Expression }
  | { readonly law: 'normal' | 'uniform'; readonly size: number };

/** A named input. Its variables are those of its domain; integers have no gradient. */
export interface TensorNode extends NodeBase {
  readonly op: 'tensor';
  readonly name: string;
  readonly role: TensorRole;
  readonly dtype: 'float' | 'int';
  readonly initial?: Initial;
  /** What it may hold, where its declaration says so. */
  readonly contents?: Contents;
}

/** Σ_d x[b, h, i, d] · y[b, ⌊h / (H / Hy)⌋, j, d]: x over queries, y over keys, Hy divides H. Domain [b, h, i, j]. */
export interface DotNode extends NodeBase {
  readonly op: 'dot';
  readonly x: Node;
  readonly y: Node;
}

/** A scalar expression at each element of the domain; its variables are `domainVariables(domain)`. */
export interface MapNode extends NodeBase {
  readonly op: 'map';
  readonly value: Expression;
}

/** As map, over a domain with features: [b, h, i, d] or [b, h, j, d]; reads features of its own row only. */
export interface RowMapNode extends NodeBase {
  readonly op: 'rowmap';
  readonly value: Expression;
}

/** value where the mask holds, `otherwise` elsewhere. The mask is a predicate of b, h, i and j. Transposes to fill(·, mask, 0). */
export interface FillNode extends NodeBase {
  readonly op: 'fill';
  readonly value: Node;
  readonly mask: Expression;
  readonly otherwise: number;
}

/** sum, max, and log Σ exp (−Infinity where there is nothing but −Infinity). */
export type Monoid = 'sum' | 'max' | 'logSumExp';

/** An axis that a node runs over without keeping it, with the variable its expressions know it by. */
export interface IterationAxis {
  readonly variable: string;
  readonly axis: Axis;
}

/** Combines `value` over the axes `over`, for each element of the domain that is kept. */
export interface ReduceNode extends NodeBase {
  readonly op: 'reduce';
  readonly monoid: Monoid;
  readonly over: readonly IterationAxis[];
  readonly value: Expression;
}

/**
 * over key: out[b, h, i, d] = Σ_j weights[b, h, i, j] · operand[b, ⌊h / (H / Hv)⌋, j, d].
 * over query: out[b, g, j, d] = Σ_i Σ_{h in group g} weights[b, h, i, j] · operand[b, h, i, d], G = heads of the domain.
 */
export interface ContractNode extends NodeBase {
  readonly op: 'contract';
  readonly over: 'key' | 'query';
  readonly weights: Node;
  readonly operand: Node;
}

/**
 * Scatter-reduce: adds `value` at `index` of the domain for each element of the iteration, in the order of the
 * iteration (last axis fastest). An index outside the domain adds nothing. Deterministic.
 */
export interface BinNode extends NodeBase {
  readonly op: 'bin';
  readonly iterate: readonly IterationAxis[];
  readonly index: readonly Expression[];
  readonly value: Expression;
}

export type Node = TensorNode | DotNode | MapNode | RowMapNode | FillNode | ReduceNode | ContractNode | BinNode;
export type NodeOf<Op extends Node['op']> = Extract<Node, { op: Op }>;

/** The expressions that a node evaluates, in the order in which it evaluates them. */
export function expressionsOf(node: Node): readonly Expression[] {
  switch (node.op) {
    case 'tensor':
    case 'dot':
    case 'contract':
      return [];
    case 'map':
    case 'rowmap':
    case 'reduce':
      return [node.value];
    case 'fill':
      return [node.mask];
    case 'bin':
      return [...node.index, node.value];
  }
}

/** The nodes that a node takes whole (reads inside expressions not included). */
export function operandNodes(node: Node): readonly Node[] {
  switch (node.op) {
    case 'dot':
      return [node.x, node.y];
    case 'fill':
      return [node.value];
    case 'contract':
      return [node.weights, node.operand];
    case 'tensor':
    case 'map':
    case 'rowmap':
    case 'reduce':
    case 'bin':
      return [];
  }
}
