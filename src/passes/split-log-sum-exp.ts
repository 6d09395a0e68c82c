// Pass: the log-sum-exp of scores becomes m + log l, and exp(scores − log-sum-exp) becomes exp(scores − m) / l.
// Graphs that other programs write may hold softmax as this one did: the same in exact arithmetic, and right also where m is
// so large that m + log l is m. Schedules know the two statistics alone.
import {
  areVariables,
  asFloat,
  type Expression,
  type Graph,
  isReadHere,
  logSumExpNode,
  logSumExpOf,
  type MapNode,
  type Node,
  normalisedNode,
  operandsIf,
  type Read,
  type ReduceNode,
  rewrite,
  sameAxis,
  sameExpression,
  statisticsNodes,
} from '../ir/index.js';
import type { Pass } from './pass.js';

export const splitLogSumExp: Pass = {
  name: 'split log sum exps',
  run: (graph: Graph): Graph =>
    rewrite(graph, (node) => {
      if (node.op === 'reduce') return ofReduce(node);
      return node.op === 'map' ? (ofWeights(node) ?? ofJoin(node) ?? node) : node;
    }),
};

const described = ({ label, origin }: Node) => ({ label, origin });

/** log Σ_j exp over the keys of a row of scores. */
function ofReduce(node: ReduceNode): Node {
  const { monoid, over, value } = node;
  const [keys] = over;
  if (monoid !== 'logSumExp' || over.length !== 1 || keys!.axis.kind !== 'key' || value.kind !== 'read') return node;
  const scores = value.source;
  const lastAxis = scores.domain.at(-1);
  const isOfRow = areVariables(value.index, ['b', 'h', 'i', keys!.variable]);
  if (!isOfRow || !lastAxis || !sameAxis(keys!.axis, lastAxis)) return node;
  return logSumExpNode(statisticsNodes(scores, undefined, { origin: node.origin }), described(node));
}

/** exp(scores − log-sum-exp), with the log-sum-exp of the same scores. */
function ofWeights(node: MapNode): Node | undefined {
  const [score, statistic] = operandsIf(node.value, 'exponentialDifference') ?? [];
  if (!score || !isReadHere(score, node) || statistic?.kind !== 'read') return undefined;
  const statistics = areVariables(statistic.index, ['b', 'h', 'i']) ? logSumExpOf(statistic.source) : undefined;
  return statistics?.scores === score.source ? normalisedNode(score.source, statistics, described(node)) : undefined;
}

/** larger + log(exp(total − larger) + exp(sink − larger)) with larger = max(total, sink). */
function ofJoin(map: MapNode): Node | undefined {
  const [larger, logarithm] = operandsIf(map.value, 'add') ?? [];
  const [sum] = operandsIf(logarithm, 'logarithm') ?? [];
  const [ofTotal, ofSink] = operandsIf(sum, 'add') ?? [];
  const [total, sink] = operandsIf(larger, 'maximum') ?? [];
  if (!larger || !total || !sink || !isReadHere(total, map)) return undefined;
  const isTerm = (term: Expression | undefined, exponent: Expression): boolean => {
    const [x, m] = operandsIf(term, 'exponentialDifference') ?? [];
    return x !== undefined && m !== undefined && sameExpression(x, exponent) && sameExpression(m, larger);
  };
  const statistics = logSumExpOf((total as Read).source);
  if (!statistics || statistics.sink || !isTerm(ofTotal, total) || !isTerm(ofSink, sink)) return undefined;
  return logSumExpNode(statisticsNodes(statistics.scores, asFloat(sink), { origin: map.origin }), described(map));
}
