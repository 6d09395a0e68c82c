// What is made of an expression, kind by kind: the one place that goes down into parts. Numbers, ranges, what a value depends on,
// functions and texts are algebras; a kind that one of them forgets does not compile.
import type { Accumulate, Apply, Constant, Expression, Length, Read, Variable } from './expression.js';

/** What is made of each kind of expression, from what was made of its parts. */
export interface Algebra<Result> {
  readonly constant: (whole: Constant) => Result;
  readonly variable: (whole: Variable) => Result;
  readonly length: (whole: Length) => Result;
  /** `index` holds nothing where the algebra says that it does not look at indices. */
  readonly read: (whole: Read, index: readonly Result[]) => Result;
  readonly apply: (whole: Apply, operands: readonly Result[]) => Result;
  /** The body is gone into when it is asked for: whoever binds the counters does so before. */
  readonly accumulate: (whole: Accumulate, body: () => Result) => Result;
  /** Whether the indices of reads mean nothing here. */
  readonly skipsIndices?: boolean;
  /** What an expression is whose parts need not be looked at, such as one of another type. */
  readonly atSight?: (whole: Expression) => Result | undefined;
}

/** What is known of expressions already: a map of one fold, or a weak one of all. */
export interface KnownResults<Result> {
  readonly has: (expression: Expression) => boolean;
  readonly get: (expression: Expression) => Result | undefined;
  readonly set: (expression: Expression, result: Result) => unknown;
}

const none: readonly never[] = [];

/** What an algebra makes of an expression: of each distinct part that has parts itself once, parts before wholes. */
export function fold<Result>(
  root: Expression,
  algebra: Algebra<Result>,
  known: KnownResults<Result> = new Map<Expression, Result>(),
): Result {
  const { atSight } = algebra;
  const visit = (part: Expression): Result => {
    const seen = atSight?.(part);
    if (seen !== undefined) return seen;
    if (part.kind === 'constant' || part.kind === 'variable' || part.kind === 'length')
      return ofPart(part, algebra, visit);
    if (known.has(part)) return known.get(part) as Result;
    const result = ofPart(part, algebra, visit);
    known.set(part, result);
    return result;
  };
  return visit(root);
}

/** One step of a fold: what an algebra makes of an expression, given what makes it of the parts. */
export function ofPart<Result>(
  part: Expression,
  algebra: Algebra<Result>,
  visit: (part: Expression) => Result,
): Result {
  switch (part.kind) {
    case 'constant':
      return algebra.constant(part);
    case 'variable':
      return algebra.variable(part);
    case 'length':
      return algebra.length(part);
    case 'read':
      return algebra.read(part, algebra.skipsIndices ? none : part.index.map(visit));
    case 'apply':
      return algebra.apply(part, part.operands.map(visit));
    case 'accumulate':
      return algebra.accumulate(part, () => visit(part.body));
  }
}
