// The passes of a graph that was cut: scores, then the statistics of all normalisers at once, then weights, then the
// outputs; and how many rows beyond the outputs' own each pass must give to those that read it.

import { type Graph, type Node, softmaxPart } from '../../../src/ir/index.js';
import { planOnline } from '../plan/plan.js';
import type { Role, Roles } from '../plan/roles.js';
import { isScoreLike } from '../reads/score-reads.js';
import { type Cut, type CutLine, type Stored, storing } from './cut.js';
import { statisticNames, statisticsOf } from './row-statistics.js';

/** A kernel to be. */
export interface Pass {
  readonly graph: Graph;
  /** What it leaves in workspace; nothing where it gives the outputs. */
  readonly stores: readonly Stored[];
}

/** Rows above and below the rows of the outputs. */
export interface RowReach {
  readonly above: number;
  readonly below: number;
}

export function passesOf(graph: Graph, { stored, rest }: Cut, { roleOf }: Roles): readonly Pass[] {
  const withRole = (...roles: Role[]): readonly Stored[] =>
    stored.filter(({ node }) => isScoreLike(node) && roles.includes(roleOf(node)));
  const statistics = stored.filter(({ node }) => !isScoreLike(node));
  const groups = [
    ...withRole('score').map((each) => [each]),
    ...(statistics.length > 0 ? [statistics] : []),
    ...withRole('normalised', 'weighted').map((each) => [each]),
  ];
  const passes = groups.map((stores) => ({ graph: storing(graph, stores, stored), stores }));
  return [...passes, { graph: rest, stores: [] }];
}

/** The rows that each pass must give, for the passes that read what it stores. */
export function neededRows(passes: readonly Pass[]): ReadonlyMap<Pass, RowReach> {
  const reads = new Map(passes.map((pass) => [pass, planOnline(pass.graph)]));
  const needed = new Map<Pass, RowReach>();
  for (const pass of [...passes].reverse()) {
    const readers = passes.filter(({ graph }) => pass.stores.some(({ tensor }) => graph.inputs.includes(tensor)));
    needed.set(pass, {
      above: Math.max(0, ...readers.map((reader) => needed.get(reader)!.above + reads.get(reader)!.up)),
      below: Math.max(0, ...readers.map((reader) => needed.get(reader)!.below + reads.get(reader)!.down)),
    });
  }
  return needed;
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
