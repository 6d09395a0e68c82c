// Masks as conjunctions of predicates that tile classes can decide: affine in i and j, made of tables, or of a grid.
// A mask stays an expression; these functions say what it is made of.
import { type AffineTerm, affine } from '../affine.js';
import type { Apply, Expression } from '../expression.js';
import { freeVariables, readsOf } from '../expression.js';
import type { TensorNode } from '../node.js';
import { anyPart } from '../operation-cost.js';
import type { OperationName } from '../operations.js';

/** query·i + key·j + queries·Tq + keys·Tk + Σ byHead + constant, compared with 0. */
export interface AffinePredicate {
  readonly kind: 'affine';
  readonly relation: 'atMostZero' | 'zero' | 'notZero';
  readonly query: number;
  readonly key: number;
  readonly queries: number;
  readonly keys: number;
  readonly constant: number;
  /** Terms that are the same at all positions, as they know heads and what else a block has one of. */
  readonly byHead: readonly AffineTerm[];
}

export type PredicateClass =
  | AffinePredicate
  /** Compares entries of tensors: decided for a tile by a summary of the tables. */
  | { readonly kind: 'table'; readonly tensors: readonly TensorNode[] }
  /** A choice of conjunctions: full where one is full, empty where all are empty. */
  | { readonly kind: 'either'; readonly alternatives: readonly (readonly PredicateClass[])[] }
  /** Positions alone, through integer division, remainders and the like: decided by interval arithmetic. */
  | { readonly kind: 'grid' }
  /** Reads scores or floats: no predicate of positions. */
  | { readonly kind: 'other' };

/** The parts of a conjunction, in order; the mask itself where it is none. */
export const conjunctsOf = (mask: Expression): readonly Expression[] => chain(mask, 'and');
/** The parts of a disjunction, in order; the mask itself where it is none. */
export const disjunctsOf = (mask: Expression): readonly Expression[] => chain(mask, 'or');

function chain(mask: Expression, operation: 'and' | 'or'): readonly Expression[] {
  if (mask.kind !== 'apply' || mask.operation !== operation) return [mask];
  return mask.operands.flatMap((part) => chain(part, operation));
}

const maskVariables: ReadonlySet<string> = new Set(['b', 'h', 'i', 'j']);

/** Whether a mask may hold this condition: b, h, i and j alone, and tensors at them. */
export function isPositional(condition: Expression): boolean {
  for (const name of freeVariables(condition)) if (!maskVariables.has(name)) return false;
  return readsTensorsAlone(condition);
}

const readsTensorsAlone = (condition: Expression): boolean =>
  readsOf(condition).every(({ source }) => source.op === 'tensor');

/** What a conjunct is to the tiles it is asked about; variables besides i and j are the same for a whole tile. */
export function classifyPredicate(conjunct: Expression): PredicateClass {
  if (!readsTensorsAlone(conjunct)) return { kind: 'other' };
  const alternatives = disjunctsOf(conjunct);
  if (alternatives.length > 1) {
    return { kind: 'either', alternatives: alternatives.map((each) => conjunctsOf(each).map(classifyPredicate)) };
  }
  const affinePredicate = conjunct.kind === 'apply' ? classifyComparison(conjunct) : undefined;
  if (affinePredicate) return affinePredicate;
  const tensors = new Set<TensorNode>();
  for (const { source } of readsOf(conjunct)) if (source.op === 'tensor') tensors.add(source);
  if (tensors.size > 0) return { kind: 'table', tensors: [...tensors] };
  return anyPart(conjunct, ({ type }) => type === 'float') ? { kind: 'other' } : { kind: 'grid' };
}

/** How a comparison x ∘ y is one of x − y with 0: with which sign, what is added, and which relation. */
const comparisons: Partial<
  Record<OperationName, { readonly sign: 1 | -1; readonly plus: 0 | 1; readonly relation: AffinePredicate['relation'] }>
> = {
  lessOrEqual: { sign: 1, plus: 0, relation: 'atMostZero' },
  less: { sign: 1, plus: 1, relation: 'atMostZero' },
  greaterOrEqual: { sign: -1, plus: 0, relation: 'atMostZero' },
  greater: { sign: -1, plus: 1, relation: 'atMostZero' },
  equal: { sign: 1, plus: 0, relation: 'zero' },
  notEqual: { sign: 1, plus: 0, relation: 'notZero' },
};

function classifyComparison({ operation, operands }: Apply): AffinePredicate | undefined {
  const comparison = comparisons[operation];
  const [left, right] = operands.map(affine);
  if (!comparison || !left || !right) return undefined;
  const { sign, plus, relation } = comparison;
  const sum = { query: 0, key: 0, queries: 0, keys: 0, constant: sign * (left.constant - right.constant) + plus };
  const byHead: AffineTerm[] = [];
  for (const [side, weight] of [
    [left, sign],
    [right, -sign],
  ] as const) {
    for (const { factor, coefficient } of side.terms) {
      const name = placeOf(factor);
      if (name) sum[name] += weight * coefficient;
      else if (isSameEverywhere(factor)) byHead.push({ factor, coefficient: weight * coefficient });
      else return undefined;
    }
  }
  // `+ 0` keeps −0 out.
  return {
    kind: 'affine',
    relation,
    query: sum.query + 0,
    key: sum.key + 0,
    queries: sum.queries + 0,
    keys: sum.keys + 0,
    constant: sum.constant + 0,
    byHead,
  };
}

/** Whether a number knows neither positions nor tables. */
function isSameEverywhere(factor: Expression): boolean {
  const free = freeVariables(factor);
  return !free.has('i') && !free.has('j') && readsOf(factor).length === 0;
}

function placeOf(factor: Expression): 'query' | 'key' | 'queries' | 'keys' | undefined {
  if (factor.kind === 'variable') return factor.name === 'i' ? 'query' : factor.name === 'j' ? 'key' : undefined;
  if (factor.kind !== 'length' || factor.of === 'batch') return undefined;
  return factor.of === 'query' ? 'queries' : 'keys';
}
