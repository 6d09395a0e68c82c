// The slab schedule: kernels over one band of query rows after the other, with the scores of a band in scratch. It is for
// heads that are mixed in groups too large for a block: a kernel loads the heads that it reads, and computes few of them.

import { headCount } from '../../../src/ir/footprint/heads.js';
import type { Graph, Node } from '../../../src/ir/index.js';
import { passKernel } from '../kernel/pass-kernel.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { type Cut, cutBehind, keptBuffers, type Stored } from '../partition/cut.js';
import { behindStatistics, neededRows, type Pass, passesOf } from '../partition/passes.js';
import { BAND, bandAxis, rowsFrom, rowsOfBand } from '../partition/rows.js';
import type { StageScheduler } from '../partition/stages.js';
import { isOnePass } from '../plan/plan.js';
import { assignRoles, type Roles } from '../plan/roles.js';
import { demand } from '../reads/reason.js';
import { isElsewhere, isOwnHead, isScoreLike, scoreReads } from '../reads/score-reads.js';
import { bandRows } from './band.js';

/** The kernels over bands. @throws Unschedulable where scores in memory are of no use, or a kernel cannot be made. */
export const slabLaunches: StageScheduler = (graph, sizes, { buffers, above }) => {
  const roles = assignRoles(graph);
  const cut = cutOf(graph, roles, buffers);
  const passes = passesOf(graph, cut, roles);
  const needed = neededRows(passes);
  const matrices = cut.stored.filter(({ node }) => isScoreLike(node)).map(({ node }) => headCount(node.domain));
  const halo = Math.max(0, ...[...needed.values()].map((each) => each.above + each.below));
  const rows = bandRows({ sizes, heads: headCount(graph.outputs[0]!.node.domain), halo, matrices });
  const ofBand = inBands(passes, (pass) => bandAxis(rows, needed.get(pass)!));
  buffers.add(ofBand.flatMap(({ stores }) => keptBuffers(stores)));
  const kernels = ofBand.map((pass, n) => passKernel(pass, sizes, buffers, rowsOfBand(rows, needed.get(passes[n]!)!)));
  return [{ launch: 'repeat', axis: { variable: BAND, ...rowsFrom(above), step: rows }, kernels }];
};

/** The passes with what they store in buffers over the rows of a band. */
function inBands(passes: readonly Pass[], axisOf: (pass: Pass) => ReturnType<typeof bandAxis>): readonly Pass[] {
  return passes.map((pass) => {
    const own = axisOf(pass);
    const stores = pass.stores.map((each): Stored => {
      const axes = each.buffer.axes.map((axis) => (axis.kind === 'query' ? own : axis));
      return { ...each, buffer: { ...each.buffer, axes } };
    });
    return { ...pass, stores };
  });
}

/**
 * Behind scores that are read beside their place or at other heads; and where what is left is more than one pass, behind
 * logits and their statistics too. Outputs are stored by the last kernel alone, as others compute rows around a band, too.
 */
function cutOf(graph: Graph, roles: Roles, buffers: ProgramBuffers): Cut {
  const isGathered = roles.order.some((node) => scoreReads(node).some((read) => isElsewhere(read, node)));
  demand(isGathered, 'no score is read at another row, key or head, so that none need to be in memory');
  const gathered = gatheredNodes(roles);
  const statistics = { ...behindStatistics(graph, roles), isGivenEarly: false };
  const isBehindSoftmax = [...gathered].some((node) => roles.roleOf(node) !== 'score');
  if (!isBehindSoftmax) {
    const cut = buffers.attempt(() => {
      const found = cutBehind(graph, { ...statistics, behind: gathered }, buffers);
      return isOnePass(found.rest) ? found : undefined;
    });
    if (cut) return cut;
  }
  const logits = [...roles.normalisers.values()].map(({ scores }) => scores);
  const ofRows = logits.length > 0 ? statistics.behind : [];
  return cutBehind(graph, { ...statistics, behind: new Set([...gathered, ...logits, ...ofRows]) }, buffers);
}

/** What is read at another row, key or head, and is not computed again by those who read it. */
function gatheredNodes({ order, roleOf }: Roles): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const node of order) {
    for (const read of scoreReads(node)) {
      // Weights beside their place are computed again from logits and statistics: that costs less than to keep them.
      const isCheap = roleOf(read.source) === 'normalised' && isOwnHead(read, node);
      if (isElsewhere(read, node) && !isCheap) found.add(read.source);
    }
  }
  return found;
}
