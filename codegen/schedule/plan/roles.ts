// What each node of a graph is to a kernel: before the normaliser, the normaliser, behind it, or the epilogue.
// The split follows from what a node depends on; no node is told apart by a name.
import {
  dependencies,
  type Graph,
  type Node,
  type Normaliser,
  normaliserOf,
  type RowStatistics,
  rowStatisticsOf,
  topological,
} from '../../../src/ir/index.js';
import { demand } from '../reads/reason.js';
import type { ScoreAxis } from '../reads/score-reads.js';
import type { Sweep } from './space.js';
import { isSum } from './sums.js';

export type Role =
  | 'input'
  /** Depends on tensors alone and lacks queries or keys: a table, a row, a column or a number. */
  | 'auxiliary'
  /** Over queries and keys, before any normaliser. */
  | 'score'
  /** The maximum of the scores of a row, or the sum of their exponentials relative to it. */
  | 'statistic'
  /** Scores normalised by their statistics. */
  | 'normalised'
  /** Over queries and keys, behind a normaliser. */
  | 'weighted'
  /** Weights summed with values over the swept axis. */
  | 'contraction'
  /** Scores summed over the swept axis, or the largest of them, other than for a softmax. */
  | 'sum'
  /** Over what a block owns, from statistics, contractions and sums. */
  | 'epilogue';

export interface Roles {
  readonly roleOf: (node: Node) => Role;
  readonly normalisers: ReadonlyMap<Node, Normaliser>;
  /** The statistics of all rows of scores, with their sinks. */
  readonly statistics: readonly RowStatistics[];
  /** All nodes, each after what it reads. */
  readonly order: readonly Node[];
}

/** @throws Unschedulable where a node is none of these: sums over what is not swept, weights that feed scores. */
export function assignRoles(graph: Graph, sweep: Sweep): Roles {
  const order = topological(graph);
  const normalisers = new Map<Node, Normaliser>();
  const statistics: RowStatistics[] = [];
  for (const node of order) {
    const normaliser = normaliserOf(node);
    if (normaliser) normalisers.set(node, normaliser);
    const found = rowStatisticsOf(node);
    if (found) statistics.push(found);
  }
  const reductions = new Set<Node>(statistics.flatMap(({ largest, total }) => [largest, total]));

  const roles = new Map<Node, Role>();
  const roleOf = (node: Node): Role => roles.get(node)!;
  for (const node of order) roles.set(node, roleFor(node, roleOf, { normalisers, reductions, sweep }));
  return { roleOf, normalisers, statistics, order };
}

const has = ({ domain }: Node, axis: ScoreAxis): boolean => domain.some(({ kind }) => kind === axis);

/** Whether a value is over rows and keys. */
export const isOverBoth = (node: Node): boolean => has(node, 'query') && has(node, 'key');

const notSwept: Readonly<Record<ScoreAxis, string>> = {
  query: 'sums over queries belong to gradients',
  key: 'sums over keys need blocks that own rows',
};

interface KnownParts {
  readonly normalisers: ReadonlyMap<Node, Normaliser>;
  readonly reductions: ReadonlySet<Node>;
  readonly sweep: Sweep;
}

function roleFor(node: Node, roleOf: (node: Node) => Role, { normalisers, reductions, sweep }: KnownParts): Role {
  if (node.op === 'tensor') return 'input';
  if (normalisers.has(node)) return 'normalised';
  const below = new Set(dependencies(node).map(roleOf));
  const reads = (...roles: Role[]): boolean => roles.some((role) => below.has(role));
  if (reductions.has(node)) {
    demand(!reads('normalised', 'weighted', 'contraction'), 'a normaliser reads what lies behind another one');
    return 'statistic';
  }
  if (node.op === 'contract') {
    demand(node.over === sweep.swept, notSwept[node.over]);
    return 'contraction';
  }
  if (node.op === 'reduce' || node.op === 'bin') {
    demand(isSum(node, sweep), 'sums over rows and keys together, or along what is not swept, belong to gradients');
    return 'sum';
  }
  if (isOverBoth(node)) {
    demand(!reads('contraction'), 'scores or weights read an output');
    if (reads('normalised', 'weighted')) return 'weighted';
    demand(
      !reads('statistic', 'epilogue', 'sum'),
      'scores or weights read a value of rows, such as a log-sum-exp: it is known after a first pass',
    );
    return 'score';
  }
  if (reads('score', 'normalised', 'weighted')) demand(false, 'a row or column value reads single scores or weights');
  return reads('statistic', 'contraction', 'epilogue', 'sum') ? 'epilogue' : 'auxiliary';
}
