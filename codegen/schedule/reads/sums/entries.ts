// A table of sums that are computed one by one: which indices are written out, and the expression that takes each entry from
// the sum that gives it.

import {
  apply,
  type Expression,
  float,
  type IterationAxis,
  integer,
  substitute,
  variable,
} from '../../../../src/ir/index.js';
import { foldedExpression } from '../../../../src/passes/index.js';
import { demand } from '../reason.js';
import { valuesOf } from './places.js';

/** Sums of a table that are written out. A kernel holds a number for each. */
const MOST_ENTRIES = 256;

/** A term, and what its sums are multiplied with. */
export interface WeighedTerm {
  readonly term: Expression;
  readonly weight: Expression;
}

const isZero = (x: Expression): boolean => x.kind === 'constant' && x.value === 0;

/**
 * An expression of the indices `axes` that is what `sumOf` gives for the term of each of their values. What is 0 needs no sum.
 * @throws Unschedulable where there are too many
 */
export function entriesOf(
  axes: readonly IterationAxis[],
  { term, weight }: WeighedTerm,
  sumOf: (term: Expression) => Expression,
): Expression {
  const all = valuesOf(axes);
  demand(
    all.length <= MOST_ENTRIES,
    `a gradient has ${all.length} sums in a block, and at most ${MOST_ENTRIES} are written out`,
  );
  return all.reduceRight<Expression>((others, values) => {
    const indices = new Map([...values].map(([name, value]) => [name, integer(value)] as const));
    const own = foldedExpression(substitute(term, indices));
    if (isZero(own) || isZero(foldedExpression(substitute(weight, indices)))) return others;
    const entry = sumOf(own);
    const conditions = [...indices].map(([name, value]) => apply('equal', variable(name), value));
    if (conditions.length === 0) return entry;
    return apply(
      'select',
      conditions.reduce((one, other) => apply('and', one, other)),
      entry,
      others,
    );
  }, float(0));
}
