// Element expressions: what one element of a node is, as an immutable directed acyclic graph of scalar operations,
// reads of other nodes and bounded sums. Sharing is by reference; the passes make equal expressions one object.

import type { Node } from './node.js';
import { type OperationName, operations, type ScalarType } from './operations.js';

export interface Constant {
  readonly kind: 'constant';
  readonly type: ScalarType;
  /** Truth values are 0 and 1. */
  readonly value: number;
}
/** An index variable of the node's iteration domain, or a counter of an enclosing accumulation. */
export interface Variable {
  readonly kind: 'variable';
  readonly type: 'int';
  readonly name: string;
}
/** A size that only the call knows: B, Tq or Tk. */
export interface Length {
  readonly kind: 'length';
  readonly type: 'int';
  readonly of: 'batch' | 'query' | 'key';
}
/** An element of another node, 0 outside its domain. Query and key indices are absolute positions. */
export interface Read {
  readonly kind: 'read';
  readonly type: 'int' | 'float';
  readonly source: Node;
  readonly index: readonly Expression[];
}
export interface Apply {
  readonly kind: 'apply';
  readonly type: ScalarType;
  readonly operation: OperationName;
  readonly operands: readonly Expression[];
}
export interface Counter {
  readonly name: string;
  /** 0 ≤ counter < extent. */
  readonly extent: number;
}
/** All values of counters, the last one fastest. */
export const valuesOfCounters = (counters: readonly Pick<Counter, 'extent'>[]): readonly (readonly number[])[] =>
  counters.reduce<readonly (readonly number[])[]>(
    (values, { extent }) => values.flatMap((before) => Array.from({ length: extent }, (_, n) => [...before, n])),
    [[]],
  );
/** The same by the names of the counters. */
export const namedValuesOf = (counters: readonly Counter[]): readonly ReadonlyMap<string, number>[] =>
  valuesOfCounters(counters).map((values) => new Map(counters.map(({ name }, n) => [name, values[n]!])));

/** Σ or max of the body over a box of counters, the last counter fastest. An empty max is −Infinity. */
export interface Accumulate {
  readonly kind: 'accumulate';
  readonly type: 'int' | 'float';
  readonly monoid: 'sum' | 'max';
  readonly counters: readonly Counter[];
  readonly body: Expression;
}
export type Expression = Constant | Variable | Length | Read | Apply | Accumulate;

// ── Construction ────────────────────────────────────────────────────────────────────────────────────

export const integer = (value: number): Constant => ({ kind: 'constant', type: 'int', value });
export const float = (value: number): Constant => ({ kind: 'constant', type: 'float', value });
export const bool = (value: boolean): Constant => ({ kind: 'constant', type: 'bool', value: value ? 1 : 0 });
export const variable = (name: string): Variable => ({ kind: 'variable', type: 'int', name });
export const length = (of: Length['of']): Length => ({ kind: 'length', type: 'int', of });

/** Thrown when an expression cannot be typed; the frontend checks first and gives its own diagnostic. */
export class TypeMismatch extends Error {}

/** An integer as a float; a float as it is. Integer constants become float constants. */
export function asFloat(x: Expression): Expression {
  if (x.type === 'float') return x;
  if (x.type === 'bool') throw new TypeMismatch('a truth value is not a number');
  return x.kind === 'constant' ? float(x.value) : { kind: 'apply', type: 'float', operation: 'toFloat', operands: [x] };
}

function promote(operands: readonly Expression[]): readonly Expression[] {
  return operands.some((x) => x.type === 'float') ? operands.map(asFloat) : operands;
}

function requireType(operation: OperationName, operands: readonly Expression[], type: ScalarType): void {
  for (const operand of operands) {
    if (operand.type !== type) throw new TypeMismatch(`${operation} takes ${type} operands, not ${operand.type}`);
  }
}

/** Applies `operation`, promoting integers to floats where its typing asks for it. */
export function apply(operation: OperationName, ...operands: readonly Expression[]): Apply {
  const { arity, typing } = operations[operation];
  if (operands.length !== arity) throw new TypeMismatch(`${operation} takes ${arity} operands, not ${operands.length}`);
  const typed = (type: ScalarType, given: readonly Expression[]): Apply => ({
    kind: 'apply',
    type,
    operation,
    operands: given,
  });
  switch (typing) {
    case 'numeric': {
      if (operands.some((x) => x.type === 'bool')) throw new TypeMismatch(`${operation} takes numbers`);
      const promoted = promote(operands);
      return typed(promoted[0]!.type, promoted);
    }
    case 'float':
      return typed('float', operands.map(asFloat));
    case 'integer':
      requireType(operation, operands, 'int');
      return typed('int', operands);
    case 'compare': {
      if (operands.every((x) => x.type === 'bool')) return typed('bool', operands);
      if (operands.some((x) => x.type === 'bool')) throw new TypeMismatch('a truth value is not a number');
      return typed('bool', promote(operands));
    }
    case 'logic':
      requireType(operation, operands, 'bool');
      return typed('bool', operands);
    case 'toFloat':
      requireType(operation, operands, 'int');
      return typed('float', operands);
    case 'toInteger':
      requireType(operation, operands, 'float');
      return typed('int', operands);
    case 'select': {
      const [condition, ...sides] = operands;
      requireType(operation, [condition!], 'bool');
      const bools = sides.filter((x) => x.type === 'bool').length;
      if (bools === 1) throw new TypeMismatch('both sides of a select must be numbers or both truth values');
      const promoted = promote(sides);
      return typed(promoted[0]!.type, [condition!, ...promoted]);
    }
  }
}

