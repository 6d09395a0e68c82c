// Sums and maxima in masks: short ones term by term, whose ranges of tables are narrow ones; long ones over all of their
// counters at once.
import {
  type Accumulate,
  apply,
  type Counter,
  type Expression,
  fold,
  freeVariables,
  integer,
  mapParts,
  type Read,
  substitute,
  visitParts,
} from '../../src/ir/index.js';

/** Sums and maxima of more terms are taken over the hull of their counters. */
const MOST_TERMS = 8;

/** The number of terms of a sum or a maximum. */
export const countOf = (counters: readonly Counter[]): number =>
  counters.reduce((product, { extent }) => product * extent, 1);

const unrolled = new WeakMap<Expression, Expression>();

/** The mask with its short sums and maxima of integers written out: as they are decided, and as tables are looked at. */
export function unrolledMask(mask: Expression): Expression {
  let known = unrolled.get(mask);
  if (!known) {
    const parts = mapParts(mask, unrolledMask);
    known = parts.kind === 'accumulate' ? unrolledAccumulation(parts) : parts;
    unrolled.set(mask, known);
  }
  return known;
}

function unrolledAccumulation(whole: Accumulate): Expression {
  const { monoid, counters, body, type } = whole;
  const count = countOf(counters);
  const isUsed = counters.some(({ name }) => freeVariables(body).has(name));
  if (type !== 'int' || count === 0 || count > MOST_TERMS || !isUsed) return whole;
  let terms: readonly Expression[] = [body];
  for (const { name, extent } of counters) {
    terms = terms.flatMap((term) =>
      Array.from({ length: extent }, (_, at) => substitute(term, new Map([[name, integer(at)]]))),
    );
  }
  return terms.reduce((total, term) => apply(monoid === 'sum' ? 'add' : 'maximum', total, term));
}

/** Whether a whole number is made of entries of tables, more than by choosing between numbers that are not. */
export const carriesEntries = (expression: Expression): boolean =>
  fold<boolean>(expression, {
    constant: () => false,
    variable: () => false,
    length: () => false,
    read: () => true,
    apply: ({ operation }, operands) => operands.slice(operation === 'select' ? 1 : 0).includes(true),
    accumulate: (_, body) => body(),
    skipsIndices: true,
  });

/** A read of a table in a mask, with the counters around it. */
export interface TableRead {
  readonly read: Read;
  readonly counters: ReadonlyMap<string, number>;
}

/** The reads of tables of integers by which a mask is decided. */
export function tableReadsOf(mask: Expression): readonly TableRead[] {
  const found: TableRead[] = [];
  visitParts(unrolledMask(mask), { axes: new Map(), counters: new Map() }, (part, { counters }) => {
    if (part.kind === 'read' && part.type === 'int') found.push({ read: part, counters });
  });
  return found;
}
