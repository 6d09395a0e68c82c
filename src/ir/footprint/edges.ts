// The footprint of a node on each node that it reads: products and fills by their meaning, expressions by their indices.
// Offsets and heads are enumerated over the counters that they depend on, so that the taps are exact.
import { type Axis, type Domain, domainVariables, staticSize } from '../axis.js';
import { evaluate, variablesIn } from '../evaluate.js';
import type { Expression, Read } from '../expression.js';
import { freeVariables } from '../expression.js';
import type { Node } from '../node.js';
import { isBounded, rangeOf } from '../ranges.js';
import { rootsOf, type Surroundings, visitParts } from '../roots.js';
import { allHeads, groupOfHeads, HeadPairs, type HeadRelation, headCount, ownHead, sharedHead } from './heads.js';
import { followedKinds, isKnownInAdvance, offsetOf } from './offset.js';
import { type Footprint, footprint, type Reach, type Tap, unite } from './taps.js';

const cache = new WeakMap<Node, ReadonlyMap<Node, Footprint>>();

/** For each node that `node` reads, the taps at which it does. */
export function footprintsOf(node: Node): ReadonlyMap<Node, Footprint> {
  let known = cache.get(node);
  if (!known) {
    known = collect(node);
    cache.set(node, known);
  }
  return known;
}

function collect(node: Node): ReadonlyMap<Node, Footprint> {
  const found = new Map<Node, Footprint>();
  const note = (source: Node, taps: Footprint): void => {
    const before = found.get(source);
    found.set(source, before ? unite(before, taps) : taps);
  };
  const one = (heads: HeadRelation, query: Reach, key: Reach): Footprint => footprint([{ heads, query, key }]);
  const heads = headCount(node.domain);
  switch (node.op) {
    case 'dot':
      note(node.x, one(ownHead(heads), 0, 'none'));
      note(node.y, one(sharedHead(heads, headCount(node.y.domain)), 'none', 0));
      break;
    case 'contract':
      if (node.over === 'key') {
        note(node.weights, one(ownHead(heads), 0, 'all'));
        note(node.operand, one(sharedHead(heads, headCount(node.operand.domain)), 'none', 'all'));
      } else {
        const group = groupOfHeads(heads, headCount(node.weights.domain));
        note(node.weights, one(group, 'all', 0));
        note(node.operand, one(group, 'all', 'none'));
      }
      break;
    case 'fill':
      note(
        node.value,
        one(ownHead(heads), hasAxis(node.domain, 'query') ? 0 : 'none', hasAxis(node.domain, 'key') ? 0 : 'none'),
      );
      break;
    default:
      break;
  }
  for (const { role, expression, surroundings } of rootsOf(node)) {
    if (role === 'initial') continue;
    visitParts(expression, surroundings, (part, around) => {
      if (part.kind === 'read') note(part.source, footprintOfRead(part, node, around));
    });
  }
  return found;
}

const hasAxis = (domain: Domain, kind: Axis['kind']): boolean => domain.some((axis) => axis.kind === kind);

/** More combinations of counters than this are not enumerated: the taps become the whole box of offsets. */
const MOST_COMBINATIONS = 65536;

type Slot = { readonly reach: Reach } | { readonly by: Expression };

