// Reads that provably never exist: an index that leaves its axis for some head, feature or counter, whatever else is so. They
// are 0 by the rule for all reads, and seldom meant. Offsets are the heart of the language: a neighbour beyond an edge is no
// mistake, and neither is what a condition around the read leaves out.
import type { ts } from 'ts-morph';
import {
  affine,
  type Expression,
  evaluate,
  freeVariables,
  rangeOf,
  staticSize,
  variablesIn,
} from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import { shortText } from './symbolic.js';

/** Combinations of values of an index's variables that are looked at one by one. */
const MOST_COMBINATIONS = 1 << 14;

export interface IndexedAxis {
  readonly index: Expression;
  /** The axis has the places 0 … extent − 1. */
  readonly extent: number;
  /** What the places are, in words: 'the heads of weights'. */
  readonly what: string;
}

type Values = ReadonlyMap<string, number>;

/** All values of the variables of an index that its surroundings allow; undefined where they are not known, or too many. */
export function combinationsOf(index: Expression, evaluation: Evaluation): readonly Values[] | undefined {
  const { axes, counters } = evaluation.surroundings;
  let combinations: readonly Values[] = [new Map()];
  for (const name of freeVariables(index)) {
    const axis = axes.get(name);
    const extent = counters.get(name) ?? (axis && staticSize(axis));
    if (extent === undefined || combinations.length * extent > MOST_COMBINATIONS) return undefined;
    combinations = combinations.flatMap((each) =>
      Array.from({ length: extent }, (_, value) => new Map(each).set(name, value)),
    );
  }
  return combinations.filter((values) => evaluation.conditions.every((each) => truthAt(each, values) !== false));
}

/** A truth value where it is known: what it takes from positions and inputs is not. */
function truthAt(condition: Expression, values: Values): boolean | undefined {
  if (condition.kind === 'apply' && condition.type === 'bool') {
    const [x, y] = condition.operands;
    if (condition.operation === 'not') {
      const truth = truthAt(x!, values);
      return truth === undefined ? undefined : !truth;
    }
    if (condition.operation === 'and' || condition.operation === 'or') {
      const decisive = condition.operation === 'or';
      const truths = [truthAt(x!, values), truthAt(y!, values)];
      return truths.includes(decisive) ? decisive : truths.includes(undefined) ? undefined : !decisive;
    }
  }
  const value = evaluate(condition, variablesIn(values));
  return value === undefined ? undefined : value !== 0;
}

/** Warns at `site` where the index names no place for some value of one of its variables. */
export function warnOfAbsent({ index, extent, what }: IndexedAxis, site: ts.Node, evaluation: Evaluation): void {
  const isInside = (at: number | undefined): boolean => at === undefined || (at >= 0 && at < extent);
  const range = rangeOf(index, evaluation.surroundings);
  if (range.low >= 0 && range.high < extent) return;
  const combinations = combinationsOf(index, evaluation);
  if (combinations === undefined) {
    const isApart = range.high < 0 || range.low >= extent;
    if (isApart && evaluation.conditions.length === 0) warn(range.low, range.high, 'nothing');
    return;
  }
  if (combinations.length === 0) return;
  const places = combinations.map((values) => ({ values, at: evaluate(index, variablesIn(values)) }));
  const numbers = places.flatMap(({ at }) => (at === undefined ? [] : [at]));
  const report = (exists: string): void => warn(Math.min(...numbers), Math.max(...numbers), exists);
  if (!places.some(({ at }) => isInside(at))) {
    report('nothing');
    return;
  }
  const isOffset = isNeighbour(index);
  for (const name of freeVariables(index)) {
    const reached = [...new Set(places.map(({ values }) => values.get(name)!))];
    const present = reached.filter((value) =>
      places.some(({ values, at }) => values.get(name) === value && isInside(at)),
    );
    const missing = reached.length - present.length;
    if (missing === 0 || (isOffset && 2 * missing <= reached.length)) continue;
    const variable = evaluation.surroundings.counters.has(name) ? 'the counter' : name;
    report(`${variable} = ${listed(present)} of ${listed(reached)} alone`);
    return;
  }

  function warn(low: number, high: number, exists: string): void {
    evaluation.warn(site, 'HD1073', { text: shortText(site), low, high, what, extent, exists });
  }
}

/** Whether an index is that of its reader moved by an offset: a constant or a counter. */
function isNeighbour(index: Expression): boolean {
  const sum = affine(index);
  if (!sum || sum.terms.some(({ factor, coefficient }) => factor.kind !== 'variable' || Math.abs(coefficient) !== 1)) {
    return false;
  }
  return sum.terms.length > 1 || (sum.terms.length === 1 && sum.constant !== 0);
}

const MOST_LISTED = 6;

/** Numbers in ascending order: '1', '0, 2', '0 … 5'. */
export function listed(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((x, y) => x - y);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const isRun = sorted.length > 2 && last - first === sorted.length - 1;
  if (isRun) return `${first} … ${last}`;
  return sorted.length <= MOST_LISTED ? sorted.join(', ') : `${sorted.slice(0, MOST_LISTED).join(', ')}, …`;
}
