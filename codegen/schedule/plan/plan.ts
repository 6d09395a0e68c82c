// The plan of a kernel that sweeps an axis once: what its values are to it, where it computes them, and which heads a block
// takes. Where one sweep is not enough, it is the reason why.

import { dependencies, type Graph, type Node, type NodeOf } from '../../../src/ir/index.js';
import { linearityIn } from '../../../src/ir/recognise/linearity.js';
import { demand, Unschedulable } from '../reads/reason.js';
import { isFreeRead, isInPlace, scoreReads } from '../reads/score-reads.js';
import { type Extents, extentsOf } from './extents.js';
import { type HeadGroupsOfBlocks, headGroupsOf } from './heads.js';
import { assignRoles, type Role, type Roles } from './roles.js';
import { rowsOverKeys, type Sweep } from './space.js';
import { type SumNode, withSummands } from './sums.js';

export interface Plan {
  /** The graph, with what is summed along the sweep as values of their own. */
  readonly graph: Graph;
  readonly sweep: Sweep;
  readonly roles: Roles;
  readonly heads: HeadGroupsOfBlocks;
  readonly extents: Extents;
  readonly contractions: readonly NodeOf<'contract'>[];
  /** Sums and maxima that are none of a softmax. */
  readonly sums: readonly SumNode[];
  /** The scores whose statistics are kept, each once. */
  readonly normalisedScores: readonly Node[];
}

/** @throws Unschedulable with the reason why one sweep is not enough. */
export function planOf(asGiven: Graph, sweep: Sweep = rowsOverKeys): Plan {
  const graph = withSummands(asGiven, sweep);
  const roles = assignRoles(graph, sweep);
  const { order, roleOf } = roles;
  const heads = headGroupsOf(graph, sweep.sharingLoads);
  const contractions = order.filter((node): node is NodeOf<'contract'> => node.op === 'contract');
  for (const contraction of contractions) requireOnePass(contraction, roles);
  const sums = order.filter((node): node is SumNode => roleOf(node) === 'sum');
  for (const node of sums) {
    const isOfScores = dependencies(node).every((each) => isOf(roleOf(each), 'input', 'auxiliary', 'score'));
    demand(isOfScores, 'a sum along a row reads what lies behind a normaliser, whose own sum must be known first');
  }
  const readsRings = (node: Node): boolean => roleOf(node) === 'score' || roleOf(node) === 'sum';
  const extents = extentsOf(order, sweep, { readsRings, sums });
  // What stands behind a normaliser is taken when the weights are: nothing older and nothing newer.
  for (const node of order) {
    if (roleOf(node) !== 'weighted') continue;
    for (const read of scoreReads(node)) {
      if (isFreeRead(read)) continue;
      const isTogether = extents.lag.get(read.source) === extents.lag.get(node);
      demand(isTogether, 'weights are combined with scores that are known at another time');
    }
  }
  const normalisedScores = [...new Set(roles.statistics.map(({ scores }) => scores))];
  return { graph, sweep, roles, heads, extents, contractions, sums, normalisedScores };
}

/** Whether one sweep over the keys is enough. */
export function isOnePass(graph: Graph): boolean {
  try {
    planOf(graph);
    return true;
  } catch (error) {
    if (error instanceof Unschedulable) return false;
    throw error;
  }
}

const isOf = (role: Role, ...roles: readonly Role[]): boolean => roles.includes(role);

/** From normaliser to contraction everything must be linear in the weights, at the own row and key. */
function requireOnePass({ weights }: NodeOf<'contract'>, { roleOf }: Roles): void {
  const visit = (node: Node): void => {
    if (roleOf(node) !== 'weighted') return;
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
