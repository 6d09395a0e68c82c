// Turns a read around: an element expression that reads a node at computed places becomes the node that gathers, for
// each place, what all its readers send there. Structured reads become maps and reductions, all others a bin.

import { affine, fromAffine } from '../ir/affine.js';
import {
  type Axis,
  accumulate,
  apply,
  binNode,
  bool,
  type Counter,
  type Domain,
  domainVariables,
  type Expression,
  extent,
  float,
  freeVariables,
  freshCounter,
  type IterationAxis,
  integer,
  length,
  mapNodeOver,
  type Node,
  reduceNode,
  sameAxis,
  substitute,
  variable,
} from '../ir/index.js';
import type { ReadCotangent } from './adjoint.js';

/** An iteration variable or counter of the reader, with the range that it runs over. */
type Unknown = { readonly name: string } & (
  | { readonly axis: Axis; readonly extent?: never }
  | { readonly extent: number; readonly axis?: never }
);

/**
 * The cotangent of `read.source` from one of its reads, over the source's domain.
 * @param iteration the axes that the reading expression is evaluated over, by the names of its variables.
 */
export function transposeRead(contribution: ReadCotangent, iteration: readonly IterationAxis[]): Node {
  const source = contribution.read.source;
  // The reader's variables get names of their own, as the result uses the standard names for the source's axes.
  const renamed = new Map<string, Expression>();
  const own = iteration.map(({ variable: name, axis }) => {
    const { name: fresh } = freshCounter(0);
    renamed.set(name, variable(fresh));
    return { name: fresh, axis };
  });
  const index = contribution.read.index.map((each) => substitute(each, renamed));
  const cotangent = substitute(contribution.cotangent, renamed);
  const solution = solve(source.domain, index, [...own, ...contribution.counters]);
  return solution
    ? gather(source.domain, cotangent, solution)
    : scatter(source.domain, index, cotangent, own, contribution.counters);
}

interface Solution {
  /** What each solved unknown is, in terms of the source's index variables and of `counters`. */
  readonly values: ReadonlyMap<string, Expression>;
  /** Conditions under which there is a reader at all. */
  readonly conditions: readonly Expression[];
  /** Unknowns that the source's place does not determine: the result sums over them. */
  readonly free: readonly Unknown[];
}

/** Solves index[n] = (the source's nth variable) for the reader's unknowns; undefined where that needs a search. */
function solve(domain: Domain, index: readonly Expression[], unknowns: readonly Unknown[]): Solution | undefined {
  const places = domainVariables(domain).map((name) => variable(name));
  const state = new Solver(unknowns);
  const open = new Set(index.keys());
  const attempts: readonly ((axis: number) => boolean)[] = [
    (axis) => state.splitPair(axis, index, places, open),
    (axis) => state.splitGroup(index[axis]!, places[axis]!),
    (axis) => state.isolate(index[axis]!, places[axis]!, domain[axis]!),
    (axis) => state.isolateMultiple(index[axis]!, places[axis]!, domain[axis]!),
    (axis) => state.splitQuotient(index[axis]!, places[axis]!, domain[axis]!),
  ];
  let progress = true;
  while (progress) {
    progress = false;
    for (const attempt of attempts) {
      for (const axis of [...open]) {
        if (open.has(axis) && attempt(axis)) {
          open.delete(axis);
          progress = true;
        }
      }
    }
  }
  for (const axis of open) {
    // No unknown is left in it, or the place alone does not say where its readers are.
    const settled = state.apply(index[axis]!);
    if ([...freeVariables(settled)].some((name) => state.isUnknown(name))) return undefined;
    state.conditions.push(apply('equal', settled, places[axis]!));
  }
  return state.solution();
}

class Solver {
  readonly conditions: Expression[] = [];
  private readonly unknowns: Map<string, Unknown>;
  private readonly values = new Map<string, Expression>();
  /** Whether the reader is over rows and keys at once: what one entry of a table collects from it is no part of one row. */
  private readonly isOverScores: boolean;

  constructor(unknowns: readonly Unknown[]) {
    this.unknowns = new Map(unknowns.map((each) => [each.name, each]));
    this.isOverScores = ['query', 'key'].every((kind) => unknowns.some(({ axis }) => axis?.kind === kind));
  }

  /** Whether an entry of a table would follow from a position of scores: those are scattered, tile by tile. */
  private isTableOfScores(unknown: Unknown, place: Axis): boolean {
    return this.isOverScores && 'size' in place && unknown.axis !== undefined && !('size' in unknown.axis);
  }

  isUnknown(name: string): boolean {
    return this.unknowns.has(name);
  }

  apply(expression: Expression): Expression {
    return substitute(expression, this.values);
  }

