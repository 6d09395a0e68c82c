// Kernels over one band of query rows after the other, with the scores of a band in scratch: for heads that are mixed in
// groups too large for a block. A kernel loads the heads that it reads, and computes few of them.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { apply, type Graph, integer, length, type Node, variable } from '../../../src/ir/index.js';
import type { Decision, Launch } from '../../tile/program.js';
import { difference, least, minus, most, plus, quotient, times } from '../../tile/scalars.js';
import type { Buffer, BufferAxis, Scalar } from '../../tile/types.js';
import { kernelsOf } from '../kernel/kernel.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import type { Cut } from '../partition/cut.js';
import { cutBehind, withRows } from '../partition/passes.js';
import { knownRows } from '../partition/row-statistics.js';
import { isOnePass } from '../plan/plan.js';
import { assignRoles, type Roles } from '../plan/roles.js';
import { axisFacts, type PositionRange, rowSpace, rowsFrom, rowsOverKeys, type TileSizes } from '../plan/space.js';
import { type Interval, lengthOf } from '../reads/intervals.js';
import { demand } from '../reads/reason.js';
import { isElsewhere, isOwnHead, isScoreLike, scoreReads } from '../reads/score-reads.js';
import { plainWords, type Recipe } from './recipe.js';

/** The first row of the band at hand: the variable of the repetition. */
const BAND = 'band';
/** How many rows it has, which a launcher decides. */
const ROWS = variable('bandRows');
const BYTES = 4;

export const slab: Recipe = {
  launches: (part) => {
    const { graph, sizes, buffers, above } = part;
    const roles = assignRoles(graph, rowsOverKeys);
    const cut = cutOf(graph, roles, buffers);
    const passes = withRows(cut.parts);
    const step = bandRows(sizes, {
      heads: headCount(graph.outputs[0]!.node.domain),
      halo: Math.max(0, ...passes.map(({ rows }) => lengthOf(rows))),
      matrices: cut.stored.filter(({ node }) => isScoreLike(node)).map(({ node }) => headCount(node.domain)),
    });
    buffers.add(passes.flatMap(({ stores, rows }) => stores.map((each) => inBand(each.buffer, rows))));
    const kernels = passes.flatMap(({ graph: own, rows }) =>
      kernelsOf(own, rowSpace(sizes, rowsOfBand(rows)), buffers),
    );
    return [{ launch: 'repeat', axis: { variable: BAND, ...rowsFrom(above), step }, kernels }];
  },
  words: plainWords('slab'),
  reason: (_, { launches, buffers }) => {
    const repeat = launches.find((each): each is Launch & { launch: 'repeat' } => each.launch === 'repeat')!;
    const matrices = buffers.filter(({ axes }) => axes.some(({ kind }) => kind === 'band') && axes.some(isOfKeys));
    const { most: rows } = repeat.axis.step;
    const sizeOf = (axis: BufferAxis): number =>
      axis.kind === 'band' ? rows + difference(axis.size, ROWS)! : 'size' in axis ? axis.size : 1;
    const bytes = matrices.map(({ axes }) => axes.reduce((product, axis) => product * sizeOf(axis), BYTES));
    return (
      `bands of at most ${rows} query rows, as many as keys and batch entries leave room for, one after the other, whose ` +
      `scores go through memory between kernels, ${bytes.reduce((sum, each) => sum + each, 0)} bytes for each key; a block ` +
      'computes few heads and loads those that they are mixed from'
    );
  },
};

const isOfKeys = ({ kind }: BufferAxis): boolean => kind === rowsOverKeys.swept;

/** The rows of a band with those that are needed around it, as far as there are queries. */
const rowsOfBand = ({ low, high }: Interval): PositionRange => ({
  from: low === 0 ? variable(BAND) : most(axisFacts[rowsOverKeys.owned].first, plus(BAND, low)),
  to: least(axisFacts[rowsOverKeys.owned].end, plus(BAND, plus(ROWS, high))),
});

/** A buffer over the rows of a band. */
function inBand(buffer: Buffer, rows: Interval): Buffer {
  const own: BufferAxis = { kind: 'band', origin: rowsOfBand(rows).from, size: plus(ROWS, lengthOf(rows)) };
  return { ...buffer, axes: buffer.axes.map((axis) => (axis.kind === rowsOverKeys.owned ? own : axis)) };
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
/** 128 MiB, the largest binding by default. */
const MOST_BYTES = 2 ** 27;

/**
 * The rows of a band, a whole number of blocks: enough to fill a device, few halo rows that neighbouring bands compute twice,
 * and no more than a matrix has room for at the keys and batch entries of a call.
 */
function bandRows({ rows, band, matrixBytes = MOST_BYTES }: TileSizes, { heads, halo, matrices }: BandNeeds): Decision {
  if (band !== undefined) return { variable: ROWS.name, value: integer(band), most: band };
  const wanted = Math.max((ENOUGH_BLOCKS / heads) * rows, halo / LARGEST_HALO_SHARE);
  const blocks = Math.ceil(wanted / rows);
  // Divided one after the other: their product may be no 32-bit number.
  const entries = integer(Math.floor(matrixBytes / (BYTES * Math.max(1, ...matrices))));
  const room = [length('key'), length('batch')].reduce<Scalar>((left, by) => apply('floorDivide', left, by), entries);
  const fitting = quotient(minus(room, halo), rows);
  return { variable: ROWS.name, value: times(most(1, least(blocks, fitting)), rows), most: blocks * rows };
}

/**
 * Behind scores that are read beside their place or at other heads; and where what is left is more than one pass, behind
 * logits and their statistics too.
 */
function cutOf(graph: Graph, roles: Roles, buffers: ProgramBuffers): Cut {
  const isGathered = roles.order.some((node) => scoreReads(node).some((read) => isElsewhere(read, node)));
  demand(isGathered, 'no score is read at another row, key or head, so that none need to be in memory');
  const gathered = gatheredNodes(roles);
  const isBehindSoftmax = [...gathered].some((node) => roles.roleOf(node) !== 'score');
  if (!isBehindSoftmax) {
    const cut = buffers.attempt(() => {
      const found = cutBehind({ behind: gathered, givesLast: true }, graph, roles, buffers);
      return isOnePass(found.parts.at(-1)!.graph) ? found : undefined;
    });
    if (cut) return cut;
  }
  const logits = [...roles.normalisers.values()].map(({ scores }) => scores);
  const ofRows = logits.length > 0 ? knownRows(graph, roles) : [];
  return cutBehind({ behind: new Set([...gathered, ...logits, ...ofRows]), givesLast: true }, graph, roles, buffers);
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
