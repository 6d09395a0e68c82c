// The passes of a graph that was cut: scores, then the statistics of all normalisers at once, then weights, then the
// outputs; and how many rows beyond the outputs' own each pass must give to those that read it.

import { dependencies, type Graph, type Node, softmaxPart } from '../../../src/ir/index.js';
import { planOf } from '../plan/plan.js';
import type { Role, Roles } from '../plan/roles.js';
import { rowsOverKeys, type Sweep } from '../plan/space.js';
import { HERE, type Interval, lengthOf, neededAt } from '../reads/intervals.js';
import { demand } from '../reads/reason.js';
import { isOwnHead, isScoreLike, scoreReads } from '../reads/score-reads.js';
import type { ProgramBuffers } from './buffers.js';
import { type Cut, cutInLevels, type Part } from './cut.js';
import { statisticNames } from './row-statistics.js';

/** A kernel to be. */
export interface KernelPart extends Part {
  /** The rows that it gives, as offsets from those of the outputs: those that later passes read are among them. */
  readonly rows: Interval;
  /** How many further ones a block computes around its own. */
  readonly around: number;
}

/** A graph that needs no cut. */
export const wholePass = (graph: Graph): KernelPart => ({ graph, stores: [], rows: HERE, around: 0 });

/** What passes leave for one another. */
export interface CutLine {
  readonly behind: ReadonlySet<Node>;
  /** Set where the last pass gives all outputs: others compute rows around their own, too. */
  readonly givesLast?: true;
  /** Set where the pass that gives the statistics of logits stores these on the way. */
  readonly keepsLogits?: true;
  /** As `Levels` has it. */
  readonly storesNeeded?: true;
}

/** The passes of a graph that is cut behind values, whose buffers are added. */
export function passesBehind(
  line: CutLine,
  graph: Graph,
  roles: Roles,
  buffers: ProgramBuffers,
): readonly KernelPart[] {
  const { parts, stored } = cutBehind(line, graph, roles, buffers);
  buffers.add(stored.map(({ buffer }) => buffer));
  return withRows(parts, rowsOverKeys);
}

/** Cuts a graph behind values: matrices of scores and of weights in a level each, the statistics of all normalisers in one. */
export function cutBehind(line: CutLine, graph: Graph, roles: Roles, buffers: ProgramBuffers): Cut {
  const { behind, givesLast, storesNeeded } = line;
  const cut = roles.order.filter((node) => behind.has(node));
  const matrices = cut.filter(isScoreLike);
  const scores = matrices.filter((node) => roles.roleOf(node) === 'score');
  const onTheWay = line.keepsLogits ? scores.filter((node) => isOfStatistics(node, scores, roles)) : [];
  const groups = [
    ...scores.filter((node) => !onTheWay.includes(node)).map((node) => [node]),
    [...onTheWay, ...cut.filter((node) => !isScoreLike(node))],
    ...matrices.filter((node) => !scores.includes(node)).map((node) => [node]),
  ];
  const levels = new Map(groups.flatMap((nodes, level) => nodes.map((node) => [node, level] as const)));
  const found = cutInLevels(
    graph,
    {
      last: groups.length,
      levelOf: (node) => levels.get(node) ?? groups.length,
      isStored: (node) => behind.has(node),
      nameOf: (node) => bufferName(node, roles),
      ...(givesLast ? { givesLast } : {}),
      ...(storesNeeded ? { storesNeeded } : {}),
    },
    buffers,
  );
  demand(found.parts.at(-1)?.graph.name === graph.name, 'nothing is left to do behind the statistics');
  return found;
}

/**
 * Whether scores are those of a softmax, each head of them is made by itself, and no others that are stored are made of them: a block that
 * holds several heads' scores has no registers left for their statistics.
 */
function isOfStatistics(node: Node, stored: readonly Node[], { order, statistics }: Roles): boolean {
  if (!statistics.some(({ scores }) => scores === node)) return false;
  const others = new Set(stored.filter((each) => each !== node));
  const madeFrom = (nodes: Iterable<Node>, stops: (each: Node) => boolean): ReadonlySet<Node> => {
    const made = new Set(nodes);
    for (const each of [...order].reverse())
      if (made.has(each) && !stops(each)) for (const below of dependencies(each)) made.add(below);
    return made;
  };
  if (madeFrom(others, () => false).has(node)) return false;
  const own = [...madeFrom([node], (each) => others.has(each))].filter((each) => !others.has(each));
  return own.every((each) => scoreReads(each).every((read) => isOwnHead(read, each)));
}

/** Parts with the positions that each must give, of those that blocks own. A kernel reads what others have left wherever any of its values is computed. */
export function withRows(parts: readonly Part[], sweep: Sweep): readonly KernelPart[] {
  const around = new Map(parts.map((part) => [part, planOf(part.graph, sweep).extents.around]));
  const rows = neededAt(parts, (reader) =>
    parts
      .filter(({ stores }) => stores.some(({ tensor }) => reader.graph.inputs.includes(tensor)))
      .map((source) => [source, around.get(reader)!] as const),
  );
  return parts.map((part) => ({ ...part, rows: rows(part), around: lengthOf(around.get(part)!) }));
}

const bufferNames: Partial<Record<Role, string>> = {
  score: 'scores',
  normalised: 'weights',
  weighted: 'weights',
};

/** What a stored value's buffer is called. */
function bufferName(node: Node, { roleOf, normalisers }: Roles): string {
  const isLogits = [...normalisers.values()].some(({ scores }) => scores === node);
  if (isLogits) return 'logits';
  const part = softmaxPart(node);
  return bufferNames[roleOf(node)] ?? (part ? statisticNames[part].buffer : 'rows');
}
