// Sums that nothing else waits for are put off to the last stage at which their owner sums anything: one kernel computes the
// scores for all of them.

import type { Node } from '../../../src/ir/index.js';
import { isOverBoth } from '../plan/roles.js';
import { type Owner, ownerOf } from './owners.js';

interface Known {
  readonly rows: ReadonlySet<Node>;
  readonly needs: ReadonlyMap<Node, unknown>;
  readonly stageOf: (node: Node) => number;
  readonly readersOf: (node: Node) => readonly Node[];
  readonly isOfSoftmax: (node: Node) => boolean;
}

const joining: readonly Owner[] = ['rows', 'keys', 'scores'];

/** The stages of sums, and of what is made of them on chip, where those are put off. @param order sources before readers */
export function joinedStages(order: readonly Node[], known: Known): ReadonlyMap<Node, number> {
  const { rows, needs, stageOf, readersOf, isOfSoftmax } = known;
  const free = new Set<Node>();
  for (const node of [...order].reverse()) {
    const isWaitedFor =
      needs.has(node) || isOfSoftmax(node) || readersOf(node).some((reader) => !isAlike(reader, node, free));
    if (rows.has(node) && !isWaitedFor && joining.includes(ownerOf(node))) free.add(node);
  }
  const stages = new Map<Node, number>();
  for (const owner of joining) {
    const own = [...free].filter((node) => ownerOf(node) === owner);
    // What is summed over rows and keys goes with the rows, whose blocks have the same scores.
    const together = owner === 'scores' ? [...own, ...[...free].filter((node) => ownerOf(node) === 'rows')] : own;
    const last = Math.max(0, ...together.map(stageOf));
    for (const node of own) stages.set(node, last);
  }
  return stages;
}

/** Whether a reader is put off with what it reads. */
const isAlike = (reader: Node, node: Node, free: ReadonlySet<Node>): boolean =>
  free.has(reader) && !isOverBoth(reader) && ownerOf(reader) === ownerOf(node);
