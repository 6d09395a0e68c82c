// The statistics of timing, on noise of known law: intervals hold what they should, verdicts are seldom wrong, and the
// smallest difference that is said can be seen.
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/tensors/index.js';
import {
  bootstrapMedian,
  type CompareOptions,
  compare,
  FEWEST_ROUNDS,
  median,
  type VerdictName,
} from '../../studies/record/statistics.js';
import type { Timing } from '../../studies/record/study.js';

const options: CompareOptions = { base: 'base', seed: 1, margin: 0.03 };

/** A timing of a base, twice, and of variants that take so many times as long; noise is lognormal with a slow round now and then. */
function timed(factors: Readonly<Record<string, number>>, rounds: number, random: Random, deviation = 0.02): Timing {
  const sample = (factor: number): number[] =>
    Array.from(
      { length: rounds },
      () => factor * 5 * Math.exp(deviation * random.normal() + (random.uniform() < 0.05 ? 0.3 : 0)),
    );
  return {
    device: 'webgpu',
    pass: 'forward',
    shape: 0,
    sample: 'kernels',
    entrants: [
      { variant: 'base', milliseconds: sample(1) },
      ...Object.entries(factors).map(([variant, factor]) => ({ variant, milliseconds: sample(factor) })),
      { variant: 'base', again: true, milliseconds: sample(1) },
    ],
  };
}

const verdictOf = (timing: Timing, changed: Partial<CompareOptions> = {}): VerdictName =>
  compare(timing, { ...options, ...changed }).variants[1]!.verdict;

