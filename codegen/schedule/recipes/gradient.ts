// The kernels of gradients: rows own those of queries, keys those of keys and values, and nobody those of parameters, whose shares
// are joined. Graphs with incoming gradients are scheduled by it, and no others.

import type { Graph, GraphOutput } from '../../../src/ir/index.js';
import type { Kernel, Launch } from '../../tile/program.js';
import { batchSums } from '../kernel/batch-sums.js';
import { kernelsOf } from '../kernel/kernel.js';
import { sumsOfRows } from '../kernel/row-sums.js';
import { storedScores } from '../kernel/stored-scores.js';
import { tableKernels } from '../kernel/tables.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { withInputs } from '../partition/cut.js';
import { type Owner, outputsByOwner } from '../partition/owners.js';
import { cutBehind } from '../partition/passes.js';
import { planOf } from '../plan/plan.js';
import { assignRoles } from '../plan/roles.js';
import { keySpace, noSpace, rowSpace, rowsFrom, rowsOverKeys, type Space, sharing } from '../plan/space.js';
import { isSumOverBoth, withSummands } from '../plan/sums.js';
import { Unschedulable } from '../reads/reason.js';
import { gatheredNodes, gatheringNodes, inBands } from './bands.js';
import type { Recipe, StageContext } from './recipe.js';

/** Into how many shares the positions are split for the gradients of parameters. */
const SHARES = 8;

type OwnedOutputs = ReadonlyMap<Owner, Graph['outputs']>;
type KernelsOfPart = (graph: Graph, context: StageContext) => readonly Kernel[];

const ownRows = ({ sizes, above }: StageContext): Space => rowSpace(sizes, rowsFrom(above));
const hasBatch = ({ node: { domain } }: GraphOutput): boolean => domain.some(({ kind }) => kind === 'batch');
const hasRows = ({ node: { domain } }: GraphOutput): boolean => domain.some(({ kind }) => kind === rowsOverKeys.owned);

const kernelsByOwner: Readonly<Record<Owner, KernelsOfPart>> = {
  rows: (graph, part) => kernelsFor(graph, part).flatMap((each) => kernelsOf(each, ownRows(part), part.buffers)),
  keys: (graph, part) => kernelsFor(graph, part).flatMap((each) => kernelsOf(each, keySpace(part.sizes), part.buffers)),
  scores: (graph, { sizes, buffers }) =>
    split(graph, hasBatch).flatMap((each) => kernelsOf(each, noSpace(sizes, SHARES), buffers)),
  'sums of rows': (graph, { sizes, buffers }) =>
    split(graph, hasBatch).flatMap((each) => sumsOfRows(each, noSpace(sizes, SHARES), buffers)),
  'sums of keys': (graph, { sizes, buffers }) =>
    split(graph, hasBatch).flatMap((each) => sumsOfRows(each, sharing(keySpace(sizes), SHARES), buffers)),
  batches: (graph, part) =>
    split(graph, hasRows).flatMap((each) =>
      batchSums(each, hasRows(each.outputs[0]!) ? ownRows(part) : keySpace(part.sizes), part.buffers),
    ),
  matrix: (graph, part) =>
    graph.outputs.flatMap((output) => {
      const each = partOf(graph, [output]);
      if (output.node.op === 'reduce') return batchSums(each, ownRows(part), part.buffers);
      return [storedScores(planOf(each), ownRows(part), part.buffers)];
    }),
  table: (graph, { buffers }) => tableKernels(graph, buffers),
};

export const gradient: Recipe = {
  onRequest: true,
  hasOwners: true,
  launches: (part) => {
    const outputs = new Map(outputsByOwner(part.graph));
    const together = withParts(outputs, part);
    if (together) for (const owner of ['rows', 'scores'] as const) outputs.delete(owner);
    return [...(together ?? []), ...apart(outputs, part)].map(launched);
  },
  words: { name: 'gradients', is: 'do not serve', does: 'do' },
  reason: () => 'rows own the gradients of queries, keys those of keys and values: nothing is added up between blocks',
};

const launched = (kernel: Kernel): Launch => ({ launch: 'kernel', kernel });

/** The kernels of outputs, each owner's by themselves. */
export const apart = (outputs: OwnedOutputs, part: StageContext): readonly Kernel[] =>
  [...outputs].flatMap(([owner, own]) => kernelsByOwner[owner](partOf(part.graph, own), part));