  private settle(unknown: Unknown, value: Expression, exact: boolean): void {
    this.unknowns.delete(unknown.name);
    for (const [name, before] of this.values)
      this.values.set(name, substitute(before, new Map([[unknown.name, value]])));
    this.values.set(unknown.name, value);
    if (!exact) this.conditions.push(...inRange(value, unknown));
  }

  /** index = ±unknown + (what is known, and counters that stay free). */
  isolate(index: Expression, place: Expression, axis: Axis): boolean {
    const form = affine(this.apply(index));
    if (!form) return false;
    // An axis of the reader is solved before a counter: a sum over counters is cheaper than one over an axis.
    const candidates = form.terms.flatMap(({ factor, coefficient }) => {
      const unknown = factor.kind === 'variable' ? this.unknowns.get(factor.name) : undefined;
      return unknown && Math.abs(coefficient) === 1 ? [{ factor, unknown, sign: coefficient }] : [];
    });
    const chosen = candidates.find(({ unknown }) => unknown.axis) ?? candidates[0];
    if (!chosen || this.isTableOfScores(chosen.unknown, axis)) return false;
    const { unknown, sign } = chosen;
    const others = form.terms.filter(({ factor }) => factor !== chosen.factor);
    // The same unknown inside another term (as in c·⌊h / c⌋ + h) cannot be isolated.
    if (others.some(({ factor }) => freeVariables(factor).has(unknown.name))) return false;
    const remainder = fromAffine({ constant: form.constant, terms: others });
    const isPlain = others.length === 0 && form.constant === 0 && sign === 1;
    const difference = isPlain ? place : apply('subtract', place, remainder);
    const value = sign === 1 ? difference : apply('negate', difference);
    const sameRange = unknown.axis ? sameAxis(unknown.axis, axis) : 'size' in axis && axis.size === unknown.extent;
    this.settle(unknown, value, isPlain && sameRange);
    return true;
  }

  /** index = ±size·unknown + (what is known, and counters that stay free): every so many places have a reader. */
  isolateMultiple(index: Expression, place: Expression, axis: Axis): boolean {
    const form = affine(this.apply(index));
    const chosen = form?.terms.find(({ factor }) => factor.kind === 'variable' && this.unknowns.get(factor.name)?.axis);
    if (!form || chosen?.factor.kind !== 'variable') return false;
    const others = form.terms.filter(({ factor }) => factor !== chosen.factor);
    const { name } = chosen.factor;
    if (this.isTableOfScores(this.unknowns.get(name)!, axis)) return false;
    if (others.some(({ factor }) => freeVariables(factor).has(name))) return false;
    const remainder = fromAffine({ constant: form.constant, terms: others });
    const isAtZero = others.length === 0 && form.constant === 0;
    const distance = isAtZero ? place : apply('subtract', place, remainder);
    const difference = chosen.coefficient > 0 ? distance : apply('negate', distance);
    const size = integer(Math.abs(chosen.coefficient));
    this.conditions.push(apply('equal', apply('remainder', difference, size), integer(0)));
    this.settle(this.unknowns.get(name)!, apply('floorDivide', difference, size), false);
    return true;
  }

  /** index = size·⌊head / size⌋ + counter with 0 ≤ counter < size: heads read within their own group. */
  splitGroup(index: Expression, place: Expression): boolean {
    const form = affine(this.apply(index));
    if (form?.constant !== 0 || form.terms.length !== 2) return false;
    const memberTerm = form.terms.find(({ factor }) => factor.kind === 'variable');
    const groupTerm = form.terms.find(({ factor }) => factor.kind === 'apply' && factor.operation === 'floorDivide');
    if (memberTerm?.factor.kind !== 'variable' || memberTerm.coefficient !== 1) return false;
    if (groupTerm?.factor.kind !== 'apply') return false;
    const [dividend, size] = groupTerm.factor.operands as [Expression, Expression];
    const member = this.unknowns.get(memberTerm.factor.name);
    if (size.kind !== 'constant' || size.value !== groupTerm.coefficient || member?.extent !== size.value) return false;
    const reader = dividend.kind === 'variable' ? this.unknowns.get(dividend.name) : undefined;
    if (!reader?.axis || !('size' in reader.axis)) return false;
    const start = apply('multiply', size, apply('floorDivide', place, size));
    const readerMember = freshCounter(size.value);
    this.unknowns.set(readerMember.name, readerMember);
    this.settle(member, apply('subtract', place, start), true);
    this.settle(reader, apply('add', start, variable(readerMember.name)), reader.axis.size % size.value === 0);
    return true;
  }