test('a median is the middle value, or the mean of the middle two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

describe('an interval', () => {
  test.each([6, 7, 9, 12, 15])(
    'of %i values holds the true median about 95 times in 100, whatever their law',
    (count) => {
      const random = new Random(count);
      const laws = [
        () => random.normal(),
        () => random.uniform() ** 4 - 0.5 ** 4,
        () => Math.tan(Math.PI * (random.uniform() - 0.5)),
      ];
      for (const law of laws) {
        const times = 200;
        let held = 0;
        for (let time = 0; time < times; time += 1) {
          const { low, high } = bootstrapMedian(Array.from({ length: count }, law), time);
          if (low <= 0 && 0 <= high) held += 1;
        }
        // Of 200 that hold with 95 %, fewer than 180 do with less than one in a thousand.
        expect(held).toBeGreaterThan(180);
      }
    },
  );

  test('is the same for the same values and seed, and holds its median', () => {
    const values = [1.2, 0.9, 1.1, 1, 1.05, 0.97, 1.3];
    expect(bootstrapMedian(values, 7)).toEqual(bootstrapMedian([...values], 7));
    const { low, median: middle, high } = bootstrapMedian(values, 7);
    expect(low <= middle && middle <= high).toBe(true);
    expect(bootstrapMedian([2], 1)).toEqual({ low: 2, median: 2, high: 2 });
  });

  test('narrows as rounds grow', () => {
    const random = new Random(3);
    const width = (count: number): number => {
      const { low, high } = bootstrapMedian(
        Array.from({ length: count }, () => random.normal()),
        1,
      );
      return high - low;
    };
    expect(width(100)).toBeLessThan(width(10) / 1.5);
  });
});

describe('verdicts', () => {
  const share = (factor: number, rounds: number, wanted: VerdictName, margin = 0.03): number => {
    const random = new Random(11);
    const verdicts = Array.from({ length: 60 }, () => verdictOf(timed({ other: factor }, rounds, random), { margin }));
    return verdicts.filter((verdict) => verdict === wanted).length / verdicts.length;
  };

  test('find no difference where there is none', () => {
    expect(share(1, 12, 'faster', 0.001) + share(1, 12, 'slower', 0.001)).toBeLessThan(0.05);
    expect(share(1, 25, 'the same')).toBeGreaterThan(0.8);
  });

  test('find a difference that is well above the noise', () => {
    expect(share(1.15, 12, 'slower')).toBeGreaterThan(0.9);
    expect(share(0.85, 12, 'faster')).toBeGreaterThan(0.9);
    expect(share(1.15, 12, 'faster')).toBe(0);
  });

  test('are not given of fewer rounds than an interval needs', () => {
    const random = new Random(5);
    const few = compare(timed({ other: 3 }, FEWEST_ROUNDS - 1, random), options).variants[1]!;
    expect(few).toMatchObject({ verdict: 'undecided', because: 'fewer than 6 rounds' });
    expect(few).not.toHaveProperty('smallestDifference');
    expect(verdictOf(timed({ other: 3 }, FEWEST_ROUNDS, random))).toBe('slower');
  });

  test('call one kernel the same, whatever the clock says', () => {
    const timing = timed({ other: 3 }, 12, new Random(1));
    const fingerprints = new Map([
      ['base', 'a'],
      ['other', 'a'],
    ]);
    const [, found] = compare(timing, { ...options, fingerprints }).variants;
    expect(found).toMatchObject({ verdict: 'the same', because: 'the same kernel' });
    expect(found!.ratio!.median).toBeGreaterThan(2.5);
    expect(verdictOf(timing, { fingerprints: new Map([['other', 'a']]) })).toBe('slower');
  });

  test('follow the base that is chosen', () => {
    const timing = timed({ other: 2 }, 12, new Random(1));
    const found = compare(timing, { ...options, base: 'other' });
    expect(found).not.toHaveProperty('noise');
    expect(found.variants[0]).toMatchObject({ variant: 'base', verdict: 'faster' });
    expect(found.variants[1]).toMatchObject({ variant: 'other', because: 'the base' });
  });
});

describe('the smallest difference', () => {
  test('is one that this run would have told from none', () => {
    const random = new Random(17);
    for (let time = 0; time < 30; time += 1) {
      const timing = timed({ other: 1 }, 12, random);
      const { smallestDifference, ratio } = compare(timing, options).variants[1]!;
      // The same samples, moved until their median lies that far above 1.
      const moved = (1 + 1.001 * smallestDifference!) / ratio!.median;
      const entrants = timing.entrants.map((entrant) =>
        entrant.variant === 'other'
          ? { ...entrant, milliseconds: entrant.milliseconds.map((sample) => sample! * moved) }
          : entrant,
      );
      expect(verdictOf({ ...timing, entrants }, { margin: 0 })).toBe('slower');
    }
  });

  test('grows with the noise, and is left out where a clock told no time', () => {
    const difference = (deviation: number): number =>
      compare(timed({ other: 1 }, 15, new Random(2), deviation), options).variants[1]!.smallestDifference!;
    expect(difference(0.1)).toBeGreaterThan(2 * difference(0.01));
    const timing = timed({}, 8, new Random(2));
    const still = { variant: 'still', milliseconds: Array.from({ length: 8 }, () => 0) };
    const found = compare({ ...timing, entrants: [...timing.entrants, still] }, options).variants.at(-1)!;
    expect(found).not.toHaveProperty('smallestDifference');
  });
});

test('rounds in which one of both failed count for neither', () => {
  const timing = timed({ other: 1.5 }, 12, new Random(1));
  const entrants = timing.entrants.map((entrant, n) => ({
    ...entrant,
    milliseconds: entrant.milliseconds.map((sample, round) => (n < 2 && round % 3 === n ? null : sample)),
  }));
  const found = compare({ ...timing, entrants }, options);
  expect(found.rounds).toBe(12);
  expect(found.variants[1]).toMatchObject({ because: 'fewer than 6 rounds' });
  const none = { variant: 'none', milliseconds: Array.from({ length: 12 }, () => null) };
  const [failed] = compare({ ...timing, entrants: [...entrants.slice(0, 1), none] }, options).variants.slice(1);
  expect(failed).toEqual({ variant: 'none', verdict: 'undecided', because: 'no round has both' });
});
