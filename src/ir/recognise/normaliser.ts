// Recognises a normaliser and its parts: the maximum and the sum of a row's exponentials, with or without a sink, and the
// weights that they make. The passes leave the parts as build.ts makes them; schedules run them as one online softmax.
import { sameAxis } from '../axis.js';
import type { Expression, Read } from '../expression.js';
import { type Graph, topological } from '../graph.js';
import type { MapNode, Node, ReduceNode } from '../node.js';
import type { OperationName } from '../operations.js';
import { areVariables, isReadHere } from '../own-reads.js';
import { sameExpression } from '../same-expression.js';

/** What exponentials of a row are taken relative to: its largest logit, or that of its sink. */
export interface Reference {
  /** The logits of the row. */
  readonly scores: Node;
  /** max_j scores, without the sink. */
  readonly largest: ReduceNode;
  /** The logit of the sink, an expression of the variables of a row. */
  readonly sink: Expression | undefined;
  /** m: `largest`, or the map that joins it with the sink; a constant of differentiation. */
  readonly maximum: ReduceNode | MapNode;
}

/** The two statistics of a row. */
export interface RowStatistics extends Reference {
  /** Σ_j exp(scores − m), without the sink. */
  readonly total: ReduceNode;
  /** l: `total`, or the map that adds the exponential of the sink. */
  readonly sum: ReduceNode | MapNode;
}

export interface Normaliser extends RowStatistics {
  /** exp(scores − m) / l. */
  readonly weights: MapNode;
  /** 1 / l, and 0 in a row without visible keys. */
  readonly scale: MapNode;
}

/** A recogniser that looks at each node once. */
function remembered<Found>(recognise: (node: Node) => Found | undefined): (node: Node) => Found | undefined {
  const cache = new WeakMap<Node, { readonly found: Found | undefined }>();
  return (node) => {
    let known = cache.get(node);
    if (known === undefined) {
      known = { found: recognise(node) };
      cache.set(node, known);
    }
    return known.found;
  };
}

/** The normaliser whose weights `node` is, if it is one. */
export const normaliserOf = remembered((weights): Normaliser | undefined => {
  if (weights.op !== 'map') return undefined;
  const [exponential, factor] = operandsIf(weights.value, 'multiply') ?? [];
  const [score, reference] = operandsIf(exponential, 'exponentialDifference') ?? [];
  if (!score || !isReadHere(score, weights) || !isReadOfRow(reference) || !isReadOfRow(factor)) return undefined;
  const scale = factor.source;
  const statistics = statisticsOfScale(scale);
  if (!statistics || statistics.scores !== score.source || statistics.maximum !== reference.source) return undefined;
  return { ...statistics, weights, scale: scale as MapNode };
});

/** The statistics whose sum l, with its sink if there is one, `node` is. */
export const rowStatisticsOf = remembered((sum): RowStatistics | undefined => {
  if (sum.op === 'reduce') {
    const total = totalOf(sum);
    return total && total.reference.sink === undefined ? { ...total.reference, total: sum, sum } : undefined;
  }
  if (sum.op !== 'map') return undefined;
  const [read, ofSink] = operandsIf(sum.value, 'add') ?? [];
  const [sink, maximum] = operandsIf(ofSink, 'exponentialDifference') ?? [];
  if (!read || !isReadHere(read, sum) || !sink || !maximum || !isReadHere(maximum, sum)) return undefined;
  const total = read.source.op === 'reduce' ? totalOf(read.source) : undefined;
  if (!total || total.reference.maximum !== maximum.source) return undefined;
  if (!total.reference.sink || !sameExpression(total.reference.sink, sink)) return undefined;
  return { ...total.reference, total: read.source as ReduceNode, sum };
});

/** The statistics whose log-sum-exp `node` is: m + log l, with 1 in place of an l of 0. */
export const logSumExpOf = remembered((node): RowStatistics | undefined => {
  if (node.op !== 'map') return undefined;
  const [maximum, logarithm] = operandsIf(node.value, 'add') ?? [];
  const [isEmpty, one, sum] = operandsIf(operandsIf(logarithm, 'logarithm')?.[0], 'select') ?? [];
  const [compared, zero] = operandsIf(isEmpty, 'equal') ?? [];
  if (!maximum || !sum || !isReadHere(maximum, node) || !isReadHere(sum, node)) return undefined;
  if (!compared || !sameExpression(compared, sum) || !isNumber(zero, 0) || !isNumber(one, 1)) return undefined;
  const statistics = rowStatisticsOf(sum.source);
  return statistics?.maximum === maximum.source ? statistics : undefined;
});

