// Kernels over one band of query rows after the other, with the scores of a band in scratch: for heads that are mixed in
// groups too large for a block. A kernel loads the heads that it reads, and computes few of them.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { type Graph, type Node, variable } from '../../../src/ir/index.js';
import type { Launch } from '../../tile/program.js';
import { least, most, plus } from '../../tile/scalars.js';
import type { BufferAxis } from '../../tile/types.js';
import { kernelsOf } from '../kernel/kernel.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { type Cut, cutBehind, keptBuffers, type Stored } from '../partition/cut.js';
import { behindStatistics, passesOf } from '../partition/passes.js';
import { isOnePass } from '../plan/plan.js';
import { assignRoles, type Roles } from '../plan/roles.js';
import { axisFacts, type PositionRange, rowSpace, rowsFrom, rowsOverKeys, type TileSizes } from '../plan/space.js';
import { type Interval, lengthOf } from '../reads/intervals.js';
import { demand } from '../reads/reason.js';
import { isElsewhere, isOwnHead, isScoreLike, scoreReads } from '../reads/score-reads.js';
import type { Recipe } from './recipe.js';

/** The first row of the band at hand: the variable of the repetition. */
const BAND = 'band';
const BYTES = 4;

export const slab: Recipe = {
  launches: (part) => {
    const { graph, sizes, buffers, above } = part;
    const roles = assignRoles(graph, rowsOverKeys);
    const cut = cutOf(graph, roles, buffers);
    const passes = passesOf(graph, cut, roles);
    const step = bandRows(sizes, {
      heads: headCount(graph.outputs[0]!.node.domain),
      halo: Math.max(0, ...passes.map(({ rows }) => lengthOf(rows))),
      matrices: cut.stored.filter(({ node }) => isScoreLike(node)).map(({ node }) => headCount(node.domain)),
    });
    buffers.add(passes.flatMap((pass) => keptBuffers(pass.stores.map((each) => inBand(each, step, pass.rows)))));
    const kernels = passes.flatMap(({ graph: own, rows }) =>
      kernelsOf(own, rowSpace(sizes, rowsOfBand(step, rows)), buffers),
    );
    return [{ launch: 'repeat', axis: { variable: BAND, ...rowsFrom(above), step }, kernels }];
  },
  words: { name: 'slab', is: 'does not serve', does: 'does' },
  reason: (_, { launches, buffers }) => {
    const repeat = launches.find((each): each is Launch & { launch: 'repeat' } => each.launch === 'repeat')!;
    const matrices = buffers.filter(({ axes }) => axes.some(({ kind }) => kind === 'band') && axes.some(isOfKeys));
    const bytes = matrices.map(({ axes }) =>
      axes.reduce((product, axis) => product * ('size' in axis ? axis.size : 1), BYTES),
    );
    return (
      `bands of ${repeat.axis.step} query rows, one after the other, whose scores go through memory between kernels, ` +
      `${bytes.reduce((sum, each) => sum + each, 0)} bytes for each key; a block computes few heads and loads those that ` +
      'they are mixed from'
    );
  },
};

const isOfKeys = ({ kind }: BufferAxis): boolean => kind === rowsOverKeys.swept;

/** The rows of a band of `size` rows with those that are needed around it, as far as there are queries. */
const rowsOfBand = (size: number, { low, high }: Interval): PositionRange => ({
  from: low === 0 ? variable(BAND) : most(axisFacts[rowsOverKeys.owned].first, plus(BAND, low)),
  to: least(axisFacts[rowsOverKeys.owned].end, plus(BAND, size + high)),
});

/** What is stored, in a buffer over the rows of a band. */
function inBand(stored: Stored, size: number, rows: Interval): Stored {
  const own: BufferAxis = { kind: 'band', origin: rowsOfBand(size, rows).from, size: size + lengthOf(rows) };
  const axes = stored.buffer.axes.map((axis) => (axis.kind === rowsOverKeys.owned ? own : axis));
  return { ...stored, buffer: { ...stored.buffer, axes } };
}

interface BandNeeds {
  /** Blocks along the heads. */
  readonly heads: number;
  /** Rows around a band that its scores are needed at. */
  readonly halo: number;
  /** The heads of each matrix of scores that is kept. */
  readonly matrices: readonly number[];
}

/** Blocks that keep a large device busy; a kernel with fewer leaves some of it idle. */
const ENOUGH_BLOCKS = 64;
/** At most this share of the rows of a band is computed for its neighbours' sake. */
const LARGEST_HALO_SHARE = 1 / 8;
/** Bytes of one matrix for one key: 16384 keys are then 128 MiB, which is the largest binding by default. */
const MOST_BYTES_PER_KEY = 8192;

/**
 * The rows of a band, a whole number of blocks: enough to fill a device, few halo rows that neighbouring bands compute twice,
 * and scratch that is bounded however long the sequence is.
 */
function bandRows({ rows, band }: TileSizes, { heads, halo, matrices }: BandNeeds): number {
  const wanted = Math.max((ENOUGH_BLOCKS / heads) * rows, halo / LARGEST_HALO_SHARE);
  const bounded = MOST_BYTES_PER_KEY / (BYTES * Math.max(1, ...matrices)) - halo;
  const blocks = Math.max(1, Math.min(Math.ceil(wanted / rows), Math.floor(bounded / rows)));
  return band ?? blocks * rows;
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
