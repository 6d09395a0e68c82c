// Which keys a tile of rows visits: bounds on j from the masks before the normalisers, as scalars of the tile's first row.
// What the bounds let through and a mask still hides is skipped tile by tile, by the mask's class.
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
import { least, minus, most, plus, quotient, times } from '../../tile/scalars.js';
import type { Scalar } from '../../tile/types.js';

/** Keys from `from` to before `to`. */
export interface KeyRange {
  readonly from: Scalar;
  readonly to: Scalar;
}

const keys: Scalar = length('key');

/** The keys that some row of [firstRow, firstRow + rows) may see under `mask`; all keys where nothing bounds them. */
export function visibleKeys(mask: Expression | undefined, firstRow: Scalar, rows: number): KeyRange {
  let [from, to]: [Scalar, Scalar] = [integer(0), keys];
  for (const conjunct of mask ? conjunctsOf(mask) : []) {
    const predicate = classifyPredicate(conjunct);
    if (predicate.kind !== 'affine' || predicate.relation !== 'atMostZero' || Math.abs(predicate.key) !== 1) continue;
    const { query, key, queries, keys: perKey, constant, byHead } = predicate;
    // key · j + rest(i) ≤ 0: an upper bound −rest for key = 1, a lower bound rest for key = −1, at the row that gives most.
    const wantsLargest = key === 1 ? query < 0 : query > 0;
    const wantsLastRow = key === 1 ? wantsLargest : !wantsLargest;
    const row = wantsLastRow ? plus(firstRow, rows - 1) : firstRow;
    const lengths = plus(times(length('query'), queries), times(keys, perKey));
    const own = fromAffine({ constant: 0, terms: byHead });
    const rest = plus(plus(plus(times(row, query), lengths), own), constant);
    if (key === 1) to = least(to, plus(minus(0, rest), 1));
    else from = most(from, rest);
  }
  return { from: simplified(from), to };
}

/** The range that covers all of the given ones. */
export function hullOf(ranges: readonly KeyRange[]): KeyRange {
  const [first, ...others] = ranges as [KeyRange, ...KeyRange[]];
  return others.reduce(
    (hull, each) => ({ from: joined('minimum', hull.from, each.from), to: joined('maximum', hull.to, each.to) }),
    first,
  );
}

const joined = (operation: 'minimum' | 'maximum', x: Scalar, y: Scalar): Scalar =>
  JSON.stringify(x) === JSON.stringify(y) ? x : apply(operation, x, y);

const simplified = (x: Scalar): Scalar =>
  affine(x)?.terms.length === 0 ? integer(Math.max(0, affine(x)!.constant)) : x;

/** The loop over newest keys that brings every trailing box past `visible`: from its start less the halo, to its end and a drain. */
export function loopOver(
  visible: KeyRange,
  halo: number,
  lag: number,
  step: number,
): KeyRange & { readonly step: number } {
  const start = halo === 0 ? visible.from : minus(visible.from, halo);
  const from = isZero(visible.from) ? integer(0) : times(quotient(most(0, start), step), step);
  return { from, to: lag === 0 ? visible.to : plus(visible.to, lag), step };
}

const isZero = (x: Scalar): boolean => x.kind === 'constant' && x.value === 0;
