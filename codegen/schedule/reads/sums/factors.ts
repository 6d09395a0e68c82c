// What a sum multiplies all of its terms with stands before the sum: it is multiplied once, and the terms say what they
// really depend on.

import {
  accumulate,
  apply,
  type Counter,
  type Expression,
  float,
  freeVariables,
  operandsIf,
} from '../../../../src/ir/index.js';

/** A term, and what stands around the sum of such terms. */
export interface Term {
  readonly inner: Expression;
  readonly around: (sum: Expression) => Expression;
}

const isZero = (x: Expression): boolean => x.kind === 'constant' && x.value === 0;

const uses = (x: Expression, names: ReadonlySet<string>): boolean =>
  [...freeVariables(x)].some((name) => names.has(name));

/** The term without the factors, signs and conditions that depend on none of the variables that are summed over. */
export function withoutFactors(term: Expression, summed: ReadonlySet<string>): Term {
  let inner = term;
  let around = (sum: Expression): Expression => sum;
  for (;;) {
    const next = withoutOne(inner, summed);
    if (!next) return { inner, around };
    const before = around;
    inner = next.inner;
    around = (sum) => before(next.around(sum));
  }
}

function withoutOne(term: Expression, summed: ReadonlySet<string>): Term | undefined {
  if (term.kind !== 'apply' || term.type !== 'float' || !uses(term, summed)) return undefined;
  const { operation, operands } = term;
  const [x, y, z] = operands as [Expression, Expression, Expression];
  switch (operation) {
    case 'negate':
      return { inner: x, around: (sum) => apply('negate', sum) };
    case 'multiply':
    case 'absorbingMultiply':
      if (!uses(y, summed)) return { inner: x, around: (sum) => apply(operation, sum, y) };
      if (!uses(x, summed)) return { inner: y, around: (sum) => apply(operation, x, sum) };
      return undefined;
    case 'divide':
      return uses(y, summed) ? undefined : { inner: x, around: (sum) => apply('divide', sum, y) };
    case 'select':
      if (uses(x, summed)) return undefined;
      if (isZero(z)) return { inner: y, around: (sum) => apply('select', x, sum, float(0)) };
      return isZero(y) ? { inner: z, around: (sum) => apply('select', x, float(0), sum) } : undefined;
    default:
      return undefined;
  }
}

/** Σ of a term over counters, each factor before the sum if it can be. */
export function summedOver(counters: readonly Counter[], term: Expression): Expression {
  if (counters.length === 0) return term;
  const { inner, around } = withoutFactors(term, new Set(counters.map(({ name }) => name)));
  return around(accumulate('sum', counters, inner));
}

/** The factors of a product; a factor of 0 hides the others, which are finite. */
export function factorsOf(value: Expression): readonly Expression[] {
  const operands = operandsIf(value, 'multiply') ?? operandsIf(value, 'absorbingMultiply');
  return operands ? operands.flatMap(factorsOf) : [value];
}

export const productOf = (factors: readonly Expression[]): Expression =>
  factors.length === 0 ? float(1) : factors.reduce((product, each) => apply('multiply', product, each));
