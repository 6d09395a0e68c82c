// The statistics of timing: medians of ratios within rounds, bootstrap intervals, and what may be said of them.
// Runs in the page of a report too, where a reader chooses another base: the same samples give the same numbers there.
import type { Timing } from './study.js';

/** Fewer rounds than this decide nothing: between the least and the most of five values the median lies 94 times in 100. */
export const FEWEST_ROUNDS = 6;
export const DEFAULT_MARGIN = 0.03;
const RESAMPLES = 2000;
const LEVEL = 0.95;

export interface Interval {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export type VerdictName = 'faster' | 'slower' | 'the same' | 'undecided';

export interface Comparison {
  readonly variant: string;
  /** The time of the variant over the base's in the same round; absent where no round has both. */
  readonly ratio?: Interval;
  readonly verdict: VerdictName;
  /** Why, in a few words: 'the same kernel', 'within 3 %', 'fewer than 6 rounds'. */
  readonly because: string;
  /** The least difference, as a share of the base's time, that this run could have told from none. */
  readonly smallestDifference?: number;
}

export interface Comparisons {
  readonly base: string;
  /** The base's second entry over its first: what ratios do when nothing differs. Absent where another base is chosen. */
  readonly noise?: Interval;
  readonly rounds: number;
  readonly variants: readonly Comparison[];
}

export interface CompareOptions {
  readonly base: string;
  readonly seed: number;
  readonly margin: number;
  /** Fingerprints by variant: equal ones are the same kernel, whatever the clock says. */
  readonly fingerprints?: ReadonlyMap<string, string>;
}

/** The middle value, of an even number of them the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The median of `values` with a 95 % interval: that of the percentile bootstrap (Efron, 1979), the 2.5th and 97.5th percentile
 * of the medians of 2000 samples drawn with replacement, widened to the values between which the median of any law lies 95 times
 * in 100. Alone, the bootstrap of a few values holds the median 89 times (of 7 values). The same values and seed give the
 * same interval.
 */
export function bootstrapMedian(values: readonly number[], seed: number): Interval {
  const sorted = Float64Array.from(values).sort();
  const random = generator(seed);
  const medians = Float64Array.from({ length: RESAMPLES }, () => resampledMedian(sorted, random)).sort();
  const tail = (1 - LEVEL) / 2;
  const cut = cutOff(values.length);
  return {
    low: Math.min(medians[Math.floor(tail * (RESAMPLES - 1))]!, sorted[cut]!),
    median: median(values),
    high: Math.max(medians[Math.ceil((1 - tail) * (RESAMPLES - 1))]!, sorted[values.length - 1 - cut]!),
  };
}

/** The median of as many of the sorted values as there are, drawn with replacement. */
function resampledMedian(sorted: Float64Array, random: () => number): number {
  const { length } = sorted;
  const times = new Uint32Array(length);
  for (let draw = 0; draw < length; draw += 1) times[Math.floor(random() * length)]! += 1;
  const lower = (length - 1) >> 1;
  let place = 0;
  let before = times[0]!;
  while (before <= lower) before += times[++place]!;
  const first = sorted[place]!;
  // Of an even number of values the one after it counts too; it may be the same one, drawn again.
  if (length % 2 === 1 || before > lower + 1) return first;
  do place += 1;
  while (times[place] === 0);
  return (first + sorted[place]!) / 2;
}

/**
 * How many values may be cut off at either end so that the median still lies between the rest with 95 %: as many as heads
 * come up in `count` throws of a coin with 2.5 % at most. None of fewer than nine values; of fewer than six even all do not do.
 */
function cutOff(count: number): number {
  const tail = (1 - LEVEL) / 2;
  let chance = 0.5 ** count;
  let below = chance;
  let cut = 0;
  // The chance of exactly `cut` heads follows from that of one fewer.
  while (below + (chance * (count - cut)) / (cut + 1) <= tail) {
    chance *= (count - cut) / (cut + 1);
    below += chance;
    cut += 1;
  }
  return cut;
}

/** Every entrant of a timing against `base`, round by round. */
export function compare(timing: Timing, { base, seed, margin, fingerprints }: CompareOptions): Comparisons {
  const first = timing.entrants.find(({ variant, again }) => variant === base && again === undefined);
  const again = timing.entrants.find(({ variant, again: second }) => variant === base && second === true);
  const rounds = Math.max(0, ...timing.entrants.map(({ milliseconds }) => milliseconds.length));
  const ratiosOf = (milliseconds: readonly (number | null)[]): readonly number[] =>
    milliseconds.flatMap((time, round) => {
      const unit = first?.milliseconds[round] ?? null;
      return time === null || unit === null || !(unit > 0) ? [] : [time / unit];
    });
  const noiseRatios = again === undefined ? [] : ratiosOf(again.milliseconds);
  const noise = noiseRatios.length === 0 ? undefined : bootstrapMedian(noiseRatios, seed);
  const variants = timing.entrants
    .filter((entrant) => entrant.again === undefined)
    .map(({ variant, milliseconds }): Comparison => {
      if (variant === base)
        return { variant, ratio: { low: 1, median: 1, high: 1 }, verdict: 'the same', because: 'the base' };
      const ratios = ratiosOf(milliseconds);
      if (ratios.length === 0) return { variant, verdict: 'undecided', because: 'no round has both' };
      const ratio = bootstrapMedian(ratios, seed);
      const isSameKernel = fingerprints?.has(base) === true && fingerprints.get(base) === fingerprints.get(variant);
      const smallestDifference = ratios.length < FEWEST_ROUNDS ? undefined : smallestDifferenceOf(ratio, noise);
      const seen = smallestDifference === undefined ? {} : { smallestDifference };
      if (isSameKernel) return { variant, ratio, verdict: 'the same', because: 'the same kernel', ...seen };
      return { variant, ratio, ...verdictOf(ratio, ratios.length, noise, margin), ...seen };
    });
  return { base, ...(noise === undefined ? {} : { noise }), rounds, variants };
}

/**
 * Within the margin as a whole: the same. Beyond 1 and beyond what the base does against itself: faster or slower.
 * Otherwise nothing was decided, and more rounds may.
 */
function verdictOf(
  { low, high }: Interval,
  rounds: number,
  noise: Interval | undefined,
  margin: number,
): { readonly verdict: VerdictName; readonly because: string } {
  if (rounds < FEWEST_ROUNDS) return { verdict: 'undecided', because: `fewer than ${FEWEST_ROUNDS} rounds` };
  const percent = `${Number((100 * margin).toPrecision(3))} %`;
  if (low >= 1 / (1 + margin) && high <= 1 + margin) return { verdict: 'the same', because: `within ${percent}` };
  if (high < Math.min(1, noise?.low ?? 1)) return { verdict: 'faster', because: 'its interval is below the noise' };
  if (low > Math.max(1, noise?.high ?? 1)) return { verdict: 'slower', because: 'its interval is above the noise' };
  return { verdict: 'undecided', because: 'its interval holds 1 or meets the noise' };
}

/**
 * How far a median must lie from 1 for its interval to clear what the base does against itself: the wider half of the interval
 * and, behind it, the wider half of the noise, in logarithms. Undefined where a clock told no time at all.
 */
function smallestDifferenceOf(
  { low, median: middle, high }: Interval,
  noise: Interval | undefined,
): number | undefined {
  const half = Math.max(Math.log(high / middle), Math.log(middle / low));
  const floor = noise === undefined ? 0 : Math.max(0, -Math.log(noise.low), Math.log(noise.high));
  const difference = Math.expm1(half + floor);
  return Number.isFinite(difference) ? difference : undefined;
}

/** mulberry32: numbers in [0, 1) from a seed. The tensors' Random would bring the catalogue of diagnostics into every report. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
