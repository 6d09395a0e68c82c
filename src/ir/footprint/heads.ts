// Which heads a head reads, as a boolean relation: one row for each reading head. Known when a graph is made.
// A value without heads counts as one with a single head.
import { type Domain, staticSize } from '../axis.js';

/** Heads in ascending order. Readers of the same heads share one set where that is known, so that work is done once a set. */
export type HeadSet = readonly number[];

export interface HeadRelation {
  /** How many heads there are to read. */
  readonly sources: number;
  /** For each reading head, the heads that it reads. */
  readonly reads: readonly HeadSet[];
}

/** The number of heads of a value, 1 where it has none. */
export function headCount(domain: Domain): number {
  const axis = domain.find(({ kind }) => kind === 'head');
  return (axis && staticSize(axis)) ?? 1;
}

const build = (readers: number, sources: number, readsOf: (head: number) => HeadSet): HeadRelation => ({
  sources,
  reads: Array.from({ length: readers }, (_, head) => readsOf(head)),
});

const range = (low: number, high: number): HeadSet =>
  Array.from({ length: Math.max(high - low + 1, 0) }, (_, n) => low + n);

/** Each head reads itself. */
export const ownHead = (heads: number): HeadRelation => build(heads, heads, (head) => [head]);
/** Each head reads all. */
export function allHeads(readers: number, sources: number): HeadRelation {
  const all = range(0, sources - 1);
  return build(readers, sources, () => all);
}
/** Head h reads ⌊h / (readers / sources)⌋: keys and values that a group of heads shares. */
export const sharedHead = (readers: number, sources: number): HeadRelation =>
  build(readers, sources, (head) => [Math.floor(head / (readers / sources))]);
/** Head g reads the heads of its group: the transpose of `sharedHead`. */
export const groupOfHeads = (readers: number, sources: number): HeadRelation => {
  const size = sources / readers;
  return build(readers, sources, (head) => range(head * size, head * size + size - 1));
};

/** Gathers pairs one by one; heads outside the source are read as 0 and do not count. */
export class HeadPairs {
  private readonly sources: number;
  private readonly found: Set<number>[];

  constructor(readers: number, sources: number) {
    this.sources = sources;
    this.found = Array.from({ length: readers }, () => new Set());
  }

  add(reader: number, source: number): void {
    if (source >= 0 && source < this.sources) this.found[reader]!.add(source);
  }

  /** Readers of the same heads get one set, so that what follows looks at it once. */
  relation(): HeadRelation {
    const known = new Map<string, HeadSet>();
    const reads = this.found.map((heads) => {
      const sorted = [...heads].sort((x, y) => x - y);
      const name = sorted.join(',');
      const set = known.get(name) ?? sorted;
      known.set(name, set);
      return set;
    });
    return { sources: this.sources, reads };
  }
}

/** The union of sets, in ascending order; the set itself where they are one. */
function union(sets: Iterable<HeadSet>): HeadSet {
  const distinct = [...new Set(sets)];
  if (distinct.length === 1) return distinct[0]!;
  return [...new Set(distinct.flat())].sort((x, y) => x - y);
}

/** What a head reads of the heads that its own sources read. */
export function composeHeads(first: HeadRelation, second: HeadRelation): HeadRelation {
  const through = remembered((between: HeadSet) => union(between.map((head) => second.reads[head] ?? none)));
  return { sources: second.sources, reads: first.reads.map(through) };
}

export function uniteHeads(one: HeadRelation, other: HeadRelation): HeadRelation {
  if (one === other) return one;
  const withSet = remembered((mine: HeadSet) => remembered((others: HeadSet) => union([mine, others])));
  return { sources: one.sources, reads: one.reads.map((heads, reader) => withSet(heads)(other.reads[reader] ?? none)) };
}

const none: HeadSet = [];

/** A function that computes its value once for each set, by identity. */
function remembered<Value>(compute: (heads: HeadSet) => Value): (heads: HeadSet) => Value {
  const known = new Map<HeadSet, Value>();
  return (heads) => {
    if (!known.has(heads)) known.set(heads, compute(heads));
    return known.get(heads)!;
  };
}

export function sameHeads(one: HeadRelation, other: HeadRelation): boolean {
  return (
    one.sources === other.sources &&
    one.reads.length === other.reads.length &&
    one.reads.every((heads, reader) => sameSet(heads, other.reads[reader]!))
  );
}

const sameSet = (one: HeadSet, other: HeadSet): boolean =>
  one === other || (one.length === other.length && one.every((head, n) => head === other[n]));

/** Whether no head reads anything, as where every index is outside. */
export const readsNoHead = ({ reads }: HeadRelation): boolean => reads.every((heads) => heads.length === 0);

/** In words: 'own head', 'all heads', 'head ⌊h / 4⌋', 'heads in groups of 4', or the pairs themselves. */
export function describeHeads(relation: HeadRelation): string {
  const { sources, reads } = relation;
  const readers = reads.length;
  if (readers === 1 && sources === 1) return '';
  if (readers === sources && sameHeads(relation, ownHead(readers))) return 'own head';
  if (sources === 1 && reads.every((heads) => heads.length === 1)) return '';
  if (reads.every((heads) => heads.length === sources)) return 'all heads';
  if (readers % sources === 0 && sameHeads(relation, sharedHead(readers, sources)))
    return `head ⌊h / ${readers / sources}⌋`;
  const [first] = reads;
  const size = first!.length;
  const inGroups = reads.every((heads, head) => {
    const start = Math.floor(head / size) * size;
    return heads.length === size && heads.every((each, n) => each === start + n);
  });
  if (readers === sources && inGroups) return `heads in groups of ${size}`;
  return `heads ${reads.map((heads, head) => `${head}→{${heads.join(',')}}`).join(' ')}`;
}
