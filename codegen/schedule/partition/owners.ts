// Who computes a value: blocks that own its rows or its keys, blocks that own nothing and go along rows or keys to sum them up,
// and those that have a part of a table or of a matrix.

import type { Graph, Node } from '../../../src/ir/index.js';
import { rowsOverKeys } from '../plan/space.js';
import type { ScoreAxis } from '../reads/score-reads.js';

export const owners = ['rows', 'keys', 'scores', 'sums of rows', 'sums of keys', 'batches', 'matrix', 'table'] as const;

export type Owner = (typeof owners)[number];

const kindsOf = ({ domain }: Node): readonly string[] => domain.map(({ kind }) => kind);

/** The axes that a node sums over. */
function summedKinds(node: Node): readonly string[] {
  if (node.op === 'reduce') return node.over.map(({ axis }) => axis.kind);
  if (node.op === 'bin') return node.iterate.map(({ axis }) => axis.kind);
  return node.op === 'contract' ? [node.over] : [];
}

/** Whether a node sums over all positions of an axis. */
export const isSumOf = (node: Node, axis: ScoreAxis): boolean => summedKinds(node).includes(axis);

/** Who computes a value that is no input. */
export function ownerOf(node: Node): Owner {
  const kinds = kindsOf(node);
  const [hasRows, hasKeys] = [kinds.includes('query'), kinds.includes('key') || kinds.includes('position')];
  const summed = summedKinds(node);
  if (hasRows && hasKeys) return 'matrix';
  if (hasRows || hasKeys) {
    if (!kinds.includes('batch')) return 'batches';
    return hasRows ? 'rows' : 'keys';
  }
  const { owned, swept } = rowsOverKeys;
  if (summed.includes(owned)) return summed.includes(swept) ? 'scores' : 'sums of rows';
  return summed.includes(swept) ? 'sums of keys' : 'table';
}

/** The outputs of a graph by who computes them, in the order in which owners are listed. */
export function outputsByOwner({ outputs }: Graph): ReadonlyMap<Owner, Graph['outputs']> {
  const found = owners.map((owner) => [owner, outputs.filter(({ node }) => ownerOf(node) === owner)] as const);
  return new Map(found.filter(([, own]) => own.length > 0));
}
