// An element of an array at an index that only the kernel knows, such as `window[h]`: a choice between the elements that the
// index can name, by halves. Outside of the array it is 0, as every read outside of a value is.
import type { ts } from 'ts-morph';
import { apply, integer, isBounded, rangeOf } from '../../src/ir/index.js';
import { warnOfAbsent } from './absent-reads.js';
import type { Evaluation } from './evaluation.js';
import { indexOf } from './indices.js';
import { select, shortText } from './symbolic.js';
import { isKind, type ListValue, list, type SymbolicValue, type Value } from './values.js';

/** array[index]; arrays of arrays of one length give the array of what is at the index in each of their columns. */
export function elementOf(
  { items }: ListValue,
  key: SymbolicValue,
  node: ts.ElementAccessExpression,
  evaluation: Evaluation,
): Value {
  const site = node.argumentExpression;
  const index = indexOf(key, site, evaluation);
  const text = shortText(node);
  const range = rangeOf(index, evaluation.surroundings);
  if (!isBounded(range)) return evaluation.fail(site, 'HD1071', { text });
  const { length: extent } = items;
  if (range.high < 0 || range.low >= extent) {
    return evaluation.fail(site, 'HD1072', { text, low: range.low, high: range.high, extent });
  }
  warnOfAbsent({ index, extent, what: `the elements of ${shortText(node.expression)}` }, site, evaluation);
  const [first, last] = [Math.max(range.low, 0), Math.min(range.high, extent - 1)];
  const isBelow = range.low < 0 ? apply('less', index, integer(0)) : undefined;
  const isAbove = range.high >= extent ? apply('less', integer(extent - 1), index) : undefined;
  const outside = isBelow && isAbove ? apply('or', isBelow, isAbove) : (isBelow ?? isAbove);
  /** The one of these elements, the first of which is at `low`, that the index names. */
  const between = (of: readonly Value[], low: number): Value => {
    if (of.every((item) => item === of[0])) return of[0];
    const half = of.length >> 1;
    const isLower = apply('less', index, integer(low + half));
    return select(isLower, between(of.slice(0, half), low), between(of.slice(half), low + half), node, evaluation);
  };
  const choose = (of: readonly Value[]): Value => {
    const chosen = between(of.slice(first, last + 1), first);
    return outside ? select(outside, 0, chosen, node, evaluation) : chosen;
  };
  const rows = items.map((item) => (isKind(item, 'list') ? item.items : undefined));
  const width = rows[0]?.length;
  if (width === undefined || rows.some((row) => row?.length !== width)) return choose(items);
  return list(Array.from({ length: width }, (_, column) => choose(rows.map((row) => row?.[column]))));
}
