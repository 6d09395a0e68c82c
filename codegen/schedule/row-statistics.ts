// The statistics of rows that schedules keep between kernels: what a kernel over the keys gives without summing values, and
// others read. Of a softmax these are its maximum and the scale of its weights, and its log-sum-exp where somebody asks for it.

import {
  dependencies,
  type Graph,
  logSumExpOf,
  type Node,
  referenceOf,
  rowStatisticsOf,
  statisticsOfScale,
} from '../../src/ir/index.js';
import type { Roles } from './roles.js';

/** The values of rows that follow from statistics alone, and that something else reads or is asked for. */
export function statisticsOf(graph: Graph, { order, roleOf }: Roles): ReadonlySet<Node> {
  const known = new Set<Node>();
  for (const node of order) {
    const isOfRows = roleOf(node) === 'statistic' || roleOf(node) === 'epilogue';
    const computed = dependencies(node).filter((each) =>
      ['statistic', 'epilogue', 'contraction'].includes(roleOf(each)),
    );
    const follows = roleOf(node) === 'statistic' || computed.every((each) => known.has(each));
    if (isOfRows && follows && !node.domain.some(({ kind }) => kind === 'feature')) known.add(node);
  }
  const read = order.filter((node) => !known.has(node)).flatMap(dependencies);
  return new Set([...read, ...graph.outputs.map(({ node }) => node)].filter((node) => known.has(node)));
}

/** What a part of a softmax that is a value of rows is called: in a block, and in memory. */
export function statisticNames(node: Node): { readonly tile: string; readonly buffer: string } | undefined {
  if (referenceOf(node)) return { tile: 'm', buffer: 'maxima' };
  if (rowStatisticsOf(node)) return { tile: 'l', buffer: 'sums' };
  if (statisticsOfScale(node)) return { tile: 'scale', buffer: 'scales' };
  return logSumExpOf(node) && { tile: 'lse', buffer: 'statistics' };
}
