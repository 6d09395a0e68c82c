// Axes and domains: what a value in the score graph is a function of.
// Heads, features and extents are known when a graph is made; batch, queries and keys only when a kernel runs.

export type AxisKind = 'batch' | 'head' | 'query' | 'key' | 'position' | 'feature' | 'extent';

/** One axis of a value. `size` is given exactly for the kinds that are known at compile time. */
export type Axis =
  | { readonly kind: 'batch' | 'query' | 'key' | 'position' }
  | { readonly kind: 'head' | 'feature' | 'extent'; readonly size: number };

/** The axes of a value, outermost first. Score-like values are [batch, head, query, key]. */
export type Domain = readonly Axis[];

export const batch: Axis = { kind: 'batch' };
export const query: Axis = { kind: 'query' };
export const key: Axis = { kind: 'key' };
/** A place in the sequence, read by queries and keys alike: a tensor axis of Tk entries. */
export const position: Axis = { kind: 'position' };
export const head = (size: number): Axis => ({ kind: 'head', size });
export const feature = (size: number): Axis => ({ kind: 'feature', size });
export const extent = (size: number): Axis => ({ kind: 'extent', size });

/** What the index along an axis is called. */
export const axisLetters: Readonly<Record<AxisKind, string>> = {
  batch: 'b',
  head: 'h',
  query: 'i',
  key: 'j',
  position: 'p',
  feature: 'd',
  extent: 'x',
};

/** The index variable of each axis of `domain`: b, h, i, j, p, d, x; a kind that comes again is numbered: x, x2, x3. */
export function domainVariables(domain: Domain): readonly string[] {
  const seen = new Map<AxisKind, number>();
  return domain.map(({ kind }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return axisLetters[kind] + (count > 1 ? count : '');
  });
}

export function sameAxis(one: Axis, other: Axis): boolean {
  return one.kind === other.kind && staticSize(one) === staticSize(other);
}

export function sameDomain(one: Domain, other: Domain): boolean {
  return one.length === other.length && one.every((axis, n) => sameAxis(axis, other[n]!));
}

/** The size of an axis that is known at compile time, undefined for batch, query, key and position. */
export function staticSize(axis: Axis): number | undefined {
  return 'size' in axis ? axis.size : undefined;
}

/** The sizes that only a call knows: B, Tq (rows of q) and Tk. */
export interface CallSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}

/** The number of entries of `axis` in a call. */
export function axisSize(axis: Axis, sizes: CallSizes): number {
  switch (axis.kind) {
    case 'batch':
      return sizes.batch;
    case 'query':
      return sizes.queries;
    case 'key':
    case 'position':
      return sizes.keys;
    case 'head':
    case 'feature':
    case 'extent':
      return axis.size;
  }
}

/** The value of an axis's index at its first entry: query rows end at the last of the Tk positions, all others start at 0. */
export function axisStart(axis: Axis, sizes: CallSizes): number {
  return axis.kind === 'query' ? sizes.keys - sizes.queries : 0;
}