export function read(source: Node, index: readonly Expression[]): Read {
  const type = source.op === 'tensor' ? source.dtype : 'float';
  return { kind: 'read', type, source, index };
}

export function accumulate(monoid: 'sum' | 'max', counters: readonly Counter[], body: Expression): Accumulate {
  if (body.type === 'bool') throw new TypeMismatch(`${monoid} takes numbers`);
  // An empty maximum is −Infinity, which no integer is.
  const typed =
    monoid === 'max' && body.type === 'int' && counters.some(({ extent }) => extent === 0) ? asFloat(body) : body;
  return { kind: 'accumulate', type: typed.type as 'int' | 'float', monoid, counters, body: typed };
}

// ── Traversal ───────────────────────────────────────────────────────────────────────────────────────

/** The direct parts of an expression. */
export function parts(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'constant':
    case 'variable':
    case 'length':
      return [];
    case 'read':
      return expression.index;
    case 'apply':
      return expression.operands;
    case 'accumulate':
      return [expression.body];
  }
}

/** The same expression with its direct parts replaced by `change(part)`; the same object where nothing changed. */
export function mapParts(expression: Expression, change: (part: Expression) => Expression): Expression {
  const before = parts(expression);
  if (before.length === 0) return expression;
  const after = before.map(change);
  if (after.every((part, n) => part === before[n])) return expression;
  switch (expression.kind) {
    case 'read':
      return { ...expression, index: after };
    case 'apply':
      return { ...expression, operands: after };
    case 'accumulate':
      return { ...expression, body: after[0]! };
    default:
      return expression;
  }
}

/** Every distinct expression object below and including `root`, parts before wholes. */
export function subexpressions(root: Expression): readonly Expression[] {
  const seen = new Set<Expression>();
  const visit = (expression: Expression): void => {
    if (seen.has(expression)) return;
    for (const part of parts(expression)) visit(part);
    seen.add(expression);
  };
  visit(root);
  return [...seen];
}

const freeVariableCache = new WeakMap<Expression, ReadonlySet<string>>();

/** The names of the variables that `expression` uses and does not bind. */
export function freeVariables(expression: Expression): ReadonlySet<string> {
  const cached = freeVariableCache.get(expression);
  if (cached) return cached;
  const free = new Set<string>();
  if (expression.kind === 'variable') free.add(expression.name);
  for (const part of parts(expression)) for (const name of freeVariables(part)) free.add(name);
  if (expression.kind === 'accumulate') for (const { name } of expression.counters) free.delete(name);
  freeVariableCache.set(expression, free);
  return free;
}

let freshNames = 0;
/** A counter name that no other expression uses. Canonical names are given when a node is made (see canonical.ts). */
export function freshCounter(extent: number): Counter {
  freshNames += 1;
  return { name: `fresh${freshNames}`, extent };
}

/**
 * Replaces free variables by expressions. Capture cannot happen: an accumulation whose counter occurs free in a
 * replacement gets fresh counters first.
 */
export function substitute(root: Expression, replacements: ReadonlyMap<string, Expression>): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (expression: Expression): Expression => {
    const known = done.get(expression);
    if (known) return known;
    let result: Expression;
    if (expression.kind === 'variable') result = replacements.get(expression.name) ?? expression;
    else if (expression.kind === 'accumulate') result = substituteUnder(expression, replacements);
    else result = mapParts(expression, visit);
    done.set(expression, result);
    return result;
  };
  return visit(root);
}

function substituteUnder(expression: Accumulate, replacements: ReadonlyMap<string, Expression>): Expression {
  const free = freeVariables(expression);
  const inner = new Map([...replacements].filter(([name]) => free.has(name)));
  if (inner.size === 0) return expression;
  const incoming = new Set([...inner.values()].flatMap((value) => [...freeVariables(value)]));
  const counters = expression.counters.map((counter) => {
    if (!incoming.has(counter.name)) return counter;
    const fresh = freshCounter(counter.extent);
    inner.set(counter.name, variable(fresh.name));
    return fresh;
  });
  return { ...expression, counters, body: substitute(expression.body, inner) };
}

/** Replaces the sources of reads: `change` gives the new source of each. */
export function mapReads(root: Expression, change: (read: Read) => Expression): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (expression: Expression): Expression => {
    const known = done.get(expression);
    if (known) return known;
    const rebuilt = mapParts(expression, visit);
    const result = rebuilt.kind === 'read' ? change(rebuilt) : rebuilt;
    done.set(expression, result);
    return result;
  };
  return visit(root);
}

const readCache = new WeakMap<Expression, readonly Read[]>();

/** Every read below `root`, each object once, in order of first occurrence. */
export function readsOf(root: Expression): readonly Read[] {
  let found = readCache.get(root);
  if (!found) {
    found = subexpressions(root).filter((expression): expression is Read => expression.kind === 'read');
    readCache.set(root, found);
  }
  return found;
}
