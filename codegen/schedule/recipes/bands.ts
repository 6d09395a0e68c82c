// Bands of the positions that blocks own, one after the other, with the scores of a band in scratch: for heads that are mixed in
// groups too large for a block. A kernel loads the heads that it reads, and computes few of them.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { apply, dependencies, type Graph, integer, length, type Node, variable } from '../../../src/ir/index.js';
import type { Decision, Kernel, Launch } from '../../tile/program.js';
import { least, minus, most, plus, quotient, times } from '../../tile/scalars.js';
import type { Buffer, BufferAxis, Scalar } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import type { Cut } from '../partition/cut.js';
import { type KernelPart, withRows } from '../partition/passes.js';
import type { Roles } from '../plan/roles.js';
import { axisFacts, type PositionRange, type Sweep, type TileSizes } from '../plan/space.js';
import { type Interval, lengthOf } from '../reads/intervals.js';
import { isElsewhere, isInPlace, isOwnHead, isScoreLike, type ScoreAxis, scoreReads } from '../reads/score-reads.js';

const BYTES = 4;

/** The bands of a repetition: the variable of their first position, and the one that says how many a band has. */
interface BandNames {
  readonly first: string;
  readonly size: string;
}

export interface Banded {
  readonly sizes: TileSizes;
  readonly buffers: ProgramBuffers;
  readonly sweep: Sweep;
  /** All positions that the bands divide between them. */
  readonly all: PositionRange;
  readonly names: BandNames;
  /** Set where what is left of a band is read past the positions that are needed: it is computed as far as it has room. */
  readonly fillsBuffers?: true;
  /** The kernels of a pass over the positions of a band that later passes read, `rows` of them a block. */
  readonly kernelsOf: (pass: KernelPart, range: PositionRange, rows: number) => readonly Kernel[];
}

/** The repetition of the passes of a cut graph over bands. @param graph the graph that was cut */
export function inBands(graph: Graph, cut: Cut, banded: Banded): Launch {
  const { sizes, buffers, sweep, all, names, fillsBuffers, kernelsOf } = banded;
  const passes = withRows(cut.parts, sweep);
  const outputRows = rowsOfOutputs(passes, sizes);
  const step = bandSize({ ...sizes, rows: outputRows }, names.size, {
    heads: headCount(graph.outputs[0]!.node.domain),
    halo: Math.max(0, ...passes.map(({ rows }) => lengthOf(rows))),
    matrices: cut.stored.filter(({ node }) => isScoreLike(node)).map(({ node }) => headCount(node.domain)),
    swept: sweep.swept,
  });
  const band = new Band(sweep.owned, names);
  buffers.add(passes.flatMap(({ stores, rows }) => stores.map((each) => band.bufferOf(each.buffer, rows))));
  const kernels = passes.flatMap((pass) =>
    kernelsOf(
      pass,
      fillsBuffers ? band.wholeRangeOf(pass.rows) : band.rangeOf(pass.rows),
      givesOutputs(pass) ? outputRows : rowsOf(pass, passes, sizes),
    ),
  );
  return { launch: 'repeat', axis: { variable: names.first, ...all, step }, kernels };
}

/** Threads take rows in whole eighths of a tile. */
const WHOLE_ROWS = 8;

/**
 * The positions of a block of one pass. Tiles that are whole with all that their spec reaches around them are so with what one pass
 * reaches, too: it has more positions of its own.
 */
function rowsOf({ around }: KernelPart, passes: readonly KernelPart[], { rows, busyBlocks }: TileSizes): number {
  const all = Math.max(...passes.map((pass) => pass.around + lengthOf(pass.rows)));
  const isWhole = (rows + all) % WHOLE_ROWS === 0;
  return isWhole && (around > 0 || busyBlocks !== undefined) ? rows + all - around : rows;
}

/** Whether a pass gives something that no later one takes. Buffers of a band end with it, outputs do not. */
const givesOutputs = ({ graph, stores }: KernelPart): boolean =>
  graph.outputs.some(({ name }) => !stores.some(({ buffer }) => buffer.name === name));

/** The positions of a block of those that give outputs: bands are a whole number of such blocks, so that none goes on into the next band. */
function rowsOfOutputs(passes: readonly KernelPart[], sizes: TileSizes): number {
  const { rows, band } = sizes;
  const [own = rows, ...others] = new Set(passes.filter(givesOutputs).map((pass) => rowsOf(pass, passes, sizes)));
  const isWhole = band === undefined || band % own === 0;
  return others.length === 0 && isWhole ? own : rows;
}

