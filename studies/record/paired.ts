// The statistics of training: differences paired by seed, judged exactly by their signs, and corrected for how many there are.
// Runs in the page of a report too, where a reader chooses another base.
import { generator } from './statistics.js';

const LEVEL = 0.05;
/** Up to so many differences, all patterns of signs are gone through; beyond, as many are drawn, always the same ones. */
const MOST_EXACT = 14;
const DRAWS = 2 ** MOST_EXACT;

export interface Paired {
  readonly mean: number;
  /** Of the sign-flip test, two-sided. */
  readonly p: number;
  /** Where the mean lies with a probability of at least 95 %; null where so few differences give no such interval. */
  readonly interval: readonly [low: number, high: number] | null;
}

/**
 * The mean of paired differences, with the exact sign-flip test (Fisher, 1935) of whether they are as likely to be positive as
 * negative, and the interval that goes with it: Hartigan's typical values (1969), the means of all subsets. Both
 * hold for any distribution that is symmetric about its mean, bimodal ones too. Null without differences.
 */
export function paired(differences: readonly number[]): Paired | null {
  const count = differences.length;
  if (count === 0) return null;
  const sum = total(differences);
  const isExact = count <= MOST_EXACT;
  const random = generator(count);
  const patterns = isExact ? 2 ** count : DRAWS;
  // Sums of the same numbers in other orders differ in their last bits: such are equal.
  const least = Math.abs(sum) * (1 - 1e-9);
  let extreme = 0;
  const means: number[] = [];
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    // The first pattern takes nothing, which flips every sign, and is as extreme as what was found.
    const taken = differences.filter((_, n) => (isExact ? ((pattern >> n) & 1) === 1 : pattern > 0 && random() < 0.5));
    const kept = total(taken);
    if (Math.abs(2 * kept - sum) >= least) extreme += 1;
    if (taken.length > 0) means.push(kept / taken.length);
  }
  means.sort((x, y) => x - y);
  const outside = Math.floor((LEVEL / 2) * patterns);
  const isNarrowest = outside >= 1;
  return {
    mean: sum / count,
    p: extreme / patterns,
    interval: isNarrowest ? [means[outside - 1]!, means[means.length - outside]!] : null,
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Holm's correction: each p as if it stood alone among those that are not smaller, `tests` in all. In the order given. */
export function holm(values: readonly (number | null)[], tests = values.length): readonly (number | null)[] {
  const order = values
    .map((p, place) => ({ p, place }))
    .filter((each): each is { p: number; place: number } => each.p !== null)
    .sort((x, y) => x.p - y.p);
  const adjusted: (number | null)[] = values.map(() => null);
  let least = 0;
  for (const [rank, { p, place }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (tests - rank)));
    adjusted[place] = least;
  }
  return adjusted;
}

/** The fewest differences with which the first of so many comparisons can be decided: 6 for one, 7 for two. */
export const fewestPairs = (tests: number): number => Math.ceil(Math.log2((2 * Math.max(1, tests)) / LEVEL));

/** Whether a corrected p decides. */
export const decides = (adjustedP: number | null): boolean => adjustedP !== null && adjustedP <= LEVEL;
