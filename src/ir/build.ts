// Constructors of nodes: each infers its domain and gives counters their canonical names.
// They check what they need to infer; the whole of the rules is in verify.ts.
import type { SourceSpan } from '../diagnostics/index.js';
import { type Axis, type Domain, domainVariables, feature, head } from './axis.js';
import { canonicalCounters } from './canonical.js';
import type { Contents } from './contents.js';
import { apply, asFloat, type Expression, float, integer, type Read, read, variable } from './expression.js';
import type {
  BinNode,
  ContractNode,
  DotNode,
  FillNode,
  Initial,
  IterationAxis,
  MapNode,
  Monoid,
  Node,
  ReduceNode,
  RowMapNode,
  TensorNode,
  TensorRole,
} from './node.js';

/** What a person sees of a node: a name and a place. */
export interface Description {
  readonly label?: string | undefined;
  readonly origin?: SourceSpan | undefined;
}

const described = ({ label, origin }: Description) => ({
  ...(label === undefined ? {} : { label }),
  ...(origin === undefined ? {} : { origin }),
});

export function tensorNode(
  name: string,
  role: TensorRole,
  domain: Domain,
  options: { initial?: Initial | undefined; contents?: Contents | undefined } & Description = {},
): TensorNode {
  return {
    op: 'tensor',
    name,
    role,
    dtype: role === 'integers' ? 'int' : 'float',
    domain,
    ...(options.initial === undefined ? {} : { initial: options.initial }),
    ...(options.contents === undefined ? {} : { contents: options.contents }),
    ...described(options),
  };
}

/** The axis of `kind` in a domain; throws when there is none. */
export function axisOf(domain: Domain, kind: Axis['kind']): Axis {
  const found = domain.find((axis) => axis.kind === kind);
  if (!found) throw new Error(`the domain has no ${kind} axis`);
  return found;
}

/** The number of heads of a domain. */
export function headsOf(domain: Domain): number {
  return (axisOf(domain, 'head') as { size: number }).size;
}

/** The number of features of a domain. */
export function featuresOf(domain: Domain): number {
  return (axisOf(domain, 'feature') as { size: number }).size;
}

const batchAxis: Axis = { kind: 'batch' };
const queryAxis: Axis = { kind: 'query' };
const keyAxis: Axis = { kind: 'key' };

/** [batch, head, query, key]: the domain of scores and weights. */
export const scoreDomain = (heads: number): Domain => [batchAxis, head(heads), queryAxis, keyAxis];
/** [batch, head, query]: the domain of row values. */
export const rowDomain = (heads: number): Domain => [batchAxis, head(heads), queryAxis];
/** [batch, head, query, feature]: the domain of outputs and queries. */
export const outputDomain = (heads: number, features: number): Domain => [...rowDomain(heads), feature(features)];
/** [batch, head, key, feature]: the domain of keys and values. */
export const columnDomain = (heads: number, features: number): Domain => [
  batchAxis,
  head(heads),
  keyAxis,
  feature(features),
];

export function dotNode(x: Node, y: Node, description: Description = {}): DotNode {
  return { op: 'dot', x, y, domain: scoreDomain(headsOf(x.domain)), ...described(description) };
}

const hasFeatures = (domain: Domain): boolean =>
  domain.some(({ kind }) => kind === 'feature') && domain.some(({ kind }) => kind === 'query' || kind === 'key');

/** A map over any domain; a rowmap where the domain has rows (or columns) of features. */
export function mapNodeOver(domain: Domain, value: Expression, description: Description = {}): MapNode | RowMapNode {
  const canonical = canonicalCounters(asFloat(value));
  return { op: hasFeatures(domain) ? 'rowmap' : 'map', value: canonical, domain, ...described(description) };
}

export function fillNode(value: Node, mask: Expression, otherwise: number, description: Description = {}): FillNode {
  return {
    op: 'fill',
    value,
    mask: canonicalCounters(mask),
    otherwise,
    domain: value.domain,
    ...described(description),
  };
}

export function reduceNode(
  monoid: Monoid,
  domain: Domain,
  over: readonly IterationAxis[],
  value: Expression,
  description: Description = {},
): ReduceNode {
  return { op: 'reduce', monoid, over, value: canonicalCounters(asFloat(value)), domain, ...described(description) };
}

