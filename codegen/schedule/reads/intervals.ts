// Intervals of offsets, and how they add up along reads: halos, lags and rings of kernels, and the rows that one kernel
// gives for another, are all found here (after the inference of bounds in Halide).

/** The offsets from `low` to `high`, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The own place. */
export const HERE: Interval = { low: 0, high: 0 };

export const isHere = ({ low, high }: Interval): boolean => low === 0 && high === 0;
export const lengthOf = ({ low, high }: Interval): number => high - low;
export const sumOf = (one: Interval, other: Interval): Interval => ({
  low: one.low + other.low,
  high: one.high + other.high,
});
export const hullOf = (intervals: readonly Interval[]): Interval => ({
  low: Math.min(...intervals.map(({ low }) => low)),
  high: Math.max(...intervals.map(({ high }) => high)),
});

/** What a reader reads, and at which offsets from its own place. */
export type ReadsOf<Reader> = (reader: Reader) => Iterable<readonly [source: Reader, at: Interval]>;

/** Goes along reads in one order: what is at the end of a path has the sums of its offsets, its own place always among them. */
function alongPaths<Reader>(edges: Iterable<readonly [from: Reader, to: Reader, at: Interval]>) {
  const found = new Map<Reader, Interval>();
  const intervalOf = (each: Reader): Interval => found.get(each) ?? HERE;
  for (const [from, to, at] of edges) {
    found.set(to, hullOf([intervalOf(to), sumOf(intervalOf(from), hullOf([HERE, at]))]));
  }
  return intervalOf;
}

/** At which offsets from the place of the last readers each value is needed. @param order sources before readers */
export const neededAt = <Reader>(order: readonly Reader[], readsOf: ReadsOf<Reader>) =>
  alongPaths(
    [...order]
      .reverse()
      .flatMap((reader) => Array.from(readsOf(reader), ([source, at]) => [reader, source, at] as const)),
  );

/** At which offsets from its own place a value is made of others. @param order sources before readers */
export const madeFrom = <Reader>(order: readonly Reader[], readsOf: ReadsOf<Reader>) =>
  alongPaths(order.flatMap((reader) => Array.from(readsOf(reader), ([source, at]) => [source, reader, at] as const)));
