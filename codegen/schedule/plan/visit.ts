// Which part of the swept axis a tile of owned positions visits: bounds from the masks before the normalisers, as scalars of
// the tile's first position. What the bounds let through and a mask still hides is skipped tile by tile, by the mask's class.
import {
  affine,
  apply,
  classifyPredicate,
  conjunctsOf,
  type Expression,
  fromAffine,
  integer,
  length,
} from '../../../src/ir/index.js';
import type { LoopRange } from '../../tile/builder.js';
import { least, minus, most, plus, quotient, times } from '../../tile/scalars.js';
import type { Scalar } from '../../tile/types.js';
import type { Extents } from './extents.js';
import { axisFacts, type PositionRange, type Space } from './space.js';

/** The positions that some own position of a block may see under `mask`; all of them where nothing bounds them. */
export function visibleTo({ owned, swept, sizes }: Space, mask: Expression | undefined): PositionRange {
  const { first, end } = axisFacts[swept];
  const firstOwn = axisFacts[owned].tile;
  let [from, to]: [Scalar, Scalar] = [first, end];
  for (const conjunct of mask ? conjunctsOf(mask) : []) {
    const predicate = classifyPredicate(conjunct);
    if (predicate.kind !== 'affine' || predicate.relation !== 'atMostZero' || Math.abs(predicate[swept]) !== 1)
      continue;
    const { queries, keys, constant, byHead } = predicate;
    // ±at + rest(own) ≤ 0: an upper bound −rest for +, a lower bound rest for −, at the own position that gives most.
    const isUpper = predicate[swept] === 1;
    const wantsLargest = isUpper ? predicate[owned] < 0 : predicate[owned] > 0;
    const isLast = isUpper ? wantsLargest : !wantsLargest;
    const own = isLast ? plus(firstOwn, sizes.rows - 1) : plus(firstOwn, 0);
    const lengths = plus(times(length('query'), queries), times(length('key'), keys));
    const ofHead = fromAffine({ constant: 0, terms: byHead });
    const rest = plus(plus(plus(times(own, predicate[owned]), lengths), ofHead), constant);
    if (isUpper) to = least(to, plus(minus(0, rest), 1));
    else from = most(from, rest);
  }
  return { from: simplified(from), to };
}

/** The range that covers all of the given ones. */
export function hullOfRanges(ranges: readonly PositionRange[]): PositionRange {
  const [first, ...others] = ranges as [PositionRange, ...PositionRange[]];
  return others.reduce(
    (hull, each) => ({ from: joined('minimum', hull.from, each.from), to: joined('maximum', hull.to, each.to) }),
    first,
  );
}

const joined = (operation: 'minimum' | 'maximum', x: Scalar, y: Scalar): Scalar =>
  JSON.stringify(x) === JSON.stringify(y) ? x : apply(operation, x, y);

const simplified = (x: Scalar): Scalar =>
  affine(x)?.terms.length === 0 ? integer(Math.max(0, affine(x)!.constant)) : x;

/** The loop over newest positions that brings every trailing tile past what is visible: from its start less the lead, to its end and a drain. */
export function loopOver(
  visible: PositionRange,
  { swept, sizes: { columns: step } }: Space,
  { lead, longestLag }: Pick<Extents, 'lead' | 'longestLag'>,
): LoopRange {
  const start = lead === 0 ? visible.from : minus(visible.from, lead);
  const to = longestLag === 0 ? visible.to : plus(visible.to, longestLag);
  if (!axisFacts[swept].isAligned) return { from: most(axisFacts[swept].first, start), to, step };
  return { from: isZero(visible.from) ? integer(0) : times(quotient(most(0, start), step), step), to, step };
}

const isZero = (x: Scalar): boolean => x.kind === 'constant' && x.value === 0;
