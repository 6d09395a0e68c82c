// Where a sum runs and what it is a function of: which of its axes are rows and keys of scores, which one is the head
// that a block computes it for, and which entries are written out one by one.

import {
  type Axis,
  affine,
  apply,
  type Domain,
  domainVariables,
  type Expression,
  type IterationAxis,
  integer,
  mapParts,
  readsOf,
  sameExpression,
  staticSize,
  substitute,
  variable,
} from '../../../../src/ir/index.js';
import type { ScoreAxis } from '../score-reads.js';
import { headSlot } from '../tile-expression.js';

/** The axes that a sum keeps and those that it runs over. */
export interface SumAxes {
  readonly kept: readonly IterationAxis[];
  readonly over: readonly IterationAxis[];
}

export const iterationOf = (domain: Domain): readonly IterationAxis[] =>
  domainVariables(domain).map((name, n) => ({ variable: name, axis: domain[n]! }));

export const isStatic = ({ axis }: IterationAxis): boolean => staticSize(axis) !== undefined;
export const sizeOf = ({ axis }: IterationAxis): number => staticSize(axis)!;
export const namesOf = (axes: readonly IterationAxis[]): ReadonlySet<string> =>
  new Set(axes.map((each) => each.variable));

export const find = (axes: readonly IterationAxis[], kind: Axis['kind']): IterationAxis | undefined =>
  axes.find(({ axis }) => axis.kind === kind);

export interface Position {
  readonly name: string;
  readonly isSummed: boolean;
}

/** Which variables stand for rows and for keys. A position is whichever of them is not there by itself. */
export function positionsOf({ kept, over }: SumAxes): Readonly<Partial<Record<ScoreAxis, Position>>> | undefined {
  const found: Partial<Record<ScoreAxis, Position>> = {};
  const all = [...over.map((each) => [each, true] as const), ...kept.map((each) => [each, false] as const)];
  for (const [{ variable: name, axis }, isSummed] of all) {
    if (axis.kind !== 'query' && axis.kind !== 'key') continue;
    if (found[axis.kind]) return undefined;
    found[axis.kind] = { name, isSummed };
  }
  for (const [{ variable: name, axis }, isSummed] of all) {
    if (axis.kind !== 'position') continue;
    const free: ScoreAxis | undefined = found.key ? (found.query ? undefined : 'query') : 'key';
    if (free === undefined) return undefined;
    found[free] = { name, isSummed };
  }
  return found;
}

/** The head that a sum is computed for: how many there are, and what stands for it where the result is read. */
export interface SumHead {
  readonly size: number;
  /** The term with the head as `h`. */
  readonly term: Expression;
  /** The head of an entry of the result; undefined where all heads are summed. */
  readonly at: Expression | undefined;
  /** The axis that stood for it. */
  readonly axis: IterationAxis | undefined;
}

const HEAD = variable('h');

/**
 * The head of the result if it has one, else one that is summed over; where heads are read by the indices of a table, the first
 * head that is read so: its indices follow from it.
 */
export function headOf({ kept, over }: SumAxes, term: Expression): SumHead {
  const own = find(kept, 'head');
  if (own)
    return {
      size: sizeOf(own),
      term: substitute(term, new Map([[own.variable, HEAD]])),
      at: variable(own.variable),
      axis: own,
    };
  const summed = find(over, 'head');
  if (summed)
    return {
      size: sizeOf(summed),
      term: substitute(term, new Map([[summed.variable, HEAD]])),
      at: undefined,
      axis: summed,
    };
  const sizes = new Map(kept.filter(isStatic).map((each) => [each.variable, sizeOf(each)]));
  for (const { source, index } of readsOf(term)) {
    const at = index[headSlot(source)];
    if (source.op === 'tensor' || at === undefined) continue;
    const indices = indicesOf(at, sizes);
    if (!indices) continue;
    const ofHead = replaced(term, (part) => (part.type === 'int' && sameExpression(part, at) ? HEAD : undefined));
    const size = [...indices.keys()].reduce((product, name) => product * sizes.get(name)!, 1);
    return { size, term: substitute(ofHead, indices), at, axis: undefined };
  }
  return { size: 1, term, at: integer(0), axis: undefined };
}

/** The variables of a head index that counts heads in mixed radix, as functions of the head `h`. */
function indicesOf(at: Expression, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, Expression> | undefined {
  const form = affine(at);
  if (form?.constant !== 0 || form.terms.length === 0) return undefined;
  const found = new Map<string, Expression>();
  let stride = 1;
  const terms = [...form.terms].sort((one, other) => one.coefficient - other.coefficient);
  for (const [n, { factor, coefficient }] of terms.entries()) {
    const size = factor.kind === 'variable' ? sizes.get(factor.name) : undefined;
    if (factor.kind !== 'variable' || size === undefined || coefficient !== stride) return undefined;
    const quotient = stride === 1 ? HEAD : apply('floorDivide', HEAD, integer(stride));
    const isLast = n === terms.length - 1;
    found.set(factor.name, isLast ? quotient : apply('remainder', quotient, integer(size)));
    stride *= size;
  }
  return found;
}

/** An expression with some of its parts replaced, whole ones before their own parts. */
export function replaced(root: Expression, change: (part: Expression) => Expression | undefined): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (part: Expression): Expression => {
    const known = done.get(part);
    if (known) return known;
    const result = change(part) ?? mapParts(part, visit);
    done.set(part, result);
    return result;
  };
  return visit(root);
}

/** All values of some static axes, the last of them fastest. */
export const valuesOf = (axes: readonly IterationAxis[]): readonly ReadonlyMap<string, number>[] =>
  axes.reduce<readonly ReadonlyMap<string, number>[]>(
    (places, each) =>
      places.flatMap((place) => Array.from({ length: sizeOf(each) }, (_, at) => new Map(place).set(each.variable, at))),
    [new Map()],
  );
