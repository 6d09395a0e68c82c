// How the maps over scores read one another: offsets along rows and keys as intervals, for every read of score-like values.
// Lags, halos and rings of a kernel all follow from these intervals.

import { headCount } from '../../../src/ir/footprint/heads.js';
import type { Node } from '../../../src/ir/index.js';
import {
  type Expression,
  isReadHere,
  offsetOf,
  type Read,
  readsOf,
  rootsOf,
  type Surroundings,
  visitParts,
} from '../../../src/ir/index.js';
import { type Interval, isHere } from './intervals.js';
import { demand } from './reason.js';
import { remembered } from './remembered.js';

export interface ScoreRead {
  readonly read: Read;
  readonly source: Node;
  readonly head: Expression;
  /** The offsets from its reader's place along each axis. */
  readonly at: Readonly<Record<ScoreAxis, Interval>>;
}

/** The axes of a matrix of scores. */
export type ScoreAxis = 'query' | 'key';

/** Whether a node is over batch, heads, queries and keys. */
export function isScoreLike({ domain }: Node): boolean {
  return domain.length === 4 && domain[2]!.kind === 'query' && domain[3]!.kind === 'key';
}

/**
 * Every read of score-like values in a node's expressions: of a fill, those of its mask alone. Tensors are not among them,
 * whatever their axes: they are there before anything is scheduled.
 */
export const scoreReads = remembered((node: Node): readonly ScoreRead[] => {
  const found: ScoreRead[] = [];
  for (const { expression, surroundings } of rootsOf(node)) {
    visitParts(expression, surroundings, (part, around) => {
      const isScore = part.kind === 'read' && part.source.op !== 'tensor' && isScoreLike(part.source);
      if (isScore) found.push(describe(part, around));
    });
  }
  return found;
});

function describe(read: Read, around: Surroundings): ScoreRead {
  const [, head, row, column] = read.index as readonly [Expression, Expression, Expression, Expression];
  const [query, key] = [offsetOf(row, ['query'], around), offsetOf(column, ['key'], around)];
  demand(query !== undefined && key !== undefined, 'a score is read at a place that does not follow its reader');
  return { read, source: read.source, head, at: { query: query.range, key: key.range } };
}

/**
 * Whether a value over queries and keys is nothing but memory: a tensor at its own place, perhaps hidden by masks. A
 * block may load it at any head, where everything else is computed by the block that has the head.
 */
export function isLoaded(node: Node): boolean {
  if (node.op === 'fill')
    return isLoaded(node.value) && readsOf(node.mask).every(({ source }) => source.op === 'tensor');
  if (node.op !== 'map' || !isReadHere(node.value, node)) return false;
  return node.value.source.op === 'tensor' && isScoreLike(node.value.source);
}

/** Whether a read is one of memory at its reader's row and key, whatever the head. */
export const isFreeRead = (read: ScoreRead): boolean => isInPlace(read) && isLoaded(read.source);

/** Whether a read stays at its reader's head. */
export const isOwnHead = ({ head, source }: ScoreRead, reader: Node): boolean =>
  head.kind === 'variable' && head.name === 'h' && headCount(reader.domain) === headCount(source.domain);

/** Whether a read stays at its reader's row and key. */
export const isInPlace = ({ at }: ScoreRead): boolean => isHere(at.query) && isHere(at.key);

/** Whether a read is of another row, key or head than its reader's. */
export const isElsewhere = (read: ScoreRead, reader: Node): boolean => !isInPlace(read) || !isOwnHead(read, reader);
