// Sums over heads that lie in memory: a loop loads one head after the other and adds it to all sums that read it, so that a
// kernel is as long for sixty-four heads as for four.

import { type Accumulate, apply, asFloat, freeVariables, type NodeOf, subexpressions } from '../../../src/ir/index.js';
import { operand } from '../../tile/operations.js';
import type { Tile } from '../../tile/types.js';
import { remembered } from '../reads/remembered.js';
import { isFreeRead, scoreReads } from '../reads/score-reads.js';
import type { TileExpression } from '../reads/tile-expression.js';

/** The variable of the loop. */
export const SUMMED = 'N';

/** A sum at one head, with the values of the counters around it that it depends on. */
export interface HeadSum {
  readonly sum: Accumulate;
  readonly head: number;
  readonly counters: ReadonlyMap<string, number>;
}

/** Sums of fewer heads are written out. */
const FEWEST = 3;

/** The sums in a map's expression that a loop over heads in memory gives. */
export const headSumsOf = remembered(
  (node: NodeOf<'map'>): ReadonlySet<Accumulate> =>
    new Set(subexpressions(node.value).filter((part) => isHeadSum(part, node))),
);

function isHeadSum(part: object, node: NodeOf<'map'>): part is Accumulate {
  const sum = part as Accumulate;
  const [counter] = sum.counters ?? [];
  if (sum.kind !== 'accumulate' || sum.monoid !== 'sum' || sum.counters.length !== 1) return false;
  if (counter!.extent < FEWEST || subexpressions(sum.body).some(({ kind }) => kind === 'accumulate')) return false;
  const inside = new Set(subexpressions(sum.body));
  const reads = scoreReads(node).filter(({ read }) => inside.has(read));
  return reads.every(isFreeRead) && reads.some(({ head }) => freeVariables(head).has(counter!.name));
}

/** What tells two sums of a node apart: those that depend on no head are the same for all. */
export function keyOfSum({ sum, head, counters }: HeadSum, all: ReadonlySet<Accumulate>): string {
  const free = freeVariables(sum);
  const around = [...counters].filter(([name]) => free.has(name)).map(([name, value]) => `${name} = ${value}`);
  return `sum ${[...all].indexOf(sum)} of ${free.has('h') ? head : 'all'} ${around.join(', ')}`;
}

/** A sum with one more term. */
export const withTerm = ({ value, operands }: TileExpression, total: Tile) => ({
  operands: [...operands, total],
  value: apply('add', operand(operands.length), asFloat(value)),
});