function footprintOfRead({ source, index }: Read, reader: Node, around: Surroundings): Footprint {
  const readers = headCount(reader.domain);
  const sources = headCount(source.domain);
  const own = ownVariables(reader);
  const slotAt = (kind: 'query' | 'key'): Slot => {
    const at = source.domain.findIndex((axis) => axis.kind === kind);
    if (at < 0) return { reach: 'none' };
    const offset = offsetOf(index[at]!, followedKinds[kind]!, around);
    // A variable that is iterated over, or a position, runs over the whole axis.
    return offset && offset.variable === own[kind] ? { by: offset.by } : { reach: 'all' };
  };
  const query = slotAt('query');
  const key = slotAt('key');
  const headAt = source.domain.findIndex(({ kind }) => kind === 'head');
  const headIndex = headAt < 0 ? undefined : index[headAt]!;
  const isHeadKnown = headIndex !== undefined && isKnownInAdvance(headIndex, around);

  const offsets = [query, key].flatMap((slot) => ('by' in slot ? [slot.by] : []));
  const names = new Set([...offsets, ...(isHeadKnown ? [headIndex] : [])].flatMap((each) => [...freeVariables(each)]));
  if (own.head !== undefined && headIndex !== undefined) names.add(own.head);
  const variables = [...names].map((name) => [name, sizeOf(name, around)] as const);
  const combinations = variables.reduce((product, [, size]) => product * size, 1);
  if (combinations > MOST_COMBINATIONS) return wholeBox(query, key, readers, sources, around);

  const places = new Map<string, { readonly query: Reach; readonly key: Reach; readonly pairs: HeadPairs }>();
  for (let n = 0; n < combinations; n += 1) {
    const values = new Map<string, number>();
    let rest = n;
    for (const [name, size] of variables) {
      values.set(name, rest % size);
      rest = Math.floor(rest / size);
    }
    const reachOf = (slot: Slot): Reach => ('reach' in slot ? slot.reach : evaluate(slot.by, variablesIn(values))!);
    const place = { query: reachOf(query), key: reachOf(key) };
    const id = `${place.query} ${place.key}`;
    const pairs = places.get(id)?.pairs ?? new HeadPairs(readers, sources);
    places.set(id, { ...place, pairs });
    addHeads(pairs, values);
  }
  // Taps that read the same heads share one relation, so that what composes them looks at it once.
  const relations = new Map<string, HeadRelation>();
  const shared = (relation: HeadRelation): HeadRelation => {
    const name = relation.reads.join(';');
    const known = relations.get(name) ?? relation;
    relations.set(name, known);
    return known;
  };
  const taps = [...places.values()].map(({ pairs, ...place }): Tap => ({ ...place, heads: shared(pairs.relation()) }));
  return footprint(taps);

  function addHeads(pairs: HeadPairs, values: ReadonlyMap<string, number>): void {
    const ownHeadValue = own.head === undefined ? undefined : values.get(own.head);
    const reading = ownHeadValue === undefined ? Array.from({ length: readers }, (_, head) => head) : [ownHeadValue];
    for (const head of reading) {
      if (headIndex === undefined) pairs.add(head, 0);
      else if (isHeadKnown) pairs.add(head, evaluate(headIndex, variablesIn(values))!);
      else {
        const range = rangeOf(headIndex, around);
        const [low, high] = [Math.max(range.low, 0), Math.min(range.high, sources - 1)];
        for (let each = low; each <= high; each += 1) pairs.add(head, each);
      }
    }
  }
}

/** The variables that a reader's own axes go by; a bin knows its iteration only. */
function ownVariables(reader: Node): { readonly query?: string; readonly key?: string; readonly head?: string } {
  if (reader.op === 'bin') return {};
  const names = domainVariables(reader.domain);
  const own: { query?: string; key?: string; head?: string } = {};
  for (const [n, { kind }] of reader.domain.entries()) {
    if (kind === 'query' || kind === 'key' || kind === 'head') own[kind] ??= names[n]!;
  }
  return own;
}

function sizeOf(name: string, { axes, counters }: Surroundings): number {
  const axis = axes.get(name);
  return counters.get(name) ?? (axis && staticSize(axis)) ?? 1;
}

function wholeBox(query: Slot, key: Slot, readers: number, sources: number, around: Surroundings): Footprint {
  const heads = allHeads(readers, sources);
  const reaches = (slot: Slot): readonly Reach[] => {
    if ('reach' in slot) return [slot.reach];
    const { low, high } = rangeOf(slot.by, around);
    return isBounded({ low, high }) && high - low < 256
      ? Array.from({ length: high - low + 1 }, (_, n) => low + n)
      : ['all'];
  };
  return footprint(reaches(query).flatMap((row) => reaches(key).map((column) => ({ heads, query: row, key: column }))));
}
