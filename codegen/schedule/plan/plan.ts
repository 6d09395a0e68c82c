// The plan of a one-pass schedule: how far each value trails the newest keys, how many rows are grown, which values live in
// rings, and which normalised heads each output head sums. Everything here is arithmetic on footprints.

import { dependencies, type Graph, type Node, type NodeOf } from '../../../src/ir/index.js';
import { linearityIn } from '../../../src/ir/recognise/linearity.js';
import { demand, Unschedulable } from '../reads/reason.js';
import { isFreeRead, isInPlace, isScoreLike, scoreReads } from '../reads/score-reads.js';
import { type HeadGroupsOfBlocks, headGroupsOf } from './heads.js';
import { assignRoles, type Role, type Roles } from './roles.js';

/** Keys of a score that a ring keeps behind its newest tile. */
export interface RingPlan {
  readonly keep: number;
}

export interface Plan {
  readonly graph: Graph;
  readonly roles: Roles;
  readonly heads: HeadGroupsOfBlocks;
  /** Rows above and below a block's own that are computed with it. */
  readonly up: number;
  readonly down: number;
  /** How many keys a score trails the newest tile. */
  readonly lag: ReadonlyMap<Node, number>;
  /** Scores that are read beside their reader's place, or later than they are made. */
  readonly rings: ReadonlyMap<Node, RingPlan>;
  readonly longestLag: number;
  readonly contractions: readonly NodeOf<'contract'>[];
  /** The scores whose statistics are kept, each once. */
  readonly normalisedScores: readonly Node[];
}

/** @throws Unschedulable with the reason why one pass over the keys is not enough. */
export function planOnline(graph: Graph): Plan {
  const roles = assignRoles(graph);
  const { order, roleOf } = roles;
  const heads = headGroupsOf(graph);
  const contractions = order.filter((node): node is NodeOf<'contract'> => node.op === 'contract');
  for (const contraction of contractions) requireOnePass(contraction, roles);

  const lag = new Map<Node, number>();
  for (const node of order) if (isOf(roleOf(node), 'score', 'normalised', 'weighted')) lag.set(node, lagOf(node, lag));
  const rings = new Map<Node, RingPlan>();
  for (const node of order) {
    if (roleOf(node) !== 'score') continue;
    for (const read of scoreReads(node)) {
      const behind = lag.get(node)! - lag.get(read.source)!;
      if ((isInPlace(read) && behind === 0) || isFreeRead(read)) continue;
      const keep = Math.max(0, behind - read.keys.low, rings.get(read.source)?.keep ?? 0);
      rings.set(read.source, { keep });
    }
  }
  // What stands behind a normaliser is taken when the weights are: nothing older and nothing newer.
  for (const node of order) {
    if (!isOf(roleOf(node), 'weighted')) continue;
    for (const read of scoreReads(node)) {
      const { source } = read;
      if (isFreeRead(read)) continue;
      demand(lag.get(source) === lag.get(node), 'weights are combined with scores that are known at another time');
    }
  }
  const { up, down } = growth(order, roleOf);
  const normalisedScores = [...new Set(roles.statistics.map(({ scores }) => scores))];
  return {
    graph,
    roles,
    heads,
    up,
    down,
    lag,
    rings,
    longestLag: Math.max(0, ...lag.values()),
    contractions,
    normalisedScores,
  };
}

/** Whether one pass over the keys is enough. */
export function isOnePass(graph: Graph): boolean {
  try {
    planOnline(graph);
    return true;
  } catch (error) {
    if (error instanceof Unschedulable) return false;
    throw error;
  }
}

const isOf = (role: Role, ...roles: readonly Role[]): boolean => roles.includes(role);

function lagOf(node: Node, lag: ReadonlyMap<Node, number>): number {
  let longest = 0;
  for (const source of dependencies(node)) if (isScoreLike(source)) longest = Math.max(longest, lag.get(source) ?? 0);
  for (const { source, keys } of scoreReads(node)) longest = Math.max(longest, (lag.get(source) ?? 0) + keys.high);
  return longest;
}

/** Rows beyond a block's own that scores are needed at, from the last reader back to the first. */
function growth(order: readonly Node[], roleOf: (node: Node) => Role): { readonly up: number; readonly down: number } {
  const need = new Map<Node, { up: number; down: number }>();
  const grow = (source: Node, up: number, down: number): void => {
    const before = need.get(source) ?? { up: 0, down: 0 };
    need.set(source, { up: Math.max(before.up, up), down: Math.max(before.down, down) });
  };
  for (const node of [...order].reverse()) {
    if (!isOf(roleOf(node), 'score', 'normalised', 'weighted')) continue;
    const own = need.get(node) ?? { up: 0, down: 0 };
    for (const source of dependencies(node)) if (isScoreLike(source)) grow(source, own.up, own.down);
    for (const { source, rows } of scoreReads(node))
      grow(source, own.up - Math.min(0, rows.low), own.down + Math.max(0, rows.high));
  }
  const all = [...need.values()];
  return { up: Math.max(0, ...all.map(({ up }) => up)), down: Math.max(0, ...all.map(({ down }) => down)) };
}

/** From normaliser to contraction everything must be linear in the weights, at the own row and key. */
function requireOnePass({ weights }: NodeOf<'contract'>, { roleOf }: Roles): void {
  const visit = (node: Node): void => {
    const role = roleOf(node);
    if (role !== 'weighted') return;
    for (const read of scoreReads(node)) {
      if (!isOf(roleOf(read.source), 'normalised', 'weighted')) continue;
      demand(
        isInPlace(read),
        'weights of neighbouring rows or keys are read behind the softmax, so their row sums must be known first',
      );
      visit(read.source);
    }
    if (node.op === 'fill') {
      demand(node.otherwise === 0, 'hidden weights become something other than 0, which the row sum does not scale');
      visit(node.value);
      return;
    }
    demand(node.op === 'map', 'weights are transformed by something other than a map');
    const linearity = linearityIn(node.value, (source) => isOf(roleOf(source), 'normalised', 'weighted'));
    demand(
      linearity === 'linear',
      'weights are changed in a way that is not linear in them, so their row sums must be known first',
    );
  };
  visit(weights);
}