export function contractOverKeys(weights: Node, operand: Node, description: Description = {}): ContractNode {
  const domain = outputDomain(headsOf(weights.domain), featuresOf(operand.domain));
  return { op: 'contract', over: 'key', weights, operand, domain, ...described(description) };
}

/** Σ over queries and over the query heads of each of `heads` groups: the shape of gradients of keys and values. */
export function contractOverQueries(
  weights: Node,
  operand: Node,
  heads: number,
  description: Description = {},
): ContractNode {
  const domain = columnDomain(heads, featuresOf(operand.domain));
  return { op: 'contract', over: 'query', weights, operand, domain, ...described(description) };
}

export function binNode(
  domain: Domain,
  iterate: readonly IterationAxis[],
  index: readonly Expression[],
  value: Expression,
  description: Description = {},
): BinNode {
  return {
    op: 'bin',
    iterate,
    index: index.map(canonicalCounters),
    value: canonicalCounters(asFloat(value)),
    domain,
    ...described(description),
  };
}

// ── Common shapes ───────────────────────────────────────────────────────────────────────────────────

/** A read of `node` at the index variables of its own domain, or at other variables for some of them. */
export function readHere(node: Node, changed: Readonly<Record<string, Expression>> = {}): Read {
  return read(
    node,
    domainVariables(node.domain).map((name) => changed[name] ?? variable(name)),
  );
}

/** Two numbers of each row that its softmax is made of. Shapes: [b,h,i]. */
export interface StatisticsNodes {
  /** m: the largest logit, that of the sink among them. A constant of differentiation, as no result depends on it. */
  readonly maximum: Node;
  /** l = Σ_j exp(scores − m), with the sink's term. */
  readonly sum: Node;
}

/** The statistics of each row of scores, joined with a sink logit if there is one. Shapes: [b,h,i,j] → [b,h,i]. */
export function statisticsNodes(
  scores: Node,
  sink: Expression | undefined,
  description: Description = {},
): StatisticsNodes {
  const rows = rowDomain(headsOf(scores.domain));
  const keys: readonly IterationAxis[] = [{ variable: 'j', axis: keyAxis }];
  // What weighs nothing needs no term.
  const joined = sink?.kind === 'constant' && sink.value === Number.NEGATIVE_INFINITY ? undefined : sink;
  const largest = readHere(reduceNode('max', rows, keys, readHere(scores), description));
  const reference = joined === undefined ? largest : apply('maximum', largest, joined);
  const maximum = mapNodeOver(rows, apply('stopGradient', reference), description);
  const exponential = (x: Expression): Expression => apply('exponentialDifference', x, readHere(maximum));
  const total = reduceNode('sum', rows, keys, exponential(readHere(scores)), description);
  if (joined === undefined) return { maximum, sum: total };
  const sum = apply('add', readHere(total), exponential(asFloat(joined)));
  return { maximum, sum: mapNodeOver(rows, sum, description) };
}

/** log Σ_j exp(scores) = m + log l for each row: −Infinity in a row without visible keys. Shape: [b,h,i]. */
export function logSumExpNode({ maximum, sum }: StatisticsNodes, description: Description = {}): Node {
  // The log of 1 for a row without visible keys: it takes no part in gradients.
  const l = readHere(sum);
  const visible = apply('select', apply('equal', l, float(0)), float(1), l);
  return mapNodeOver(sum.domain, apply('add', readHere(maximum), apply('logarithm', visible)), description);
}

/**
 * exp(scores − m) / l, 0 for hidden keys: weights that sum to 1 with the sink, and to 0 in a row without visible keys.
 * They never go through m + log l, in which a large m leaves no place for log l.
 */
export function normalisedNode(scores: Node, { maximum, sum }: StatisticsNodes, description: Description = {}): Node {
  const scale = mapNodeOver(sum.domain, inverseOfSum(readHere(sum)), { origin: description.origin });
  const exponential = apply('exponentialDifference', readHere(scores), readHere(maximum));
  return mapNodeOver(scores.domain, apply('multiply', exponential, readHere(scale)), description);
}

/** 1 / l for a sum l of exponentials, and 0 where there are none. */
export const inverseOfSum = (l: Expression): Expression =>
  apply('select', apply('equal', l, float(0)), float(0), apply('divide', float(1), l));

/** An index expression plus an integer, without adding 0. */
export function offsetBy(index: Expression, offset: number): Expression {
  return offset === 0 ? index : apply('add', index, integer(offset));
}
