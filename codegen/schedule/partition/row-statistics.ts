// The statistics of rows that schedules keep between kernels: what a kernel over the keys gives without summing values, and
// others read. Of a softmax these are its maximum and the scale of its weights, and its log-sum-exp where somebody asks for it.

import { apply, dependencies, type Graph, type Node, operandsIf, type SoftmaxPart } from '../../../src/ir/index.js';
import type { Roles } from '../plan/roles.js';

/**
 * The values of rows that follow from statistics alone, which one pass over the keys gives without summing values: those that
 * something else reads, or that are asked for.
 */
export function knownRows({ outputs }: Graph, { order, roleOf }: Roles): ReadonlySet<Node> {
  const known = new Set<Node>();
  for (const node of order) {
    const isOfRows = roleOf(node) === 'statistic' || roleOf(node) === 'epilogue';
    const computed = dependencies(node).filter((each) =>
      ['statistic', 'epilogue', 'contraction', 'sum'].includes(roleOf(each)),
    );
    const follows = roleOf(node) === 'statistic' || computed.every((each) => known.has(each));
    if (isOfRows && follows && !node.domain.some(({ kind }) => kind === 'feature')) known.add(node);
  }
  const readers = order.filter((node) => !known.has(node));
  const read = [...readers.flatMap(dependencies), ...outputs.map(({ node }) => node)];
  return new Set(read.filter((node) => known.has(node)));
}

/**
 * Weights of scores that are computed again beside the maximum of those before: rounded in another order a score of 1e12 is above it
 * by thousands, and its exponential would be infinite. @param weights as `normaliserOf` knows them, whatever their sources.
 */
export function boundedByMaximum(weights: Node): Node {
  const [exponential, scale] = operandsIf(weights.op === 'map' ? weights.value : undefined, 'multiply') ?? [];
  const [score, maximum] = operandsIf(exponential, 'exponentialDifference') ?? [];
  if (weights.op !== 'map' || !score || !maximum || !scale) return weights;
  const bounded = apply('exponentialDifference', apply('minimum', score, maximum), maximum);
  return { ...weights, value: apply('multiply', bounded, scale) };
}

/** What a part of a softmax is called: in a block, and in memory. */
export const statisticNames: Readonly<Record<SoftmaxPart, { readonly tile: string; readonly buffer: string }>> = {
  maximum: { tile: 'm', buffer: 'maxima' },
  sum: { tile: 'l', buffer: 'sums' },
  scale: { tile: 'scale', buffer: 'scales' },
  logSumExp: { tile: 'lse', buffer: 'statistics' },
  weights: { tile: 'p', buffer: 'weights' },
};
