// Arrays: their members and methods, as far as they make new values and change nothing.
// Elements may be anything, graph values included; what a method must decide has to be known.
import type { ts } from 'ts-morph';
import type { Evaluation } from './evaluation.js';
import { MOST_ITERATIONS } from './limits.js';
import { shortText } from './symbolic.js';
import {
  builtin,
  type Call,
  describe,
  isComposite,
  isKind,
  type ListValue,
  list,
  truthiness,
  type Value,
} from './values.js';

/** An array that is not longer than a spec may make. */
export function limitedList(items: readonly Value[], node: ts.Node, evaluation: Evaluation): ListValue {
  return items.length <= MOST_ITERATIONS
    ? list(items)
    : evaluation.fail(node, 'HD1005', { limit: MOST_ITERATIONS, what: 'elements' });
}

type Method = (items: readonly Value[], call: Call) => Value;

/** f(item, n, array), as callbacks of array methods are called. */
function callback(call: Call, items: readonly Value[]): (item: Value, n: number) => Value {
  const [f] = call.values;
  return (item, n) => call.evaluation.call(f, [item, n, list(items)], call.at(0));
}

function predicate(call: Call, items: readonly Value[]): (item: Value, n: number) => boolean {
  const f = callback(call, items);
  return (item, n) => {
    const result = f(item, n);
    const known = truthiness(result);
    if (known !== undefined) return known;
    return call.evaluation.fail(call.at(0), 'HD1010', { what: 'the result of this test', found: describe(result) });
  };
}

function wholeArgument(call: Call, n: number): number | undefined {
  const value = call.values[n];
  if (value === undefined || typeof value === 'number') return value;
  return call.evaluation.fail(call.at(n), 'HD1010', { what: shortText(call.at(n)), found: describe(value) });
}

const equals = (one: Value) => (other: Value) => one === other;

function reduce(items: readonly Value[], call: Call): Value {
  const [f] = call.values;
  const step = (result: Value, item: Value, n: number) =>
    call.evaluation.call(f, [result, item, n, list(items)], call.at(0));
  if (call.values.length > 1) return items.reduce<Value>(step, call.values[1]);
  if (items.length > 0) return items.slice(1).reduce<Value>((result, item, n) => step(result, item, n + 1), items[0]);
  return call.evaluation.fail(call.site, 'HD1033', { expected: 'an array with elements', found: 'an empty array' });
}

function flat(items: readonly Value[]): readonly Value[] {
  return items.flatMap((item) => (isKind(item, 'list') ? item.items : [item]));
}

const made =
  (make: (items: readonly Value[], call: Call) => readonly Value[]): Method =>
  (items, call) =>
    limitedList(make(items, call), call.site, call.evaluation);

const methods: Readonly<Record<string, Method>> = {
  map: made((items, call) => items.map(callback(call, items))),
  flatMap: made((items, call) => flat(items.map(callback(call, items)))),
  filter: made((items, call) => items.filter(predicate(call, items))),
  flat: made((items) => flat(items)),
  concat: made((items, { values }) => [...items, ...flat(values)]),
  slice: made((items, call) => items.slice(wholeArgument(call, 0), wholeArgument(call, 1))),
  toReversed: made((items) => items.toReversed()),
  entries: made((items) => items.map((item, n) => list([n, item]))),
  keys: made((items) => items.map((_, n) => n)),
  values: made((items) => items),
  reduce,
  forEach: (items, call) => {
    items.forEach(callback(call, items));
    return undefined;
  },
  some: (items, call) => items.some(predicate(call, items)),
  every: (items, call) => items.every(predicate(call, items)),
  find: (items, call) => items.find(predicate(call, items)),
  findIndex: (items, call) => items.findIndex(predicate(call, items)),
  includes: (items, { values }) => items.includes(values[0]),
  indexOf: (items, { values }) => items.findIndex(equals(values[0])),
  at: (items, call) => items.at(wholeArgument(call, 0) ?? 0),
  join: (items, call) => {
    const odd = items.find(isComposite);
    if (odd !== undefined) call.evaluation.fail(call.site, 'HD1033', { expected: 'a string', found: describe(odd) });
    return items.join(call.values[0] === undefined ? ',' : String(call.values[0]));
  },
};

/** A member of an array: an element, its length, or a method; undefined where the language has none of that name. */
export function listMember(value: ListValue, name: string): Value {
  if (name === 'length') return value.items.length;
  if (/^\d+$/.test(name)) return value.items[Number(name)];
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method && builtin(name, (call) => method(value.items, call));
}

/** Whether arrays have a member of this name here. */
export const isListMember = (name: string): boolean =>
  name === 'length' || /^-?\d+(\.\d+)?$/.test(name) || Object.hasOwn(methods, name);

/** Array.from({ length }, f), Array.from(array, f) and Array.isArray. */
export const arrayMembers: Readonly<Record<string, Value>> = {
  from: builtin('Array.from', (call) => {
    const items = sequenceOf(call);
    if (call.values[1] === undefined) return list(items);
    const f = call.values[1];
    return list(items.map((item, n) => call.evaluation.call(f, [item, n], call.at(1))));
  }),
  of: builtin('Array.of', ({ values }) => list(values)),
  isArray: builtin('Array.isArray', ({ values }) => isKind(values[0], 'list')),
};

function sequenceOf(call: Call): readonly Value[] {
  const [source] = call.values;
  if (isKind(source, 'list')) return source.items;
  if (typeof source === 'string') return [...source];
  const length = isKind(source, 'record') ? source.fields.get('length')?.get() : undefined;
  if (typeof length !== 'number') {
    return call.evaluation.fail(call.at(0), 'HD1010', { what: 'the length of an array', found: describe(length) });
  }
  const size = Math.max(0, Math.trunc(length) || 0);
  if (size > MOST_ITERATIONS) call.evaluation.fail(call.at(0), 'HD1005', { limit: MOST_ITERATIONS, what: 'elements' });
  return Array.from({ length: size }, () => undefined);
}