/** The reference m that `node` is. */
export const referenceOf = remembered((maximum): Reference | undefined => {
  if (maximum.op === 'reduce') {
    const scores = scoresOfLargest(maximum);
    return scores && { scores, largest: maximum, sink: undefined, maximum };
  }
  if (maximum.op !== 'map') return undefined;
  const value = operandsIf(maximum.value, 'stopGradient')?.[0] ?? maximum.value;
  const [read, sink] = operandsIf(value, 'maximum') ?? [value];
  if (!read || !isReadHere(read, maximum) || read.source.op !== 'reduce') return undefined;
  const scores = scoresOfLargest(read.source);
  return scores && { scores, largest: read.source, sink, maximum };
});

export type SoftmaxPart = 'weights' | 'maximum' | 'sum' | 'scale' | 'logSumExp';

/** What a node is to a softmax; undefined where it is no part of one. */
export function softmaxPart(node: Node): SoftmaxPart | undefined {
  if (normaliserOf(node)) return 'weights';
  if (referenceOf(node)) return 'maximum';
  if (rowStatisticsOf(node)) return 'sum';
  if (statisticsOfScale(node)) return 'scale';
  return logSumExpOf(node) && 'logSumExp';
}

/** The nodes of a graph that schedules look for as parts of normalisers, so that the passes leave them as they are. */
export function normaliserParts(graph: Pick<Graph, 'inputs' | 'outputs'>): ReadonlySet<Node> {
  const parts = new Set<Node>();
  for (const node of topological(graph)) {
    const found = rowStatisticsOf(node);
    if (found) for (const part of [found.largest, found.maximum, found.total, found.sum]) parts.add(part);
    if (statisticsOfScale(node) || normaliserOf(node)) parts.add(node);
  }
  return parts;
}

/** The reference of Σ_j exp(scores − m) over the keys of a row. */
const totalOf = remembered((total): { readonly reference: Reference } | undefined => {
  const terms = overKeys(total, 'sum');
  const [score, maximum] = operandsIf(terms, 'exponentialDifference') ?? [];
  if (!isScoreUnder(total, score) || !isReadOfRow(maximum)) return undefined;
  const reference = referenceOf(maximum.source);
  return reference && reference.scores === score.source ? { reference } : undefined;
});

/** The scores that `largest` is the maximum of over the keys. */
const scoresOfLargest = remembered((largest): Node | undefined => {
  const score = overKeys(largest, 'max');
  return isScoreUnder(largest, score) ? score.source : undefined;
});

/** The statistics whose weights are scaled by `node`: 1 / l, and 0 where l is 0. */
const statisticsOfScale = remembered((scale): RowStatistics | undefined => {
  if (scale.op !== 'map') return undefined;
  const [isEmpty, none, quotient] = operandsIf(scale.value, 'select') ?? [];
  const [sum, zero] = operandsIf(isEmpty, 'equal') ?? [];
  const [one, divisor] = operandsIf(quotient, 'divide') ?? [];
  if (!isNumber(none, 0) || !isNumber(zero, 0) || !isNumber(one, 1) || !sum || !isReadHere(sum, scale))
    return undefined;
  return divisor && sameExpression(divisor, sum) ? rowStatisticsOf(sum.source) : undefined;
});

/** The terms of a reduction over the keys alone. */
function overKeys(node: Node, monoid: ReduceNode['monoid']): Expression | undefined {
  if (node.op !== 'reduce' || node.monoid !== monoid || node.over.length !== 1) return undefined;
  return node.over[0]!.axis.kind === 'key' ? node.value : undefined;
}

/** Whether a term of a reduction is a score of its row at the key that it runs over. */
function isScoreUnder(reduce: Node, score: Expression | undefined): score is Read {
  if (reduce.op !== 'reduce' || score?.kind !== 'read') return false;
  const [keys] = reduce.over;
  const lastAxis = score.source.domain.at(-1);
  if (!lastAxis || !sameAxis(keys!.axis, lastAxis)) return false;
  return areVariables(score.index, ['b', 'h', 'i', keys!.variable]);
}

const isReadOfRow = (expression: Expression | undefined): expression is Read =>
  expression?.kind === 'read' && areVariables(expression.index, ['b', 'h', 'i']);

const isNumber = (expression: Expression | undefined, value: number): boolean =>
  expression?.kind === 'constant' && expression.value === value;

/** The operands of an expression that applies an operation. */
export function operandsIf(
  expression: Expression | undefined,
  operation: OperationName,
): readonly Expression[] | undefined {
  return expression?.kind === 'apply' && expression.operation === operation ? expression.operands : undefined;
}