class Band {
  private readonly owned: ScoreAxis;
  private readonly names: BandNames;

  constructor(owned: ScoreAxis, names: BandNames) {
    this.owned = owned;
    this.names = names;
  }

  /** The positions of a band with those that are needed around it, as far as there are any. */
  rangeOf({ low, high }: Interval): PositionRange {
    const { first, size } = this.names;
    const facts = axisFacts[this.owned];
    return {
      from: low === 0 ? variable(first) : most(facts.first, plus(first, low)),
      to: least(facts.end, plus(first, plus(size, high))),
    };
  }

  /** As many positions as a buffer of a band has room for: the first bands begin later than those around them would. */
  wholeRangeOf(rows: Interval): PositionRange {
    const { from, to } = this.rangeOf(rows);
    if (rows.low === 0) return { from, to };
    return { from, to: least(axisFacts[this.owned].end, plus(from, plus(this.names.size, lengthOf(rows)))) };
  }

  /** A buffer over the positions of a band. */
  bufferOf(buffer: Buffer, rows: Interval): Buffer {
    const size = plus(this.names.size, lengthOf(rows));
    const own: BufferAxis = { kind: 'band', origin: this.rangeOf(rows).from, size };
    return { ...buffer, axes: buffer.axes.map((axis) => (axis.kind === this.owned ? own : axis)) };
  }
}

interface BandNeeds {
  /** Blocks along the heads. */
  readonly heads: number;
  /** Positions around a band that its scores are needed at. */
  readonly halo: number;
  /** The heads of each matrix of scores that is kept. */
  readonly matrices: readonly number[];
  readonly swept: ScoreAxis;
}

/** Blocks that keep a device busy unless a target knows better; a kernel with fewer leaves some of it idle. */
const ENOUGH_BLOCKS = 64;
/** At most this share of the positions of a band is computed for its neighbours' sake. */
const LARGEST_HALO_SHARE = 1 / 8;
/** 128 MiB, the largest binding by default. */
const MOST_BYTES = 2 ** 27;

/**
 * The positions of a band, a whole number of blocks: enough to fill a device, few of the halo that neighbouring bands compute
 * twice, and no more than a matrix has room for at what is swept and the batch entries of a call.
 */
function bandSize(
  { rows, band, matrixBytes = MOST_BYTES, busyBlocks = ENOUGH_BLOCKS }: TileSizes,
  name: string,
  { heads, halo, matrices, swept }: BandNeeds,
): Decision {
  if (band !== undefined) return { variable: name, value: integer(band), most: band };
  const wanted = Math.max((busyBlocks / heads) * rows, halo / LARGEST_HALO_SHARE);
  const blocks = Math.ceil(wanted / rows);
  // Divided one after the other: their product may be no 32-bit number.
  const entries = integer(Math.floor(matrixBytes / (BYTES * Math.max(1, ...matrices))));
  const room = [length(swept), length('batch')].reduce<Scalar>((left, by) => apply('floorDivide', left, by), entries);
  const fitting = quotient(minus(room, halo), rows);
  return { variable: name, value: times(most(1, least(blocks, fitting)), rows), most: blocks * rows };
}

/** What is read at another row, key or head, and is not computed again by those who read it. */
export function gatheredNodes({ order, roleOf }: Roles): ReadonlySet<Node> {
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

/**
 * What reads others elsewhere, as the masks behind it leave it: a kernel that stores it holds the neighbours or heads of that one
 * value. What sums alone take of other heads, they take as they go along.
 */
export function gatheringNodes({ order }: Roles): ReadonlySet<Node> {
  const readers = new Map<Node, Node[]>();
  for (const node of order)
    for (const source of dependencies(node)) readers.set(source, [...(readers.get(source) ?? []), node]);
  const readersOf = (node: Node): readonly Node[] => readers.get(node) ?? [];
  const masked = (node: Node): Node => {
    const [reader, ...others] = readersOf(node);
    return reader?.op === 'fill' && reader.value === node && others.length === 0 ? masked(reader) : node;
  };
  const isSummand = (node: Node): boolean =>
    readersOf(node).every(({ op }) => op === 'reduce' || op === 'bin') && scoreReads(node).every(isInPlace);
  const isGathering = (node: Node): boolean =>
    isScoreLike(node) && scoreReads(node).some((read) => isElsewhere(read, node)) && !isSummand(node);
  return new Set(order.filter(isGathering).map(masked));
}
