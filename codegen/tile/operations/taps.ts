// Taps: the counters and offsets by which stencils and grams read entries beside their own. What both say of them, in types,
// in text, for rules and for the interpreter, stands here once.
import {
  affine,
  apply,
  type Counter,
  type Expression,
  readsOf,
  subexpressions,
  valuesOfCounters,
  variable,
} from '../../../src/ir/index.js';
import { neighbourIndex } from '../elements.js';
import { demand } from '../inference.js';
import { elementOf } from '../interpreter/entries.js';
import type { OperationContext } from '../interpreter/interpret.js';
import type { Span } from '../interpreter/memory.js';
import { printScalar } from '../text/boxes.js';
import { tileVariables } from '../types.js';
import type { Known } from './definition.js';

/** For each value of the counters, the entry at (i + queryOffset, j + keyOffset). Offsets are integers of the counters. */
export interface Taps {
  readonly counters: readonly Counter[];
  readonly queryOffset: Expression;
  readonly keyOffset: Expression;
}

const knowsCounters = ({ counters }: Taps): Known => ({ axes: [], further: namesOf(counters) });

/** The offsets among the expressions of an operation with taps. */
export const offsetRules = {
  queryOffset: { what: 'the query offset', type: 'an integer', knows: knowsCounters },
  keyOffset: { what: 'the key offset', type: 'an integer', knows: knowsCounters },
} as const;

export const namesOf = (counters: readonly Counter[]): readonly string[] => counters.map(({ name }) => name);

export const tapsOf = (counters: readonly Counter[]): number =>
  counters.reduce((product, { extent }) => product * extent, 1);

// ── Ranges ──────────────────────────────────────────────────────────────────────────────────────────

/** The counters of all accumulations of an expression; canonical names are one extent each where they nest. */
export function countersOf(expression: Expression): readonly Counter[] {
  const counters = new Map<string, number>();
  for (const part of subexpressions(expression)) {
    if (part.kind !== 'accumulate') continue;
    // Sibling sums may share a name: the longer one bounds both.
    for (const { name, extent } of part.counters) counters.set(name, Math.max(extent, counters.get(name) ?? 0));
  }
  return [...counters].map(([name, extent]) => ({ name, extent }));
}

/** The smallest and largest value of an offset that depends on counters alone. */
export function rangeOver(offset: Expression, counters: readonly Counter[]): { low: number; high: number } {
  const form = affine(offset);
  demand(form !== undefined, 'an offset is a whole number');
  let [low, high] = [form.constant, form.constant];
  for (const { factor, coefficient } of form.terms) {
    const counter = factor.kind === 'variable' ? counters.find(({ name }) => name === factor.name) : undefined;
    demand(counter !== undefined, 'an offset is a sum of counters');
    const reach = coefficient * (counter.extent - 1);
    low += Math.min(0, reach);
    high += Math.max(0, reach);
  }
  return { low, high };
}

/** What the expression of a window reads beside its entry: of which source, at which offsets from the entry's own indices. */
export function neighboursIn(value: Expression) {
  return readsOf(value).flatMap(({ source, index }) => {
    const n = neighbourIndex(source);
    const [row, column] = index;
    if (n === undefined || !row || !column) return [];
    const query = apply('subtract', row, variable(tileVariables.query));
    const key = apply('subtract', column, variable(tileVariables.key));
    return [{ n, offsets: { query, key } }];
  });
}

/** The smallest and largest offset of taps along an axis. */
export const rangeAlong = ({ counters, queryOffset, keyOffset }: Taps, kind: 'query' | 'key') =>
  rangeOver(kind === 'query' ? queryOffset : keyOffset, counters);

// ── Text ────────────────────────────────────────────────────────────────────────────────────────────

export const extentsText = (counters: readonly Counter[]): string =>
  counters.map(({ name, extent }) => `${name} < ${extent}`).join(', ');

export const sumText = (counters: readonly Counter[]): string =>
  counters.length === 0 ? '' : `sum(${extentsText(counters)}) `;

/** `i + u - 3`: the index of an entry beside the reader's own. */
function offsetText(letter: string, offset: Expression): string {
  const text = printScalar(offset);
  if (text === '0') return letter;
  return text.startsWith('-') ? `${letter} - ${text.slice(1)}` : `${letter} + ${text}`;
}

export const neighbourText = ({ queryOffset, keyOffset }: Taps): string =>
  `[${offsetText('i', queryOffset)}, ${offsetText('j', keyOffset)}]`;

// ── Interpretation ──────────────────────────────────────────────────────────────────────────────────

/** Each tap with its offsets, which are the same wherever it is used. */
export function offsetsOfTaps(
  { counters, queryOffset, keyOffset }: Taps,
  spans: readonly Span[],
  run: OperationContext,
) {
  const first = spans.map(({ start }) => start);
  const [queryAt, keyAt] = [queryOffset, keyOffset].map((each) => elementOf(each, spans, namesOf(counters), run)) as [
    ReturnType<typeof elementOf>,
    ReturnType<typeof elementOf>,
  ];
  return valuesOfCounters(counters).map((tap) => ({ tap, query: queryAt(first, tap), key: keyAt(first, tap) }));
}