  /** index = ⌊head / size⌋ alone: a group of as many heads reads the place. */
  splitQuotient(index: Expression, place: Expression, axis: Axis): boolean {
    const quotient = this.apply(index);
    if (quotient.kind !== 'apply' || quotient.operation !== 'floorDivide') return false;
    const [dividend, size] = quotient.operands as [Expression, Expression];
    const unknown = dividend.kind === 'variable' ? this.unknowns.get(dividend.name) : undefined;
    if (!unknown?.axis || !('size' in unknown.axis) || size.kind !== 'constant' || size.value < 1) return false;
    const member = freshCounter(size.value);
    this.unknowns.set(member.name, member);
    const isWhole = 'size' in axis && axis.size * size.value === unknown.axis.size;
    this.settle(unknown, apply('add', apply('multiply', size, place), variable(member.name)), isWhole);
    return true;
  }

  /** Two indices ⌊unknown / size⌋ and unknown % size together give the unknown. */
  splitPair(axis: number, index: readonly Expression[], places: readonly Expression[], open: Set<number>): boolean {
    const quotient = this.apply(index[axis]!);
    if (quotient.kind !== 'apply' || quotient.operation !== 'floorDivide') return false;
    const [dividend, size] = quotient.operands as [Expression, Expression];
    const unknown = dividend.kind === 'variable' ? this.unknowns.get(dividend.name) : undefined;
    if (!unknown || size.kind !== 'constant') return false;
    // A remainder has its dividend's sign. The quotient of a negative one is negative, which is no place.
    const other = [...open].find((n) => {
      const candidate = this.apply(index[n]!);
      if (candidate.kind !== 'apply' || candidate.operation !== 'remainder') return false;
      const [x, y] = candidate.operands as [Expression, Expression];
      return x.kind === 'variable' && x.name === unknown.name && y.kind === 'constant' && y.value === size.value;
    });
    if (other === undefined) return false;
    open.delete(other);
    this.conditions.push(apply('less', places[other]!, size));
    this.settle(unknown, apply('add', apply('multiply', places[axis]!, size), places[other]!), false);
    return true;
  }

  solution(): Solution {
    const conditions = this.conditions.map((each) => this.apply(each));
    return { values: this.values, conditions, free: [...this.unknowns.values()] };
  }
}

/** Whether `value` lies in the range of an axis or counter. */
function inRange(value: Expression, unknown: Unknown): readonly Expression[] {
  const [start, end] = unknown.axis ? rangeOf(unknown.axis) : [integer(0), integer(unknown.extent)];
  return [apply('lessOrEqual', start, value), apply('less', value, end)];
}

function rangeOf(axis: Axis): readonly [Expression, Expression] {
  const keys = length('key');
  switch (axis.kind) {
    case 'batch':
      return [integer(0), length('batch')];
    case 'query':
      return [apply('subtract', keys, length('query')), keys];
    case 'key':
    case 'position':
      return [integer(0), keys];
    case 'head':
    case 'feature':
    case 'extent':
      return [integer(0), integer(axis.size)];
  }
}

/** Each element of the source's domain collects from its readers: a map, or a reduction over the axes left free. */
function gather(domain: Domain, cotangent: Expression, { values, conditions, free }: Solution): Node {
  const own = domainVariables(domain);
  const taken = new Set(own);
  const over: IterationAxis[] = [];
  const counters: Counter[] = [];
  const names = new Map<string, Expression>();
  for (const unknown of free) {
    if (unknown.axis === undefined) {
      counters.push(unknown);
      continue;
    }
    const [letter] = domainVariables([unknown.axis]);
    let name = letter!;
    for (let n = 2; taken.has(name); n += 1) name = `${letter}${n}`;
    taken.add(name);
    names.set(unknown.name, variable(name));
    over.push({ variable: name, axis: unknown.axis });
  }
  const condition = conditions.reduce<Expression>(
    (all, each) => (isTrue(all) ? each : apply('and', all, each)),
    bool(true),
  );
  const solved = substitute(cotangent, values);
  const guarded = isTrue(condition) ? solved : apply('select', condition, solved, float(0));
  const summed = counters.length === 0 ? guarded : accumulate('sum', counters, guarded);
  const value = substitute(summed, names);
  return over.length === 0 ? mapNodeOver(domain, value) : reduceNode('sum', domain, over, value);
}

const isTrue = (expression: Expression): boolean => expression.kind === 'constant' && expression.value === 1;

/** Each reader adds at the place that it reads: the form for indices that cannot be turned around. */
function scatter(
  domain: Domain,
  index: readonly Expression[],
  cotangent: Expression,
  iteration: readonly { readonly name: string; readonly axis: Axis }[],
  counters: readonly Counter[],
): Node {
  const axes = [...iteration, ...counters.map(({ name, extent: size }) => ({ name, axis: extent(size) }))];
  const standard = domainVariables(axes.map(({ axis }) => axis));
  const names = new Map(axes.map(({ name }, n) => [name, variable(standard[n]!)]));
  const iterate = axes.map(({ axis }, n) => ({ variable: standard[n]!, axis }));
  return binNode(
    domain,
    iterate,
    index.map((each) => substitute(each, names)),
    substitute(cotangent, names),
  );
}
