// The statistics of training: the sign-flip test against one that tries all signs, its interval against the test, Holm against R.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decides, fewestPairs, holm, paired } from '../../studies/record/paired.js';

/** The share of all ways to put signs before the differences whose sum is at least as far from 0. */
function bySigns(differences: readonly number[]): number {
  let sums = [0];
  for (const each of differences) sums = sums.flatMap((sum) => [sum + each, sum - each]);
  const found = Math.abs(differences.reduce((sum, each) => sum + each, 0));
  return sums.filter((sum) => Math.abs(sum) >= found - 1e-9).length / sums.length;
}

const some = (least: number, most: number) =>
  fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: least, maxLength: most });

test('p is the share of signs that do as much', () => {
  fc.assert(
    fc.property(some(1, 9), (differences) => {
      expect(paired(differences)!.p).toBeCloseTo(bySigns(differences), 12);
    }),
  );
});

test('the interval holds exactly the means that the test does not refuse', () => {
  fc.assert(
    fc.property(some(6, 9), fc.integer({ min: -1000, max: 1000 }), (differences, shift) => {
      // Irrational: the mean of no subset, so that no bound is met by chance.
      const mean = shift + 1 / Math.PI;
      const { interval } = paired(differences)!;
      const p = bySigns(differences.map((each) => each - mean));
      expect(interval![0] <= mean && mean <= interval![1]).toBe(p > 0.05);
    }),
  );
});

test('below six pairs there is no interval, and one-sided ones decide from six on', () => {
  expect(paired([])).toBeNull();
  expect(paired([-0.7, -0.75, -0.73, -0.7, -0.72])).toMatchObject({ interval: null, p: 2 / 32 });
  expect(paired([-0.7, -0.75, -0.73, -0.7, -0.72, -0.1])).toMatchObject({ interval: [-0.75, -0.1], p: 2 / 64 });
  expect([1, 2, 3, 5, 10].map(fewestPairs)).toEqual([6, 7, 7, 8, 9]);
  for (const tests of [1, 2, 3, 5, 10, 40]) {
    const best = (count: number) => decides((2 / 2 ** count) * tests);
    expect([best(fewestPairs(tests) - 1), best(fewestPairs(tests))]).toEqual([false, true]);
  }
});

test('many pairs are judged by signs that are drawn, close to the exact answer and always the same', () => {
  const differences = Array.from({ length: 16 }, (_, n) => ((n * 37) % 16) - 5.5);
  const found = paired(differences)!;
  expect(Math.abs(found.p - bySigns(differences))).toBeLessThan(0.01);
  expect(paired(differences)).toEqual(found);
});

test("Holm's correction is R's p.adjust", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p!.toFixed(6)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.5, null, 0.6], 3)).toEqual([1, null, 1]);
});
