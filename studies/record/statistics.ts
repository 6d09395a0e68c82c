// The statistics of timing: medians of ratios within rounds, bootstrap intervals, and what may be said of them.
// Runs in the page of a report too, where a reader chooses another base: the same samples give the same numbers there.
import type { Timing } from './study.js';

/** Fewer rounds than this decide nothing: an interval that is resampled from them is too narrow. */
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
 * The median of `values` with a 95 % interval by the percentile bootstrap (Efron, 1979): the 2.5th and 97.5th percentile
 * of the medians of 2000 samples drawn with replacement. The same values and seed give the same interval.
 */
export function bootstrapMedian(values: readonly number[], seed: number): Interval {
  const random = generator(seed);
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(Array.from(values, () => values[Math.floor(random() * values.length)]!)),
  ).sort((x, y) => x - y);
  const tail = (1 - LEVEL) / 2;
  return {
    low: medians[Math.floor(tail * (RESAMPLES - 1))]!,
    median: median(values),
    high: medians[Math.ceil((1 - tail) * (RESAMPLES - 1))]!,
  };
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
      const smallestDifference = smallestDifferenceOf(ratio, noise);
      if (isSameKernel) return { variant, ratio, verdict: 'the same', because: 'the same kernel', smallestDifference };
      return { variant, ratio, ...verdictOf(ratio, ratios.length, noise, margin), smallestDifference };
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

/** The wider half of the interval, in logarithms, and of the noise where that is wider still. */
function smallestDifferenceOf(ratio: Interval, noise: Interval | undefined): number {
  const half = ({ low, median: middle, high }: Interval) => Math.max(Math.log(high / middle), Math.log(middle / low));
  const floor = noise === undefined ? 0 : Math.max(Math.abs(Math.log(noise.low)), Math.abs(Math.log(noise.high)));
  return Math.expm1(Math.max(half(ratio), floor));
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
