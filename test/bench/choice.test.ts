// The choice test, with a launcher that computes nothing: which calls there are, what is timed, and what the mark is.
import { describe, expect, it } from 'vitest';
import { choiceCalls, fastestOf, lineOf, markOf, verdictOf } from '../../bench/choice-calls.js';
import { type LauncherAtCall, timeChoice } from '../../bench/choice-rounds.js';
import type { Host } from '../../bench/rounds.js';
import { workloadNames } from '../../bench/workloads.js';

describe('the calls', () => {
  const calls = choiceCalls();
  it('are forty different ones of four specs, over all rows and keys', () => {
    expect(new Set(calls.map((each) => JSON.stringify(each))).size).toBe(40);
    expect(new Set(calls.map(({ spec }) => spec)).size).toBe(4);
    expect(calls.every(({ spec }) => workloadNames.some(({ name }) => name === spec))).toBe(true);
    const rows = calls.map((each) => each.rows);
    const keys = calls.map((each) => each.keys);
    expect([Math.min(...rows), Math.max(...rows), Math.min(...keys), Math.max(...keys)]).toEqual([1, 2048, 64, 8192]);
  });

  it('have a key for each row, and no more scores than a software device computes', () => {
    for (const { rows, keys } of calls) {
      expect(keys).toBeGreaterThanOrEqual(Math.max(64, rows));
      expect(rows * keys).toBeLessThanOrEqual(2 ** 22);
      expect(Number.isInteger(rows) && Number.isInteger(keys)).toBe(true);
    }
  });
});

/** A launcher whose alternatives take so many milliseconds of processors, and a host whose clock they move. */
function launcherOf(costs: Readonly<Record<string, number>>, chosen: string, calls: string[] = []) {
  let now = 0;
  let last = '';
  const launcher: LauncherAtCall = {
    alternatives: Object.keys(costs),
    chosen,
    dispatch: async (name) => {
      last = name ?? chosen;
      calls.push(name ?? 'unforced');
      if (Number.isNaN(costs[last]!)) throw new RangeError(`${last} needs more`);
      now += costs[last]!;
    },
    output: async () => [1, last === 'wrong' ? 3 : 2],
  };
  const device = { queue: { onSubmittedWorkDone: async () => {} } } as unknown as GPUDevice;
  const watch = async (work: () => void | Promise<void>) => {
    await work();
    return { bytes: 0, dispatches: 1, passes: 1 };
  };
  const shared = { device, adapter: {} as GPUAdapterInfo, jaxIsHere: false, watch };
  const host: Host = { shared, processor: () => now, interpretedScores: 0, leastTime: 0 };
  return { launcher, host };
}

const call = { spec: 'plain-64', rows: 1, keys: 64 };
const limits = { rounds: 4, budget: 1e9 };

describe('a call', () => {
  it('times each alternative and the own choice in turns, and the hopeless once', async () => {
    const calls: string[] = [];
    const { launcher, host } = launcherOf({ a: 10, b: 12, c: 31 }, 'b', calls);
    const outcome = await timeChoice(host, call, launcher, limits);
    expect(outcome.candidates.map(({ times }) => times.processorMilliseconds)).toEqual([
      [10, 10, 10, 10],
      [12, 12, 12, 12],
      [31],
    ]);
    expect(outcome.unforced.processorMilliseconds).toEqual([12, 12, 12, 12]);
    // Two calls each to get ready, of the own choice one; the second has shown that c is hopeless.
    expect(calls.slice(7, 13)).toEqual(['a', 'b', 'unforced', 'b', 'unforced', 'a']);
    expect(fastestOf(outcome).name).toBe('a');
    expect(markOf(outcome)).toBeCloseTo(1.2, 12);
    expect(lineOf(outcome)).toBe('plain-64, 1 × 64: b 1.20× of a (unforced 1.20×; a 10.0, b 12.0, c 31.0 ms)');
  });

  it('names alternatives that do not run, and what computes something else', async () => {
    const { launcher, host } = launcherOf({ a: 10, big: Number.NaN, wrong: 9 }, 'a');
    const outcome = await timeChoice(host, call, launcher, limits);
    expect(outcome.refused).toEqual([{ name: 'big', why: 'big needs more' }]);
    expect(outcome.candidates.map(({ error }) => error)).toEqual([0, expect.closeTo(1 / Math.sqrt(5), 6)]);
    expect(lineOf(outcome)).toContain('big does not run');
    expect(() => markOf({ ...outcome, chosen: 'big' })).toThrow('does not run at this call');
  });

  it('begins no round after its time', async () => {
    const { launcher, host } = launcherOf({ a: 10 }, 'a');
    const outcome = await timeChoice(host, call, launcher, { rounds: 100, budget: 0 });
    expect(outcome.unforced.milliseconds.length).toBeLessThan(100);
  });
});

it('nine of ten calls must be well chosen', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, async (_, n) => {
      const { launcher, host } = launcherOf({ a: 10, b: 11, c: 12 }, n === 0 ? 'c' : 'b');
      return timeChoice(host, call, launcher, limits);
    }),
  );
  expect(verdictOf(outcomes)).toEqual({
    passed: true,
    text: "9 of 10 calls take at most 1.15 times the fastest one's time",
  });
  expect(verdictOf(outcomes.slice(0, 9)).passed).toBe(false);
});
