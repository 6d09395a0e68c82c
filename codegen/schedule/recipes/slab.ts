// Bands of query rows, whose scores are cut behind what is read elsewhere: a kernel loads the heads that it reads, and computes
// few of them.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { type Graph, type Node, topological, variable } from '../../../src/ir/index.js';
import type { Launch } from '../../tile/program.js';
import { difference } from '../../tile/scalars.js';
import type { BufferAxis } from '../../tile/types.js';
import { kernelsOf } from '../kernel/kernel.js';
import type { Cut } from '../partition/cut.js';
import { cutBehind } from '../partition/passes.js';
import { knownRows } from '../partition/row-statistics.js';
import { readsHeadsInMemory } from '../plan/heads.js';
import { isOnePass, planOf } from '../plan/plan.js';
import { assignRoles, type Roles } from '../plan/roles.js';
import { rowSpace, rowsFrom, rowsOverKeys, type Space, type TileSizes } from '../plan/space.js';
import { demand } from '../reads/reason.js';
import { isElsewhere, isInPlace, isOwnHead, isScoreLike, scoreReads } from '../reads/score-reads.js';
import { type Banded, gatheredNodes, inBands } from './bands.js';
import { plainWords, type Recipe, type StageContext } from './recipe.js';

/** How many rows a band has, which a launcher decides. */
const ROWS = variable('bandRows');
const BYTES = 4;

export const slab: Recipe = {
  launches: (part) => {
    const { graph, sizes, buffers, above } = part;
    const cut = cutOf(part, assignRoles(graph, rowsOverKeys));
    const banded: Banded = {
      sizes,
      buffers,
      sweep: rowsOverKeys,
      all: rowsFrom(above),
      names: { first: 'band', size: ROWS.name },
      kernelsOf: (pass, range, rows) => {
        const space = { ...rowSpace({ ...sizes, rows }, range), sweepsScores: true } as const;
        const own = mixesApart(sizes) ? { ...mixing(pass.graph, space), trail: TRAIL } : space;
        return kernelsOf(pass.graph, own, buffers);
      },
    };
    return [inBands(graph, cut, banded)];
  },
  variantsOf: (graph, sizes) => {
    const order = topological(graph);
    const hasNeighbours = order.some((node) => scoreReads(node).some((read) => !isInPlace(read)));
    return hasNeighbours ? [sizes, { ...sizes, keepsNeighbours: true }] : [sizes];
  },
  words: plainWords('slab'),
  reason: (_, { launches, buffers }) => {
    const repeat = launches.find((each): each is Launch & { launch: 'repeat' } => each.launch === 'repeat')!;
    const matrices = buffers.filter(({ axes }) => axes.some(({ kind }) => kind === 'band') && axes.some(isOfKeys));
    const { most: rows } = repeat.axis.step;
    const sizeOf = (axis: BufferAxis): number =>
      axis.kind === 'band'
        ? rows + difference(axis.size, ROWS)!
        : axis.kind !== 'split' && 'size' in axis
          ? axis.size
          : 1;
    const bytes = matrices.map(({ axes }) => axes.reduce((product, axis) => product * sizeOf(axis), BYTES));
    return (
      `bands of at most ${rows} query rows, as many as keys and batch entries leave room for, one after the other, whose ` +
      `scores go through memory between kernels, ${bytes.reduce((sum, each) => sum + each, 0)} bytes for each key; a block ` +
      'computes few heads and loads those that they are mixed from'
    );
  },
};

/** Whether a mix of many heads is a kernel of its own: one that sums weights with values, too, has few blocks along the heads. */
const mixesApart = ({ busyBlocks }: TileSizes): boolean => busyBlocks !== undefined;

/** Keys of a fragment, and of a chunk of 16 bits each. */
const TRAIL = 8;
/** Heads that a kernel mixes at once, each of which it then loads once for all of them. */
const MIXED_HEADS = 16;
/** As registers hold a tile of each of these heads, it has few keys. */
const MIXED_COLUMNS = 16;

/** The blocks of a kernel that does nothing but mix heads in memory; of others as they are. */
function mixing(graph: Graph, space: Space): Space {
  const [output, ...others] = graph.outputs;
  const { extents, sums, contractions } = planOf(graph, space);
  const isMix = others.length === 0 && isScoreLike(output!.node) && sums.length + contractions.length === 0;
  if (!isMix || !readsHeadsInMemory(graph) || extents.rings.size > 0) return space;
  const columns = Math.min(space.sizes.columns, MIXED_COLUMNS);
  const sizes = { ...space.sizes, columns };
  return { ...space, sizes, sharingLoads: knowsPlace(output!.node) ? FEW_HEADS : MIXED_HEADS };
}

/** Whether factors of a mix are rows' or keys' own: they take registers, too. */
const knowsPlace = (mix: Node): boolean =>
  topological({ inputs: [], outputs: [{ name: 'mix', node: mix }] }).some(
    (node) => !isScoreLike(node) && node.domain.some(({ kind }) => kind === 'query' || kind === 'key'),
  );

/** Weights that are mixed from many heads at their own place. */
const mixesOf = ({ order, roleOf }: Roles): readonly Node[] =>
  order.filter(
    (node) =>
      node.op === 'map' &&
      roleOf(node) === 'weighted' &&
      headCount(node.domain) > FEW_HEADS &&
      scoreReads(node).some((read) => isInPlace(read) && !isOwnHead(read, node)),
  );

const isOfKeys = ({ kind }: BufferAxis): boolean => kind === rowsOverKeys.swept;

/**
 * Behind scores that are read beside their place or at other heads; and where what is left is more than one pass, behind
 * logits and their statistics too.
 */
function cutOf({ graph, sizes, buffers }: StageContext, roles: Roles): Cut {
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
  const isHeld = (node: Node): boolean => !sizes.keepsNeighbours && isOfOwnHead(node, roles);
  const kept = [...gathered].filter((node) => !isCheap(node, roles) && !isHeld(node));
  const mixes = mixesApart(sizes) && kept.some((node) => roles.roleOf(node) !== 'score') ? mixesOf(roles) : [];
  const behind = new Set([...kept, ...logits, ...ofRows, ...mixes]);
  const storesNeeded = mixesApart(sizes) ? { storesNeeded: true as const } : {};
  return cutBehind({ behind, givesLast: true, keepsLogits: true, ...storesNeeded }, graph, roles, buffers);
}

/** Whether all who read scores do so at their own head: rings of a block may hold the neighbours. */
const isOfOwnHead = (node: Node, { order, roleOf }: Roles): boolean =>
  roleOf(node) === 'score' &&
  order.every((reader) => scoreReads(reader).every((read) => read.source !== node || isOwnHead(read, reader)));

/** Heads whose weights a block computes together. */
const FEW_HEADS = 4;

/**
 * Whether weights are computed again by those who read them: from logits and statistics in memory that costs less than to keep
 * them, where blocks that take all heads of a group are small.
 */
function isCheap(node: Node, { order, roleOf }: Roles): boolean {
  if (roleOf(node) !== 'normalised' || headCount(node.domain) > FEW_HEADS) return false;
  return order.every((reader) => scoreReads(reader).every((read) => read.source !== node || isInPlace(read)));
}
