// A footprint: the set of taps at which one value reads another. Taps are exact; the interval is only their hull.
// Footprints compose along a path by sums of offsets and products of head relations, and unite over paths.
import { composeHeads, type HeadRelation, uniteHeads } from './heads.js';

/** An offset from the own index; 'all' entries of the axis; 'none' where the value read does not have the axis. */
export type Reach = number | 'all' | 'none';

export interface Tap {
  readonly heads: HeadRelation;
  readonly query: Reach;
  readonly key: Reach;
}

/** Taps in ascending order of query, then key; no two at the same place. */
export interface Footprint {
  readonly taps: readonly Tap[];
}

/** The interval of offsets along one axis. */
export type Hull = { readonly low: number; readonly high: number } | 'all' | 'none';

const rank = (reach: Reach): number => (typeof reach === 'number' ? reach : Number.POSITIVE_INFINITY);

/** The footprint with these taps; heads of taps at the same place are united. */
export function footprint(taps: Iterable<Tap>): Footprint {
  const places = new Map<string, Tap>();
  const unitedHeads = oncePerPair(uniteHeads);
  for (const tap of taps) {
    const place = `${tap.query} ${tap.key}`;
    const known = places.get(place);
    places.set(place, known ? { ...tap, heads: unitedHeads(known.heads, tap.heads) } : tap);
  }
  const ordered = [...places.values()].sort((x, y) => compare(x.query, y.query) || compare(x.key, y.key));
  return { taps: ordered };
}

const compare = (x: Reach, y: Reach): number => (rank(x) === rank(y) ? 0 : rank(x) - rank(y));

type OfTwo = (x: HeadRelation, y: HeadRelation) => HeadRelation;

/** The function, computed once for two relations, by identity: few head relations stand at many taps. */
function oncePerPair(compute: OfTwo): OfTwo {
  const results = new Map<HeadRelation, Map<HeadRelation, HeadRelation>>();
  return (x, y) => {
    const row = results.get(x) ?? new Map<HeadRelation, HeadRelation>();
    results.set(x, row);
    const heads = row.get(y) ?? compute(x, y);
    row.set(y, heads);
    return heads;
  };
}

/** What a reader reads of `second`'s source through its reads of `second`'s reader. */
export function compose(first: Footprint, second: Footprint): Footprint {
  const product = oncePerPair(composeHeads);
  return footprint(
    first.taps.flatMap((one) =>
      second.taps.map((other) => ({
        heads: product(one.heads, other.heads),
        query: follow(one.query, other.query),
        key: follow(one.key, other.key),
      })),
    ),
  );
}

function follow(first: Reach, second: Reach): Reach {
  if (typeof second !== 'number') return second;
  return typeof first === 'number' ? first + second : 'all';
}

export const unite = (one: Footprint, other: Footprint): Footprint => footprint([...one.taps, ...other.taps]);

/** The smallest interval that holds the taps. */
export function hull({ taps }: Footprint, axis: 'query' | 'key'): Hull {
  const reaches = taps.map((tap) => tap[axis]);
  if (reaches.includes('all')) return 'all';
  const offsets = reaches.filter((reach) => typeof reach === 'number');
  if (offsets.length === 0) return 'none';
  return { low: Math.min(...offsets), high: Math.max(...offsets) };
}

/** The heads that are read at some tap. */
export function headsRead({ taps }: Footprint): HeadRelation | undefined {
  return taps
    .map(({ heads }) => heads)
    .reduce<HeadRelation | undefined>((all, each) => (all ? uniteHeads(all, each) : each), undefined);
}