/** Rows and keys in bands of their own, the scores that are read elsewhere in memory; what reads none there is as without. */
export const gradientBands: Recipe = {
  ...gradient,
  takesFirst: true,
  launches: (part) => {
    const { graph, sizes, buffers, above } = part;
    const outputs = new Map(outputsByOwner(graph));
    const ofScores = (outputs.get('scores') ?? []).some(hasBatch) ? [] : (outputs.get('scores') ?? []);
    const all = rowsFrom(above);
    const ofRows = {
      ...rowSpace(sizes, all),
      whole: all,
      ...(ofScores.length > 0 ? { givesParts: true as const } : {}),
    };
    const families = [
      { owners: ['rows', 'scores'] as const, own: [...(outputs.get('rows') ?? []), ...ofScores], space: ofRows },
      { owners: ['keys'] as const, own: outputs.get('keys') ?? [], space: keySpace(sizes) },
    ];
    const launches: Launch[] = [];
    for (const { owners, own, space } of families) {
      const found = own.length > 0 && buffers.attempt(() => bandsOf(partOf(graph, own), space, buffers));
      if (!found) continue;
      launches.push(...found);
      for (const owner of owners) outputs.delete(owner);
    }
    return [...launches, ...apart(outputs, part).map(launched)];
  },
  words: { name: 'gradients in bands', is: 'do not serve', does: 'do' },
  reason: () =>
    'rows own the gradients of queries, keys those of keys and values, in bands one after the other whose scores go through memory ' +
    'between kernels; a block computes few heads and loads those that they are mixed from',
};

/** The bands of a graph whose scores are read at another row, key or head; undefined where none are. */
function bandsOf(graph: Graph, space: Space, buffers: ProgramBuffers): readonly Launch[] | undefined {
  const roles = assignRoles(withSummands(graph, space), space);
  const gathered = gatheredNodes(roles);
  if (gathered.size === 0) return undefined;
  const behind = new Set([...gathered, ...gatheringNodes(roles)]);
  const suffix = buffers.freshName(space.owned === 'key' ? 'bandKeys' : 'bandRows');
  const last: Kernel[] = [];
  const cut = cutBehind({ behind, givesLast: true }, graph, roles, buffers);
  const repeat = inBands(graph, cut, {
    sizes: space.sizes,
    buffers,
    sweep: space,
    all: space.range,
    names: { first: `${suffix}From`, size: suffix },
    fillsBuffers: true,
    kernelsOf: (pass, range) =>
      apartInMemory(pass.graph).map((each) => {
        // What joins the parts of all bands stands behind them.
        const [kernel, ...joined] = kernelsOf(each, { ...space, range }, buffers);
        last.push(...joined);
        return kernel!;
      }),
  });
  return [repeat, ...last.map(launched)];
}

/** Sums of pairs of heads in a kernel, for each of the heads of a block: what is loaded serves several, and the text stays short. */
const MOST_SUMS = 4;

/**
 * A kernel for each output: what is read elsewhere lies in memory, so that outputs share little, and one kernel of all of them would
 * hold the rings of each. Numbers for pairs of heads go together, as each value that is loaded is a factor of several.
 */
function apartInMemory(graph: Graph): readonly Graph[] {
  const isNumber = ({ node }: GraphOutput): boolean =>
    isSumOverBoth(node) && !node.domain.some(({ kind }) => kind === 'extent');
  const numbers = graph.outputs.filter(isNumber);
  const together = Array.from({ length: Math.ceil(numbers.length / MOST_SUMS) }, (_, n) =>
    partOf(graph, numbers.slice(n * MOST_SUMS, (n + 1) * MOST_SUMS)),
  );
  return [...graph.outputs.filter((each) => !isNumber(each)).map((each) => partOf(graph, [each])), ...together];
}

/** Blocks of rows that leave their parts of what is summed over rows and keys, as they have the scores; undefined where they cannot. */
function withParts(outputs: OwnedOutputs, part: StageContext): readonly Kernel[] | undefined {
  const [rows, scores] = [outputs.get('rows'), outputs.get('scores')];
  if (!rows || !scores || scores.some(hasBatch) || part.sizes.isApart) return undefined;
  try {
    const space: Space = { ...ownRows(part), givesParts: true };
    return part.buffers.attempt(() => kernelsOf(partOf(part.graph, [...rows, ...scores]), space, part.buffers));
  } catch (error) {
    if (error instanceof Unschedulable) return undefined;
    throw error;
  }
}

/** The graph of one kernel for all that an owner gives, or of one for each of them. */
const kernelsFor = (graph: Graph, { sizes: { isApart } }: StageContext): readonly Graph[] =>
  isApart ? apartIn(graph) : [graph];

const apartIn = (graph: Graph): readonly Graph[] => graph.outputs.map((each) => partOf(graph, [each]));

/** The part of a graph that gives some of its outputs. */
function partOf(graph: Graph, outputs: readonly GraphOutput[]): Graph {
  const name = outputs.length === graph.outputs.length ? graph.name : `${graph.name}_${outputs[0]!.name}`;
  return withInputs({ ...graph, name, outputs }, graph, []);
}

/** The parts of a graph whose outputs are of one sort, and of the other. */
const split = (graph: Graph, isFirst: (output: GraphOutput) => boolean): readonly Graph[] =>
  [graph.outputs.filter(isFirst), graph.outputs.filter((each) => !isFirst(each))]
    .filter((outputs) => outputs.length > 0)
    .map((outputs) => partOf(graph, outputs));
