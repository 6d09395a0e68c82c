// The passes of a graph that was cut: scores, then the statistics of all normalisers at once, then weights, then the
// outputs; and how many rows beyond the outputs' own each pass must give to those that read it.

import { type Graph, type Node, softmaxPart } from '../../../src/ir/index.js';
import { planOf } from '../plan/plan.js';
import type { Role, Roles } from '../plan/roles.js';
import { HERE, type Interval, neededAt } from '../reads/intervals.js';
import { isScoreLike } from '../reads/score-reads.js';
import type { ProgramBuffers } from './buffers.js';
import { type Cut, type CutLine, cutBehind, keptBuffers, type Stored, storing } from './cut.js';
import { statisticNames, statisticsOf } from './row-statistics.js';

/** A kernel to be. */
export interface Pass {
  readonly graph: Graph;
  /** What it leaves in workspace; nothing where it gives the outputs. */
  readonly stores: readonly Stored[];
  /** The rows that it gives, as offsets from those of the outputs: those that later passes read are among them. */
  readonly rows: Interval;
}

/** A graph that needs no cut. */
export const wholePass = (graph: Graph): Pass => ({ graph, stores: [], rows: HERE });

/** The passes of a graph that is cut at a line, whose values have buffers then. */
export function passesBehind(line: CutLine, graph: Graph, roles: Roles, buffers: ProgramBuffers): readonly Pass[] {
  const cut = cutBehind(graph, line, buffers);
  buffers.add(keptBuffers(cut.stored));
  return passesOf(graph, cut, roles);
}

/** The passes of a graph that was cut. */
export function passesOf(graph: Graph, { stored, rest }: Cut, { roleOf }: Roles): readonly Pass[] {
  const withRole = (...roles: Role[]): readonly Stored[] =>
    stored.filter(({ node }) => isScoreLike(node) && roles.includes(roleOf(node)));
  const statistics = stored.filter(({ node }) => !isScoreLike(node));
  const groups = [
    ...withRole('score').map((each) => [each]),
    ...(statistics.length > 0 ? [statistics] : []),
    ...withRole('normalised', 'weighted').map((each) => [each]),
  ];
  const passes = [
    ...groups.map((stores) => ({ graph: storing(graph, stores, stored), stores })),
    { graph: rest, stores: [] },
  ];
  // A kernel reads all that others have left at the rows that any of its values is computed at.
  const around = new Map(passes.map((pass) => [pass, planOf(pass.graph).extents.around]));
  const rows = neededAt(passes, (reader) =>
    passes
      .filter(({ stores }) => stores.some(({ tensor }) => reader.graph.inputs.includes(tensor)))
      .map((source) => [source, around.get(reader)!] as const),
  );
  return passes.map((pass) => ({ ...pass, rows: rows(pass) }));
}

const bufferNames: Partial<Record<Role, string>> = {
  score: 'scores',
  normalised: 'weights',
  weighted: 'weights',
};

/** The cut behind what a first pass over the keys gives to a second one. */
export function behindStatistics(graph: Graph, roles: Roles): CutLine {
  const { known, read } = statisticsOf(graph, roles);
  return { behind: read, together: known, nameOf: (node) => bufferName(node, roles), isGivenEarly: true };
}

/** What a stored value's buffer is called. */
export function bufferName(node: Node, { roleOf, normalisers }: Roles): string {
  const isLogits = [...normalisers.values()].some(({ scores }) => scores === node);
  if (isLogits) return 'logits';
  const part = softmaxPart(node);
  return bufferNames[roleOf(node)] ?? (part ? statisticNames[part].buffer : 'rows');
}
