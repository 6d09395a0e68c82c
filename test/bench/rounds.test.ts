// The rounds of the benchmark, on a device that computes nothing: who is timed when, who is judged, and what happens to who fails.
import { describe, expect, it } from 'vitest';
import type { Contender, Prepared } from '../../bench/contender.js';
import type { Entrant } from '../../bench/entrants.js';
import { summarise, withFormer } from '../../bench/results.js';
import { type Host, measureLength, SAME } from '../../bench/rounds.js';
import { inputsOf, lengthsOf, sizesOf, type Workload, workloadNames } from '../../bench/workloads.js';
import { interpret } from '../../src/interpreter/index.js';
import { parse } from '../../src/ir/index.js';

const computed = parse(`graph "ones"
tensor "p"[h:2, j]: tensor
map %1[b, h:2, i, j] = "p"[h, j]
output "out" = %1
`);

const workload: Workload = {
  name: 'ones',
  title: 'ones',
  form: {},
  heads: 2,
  headDim: 4,
  dtype: 'f32',
  history: 0,
  computed,
  launchers: {},
};
const LENGTH = 3;
const right = interpret(computed, inputsOf(workload, LENGTH), { rows: LENGTH }).get('out')!.data;

/** A device whose queue is always done, and whose calls bind nothing. */
function hostWith(clock: () => number): Host {
  const device = { queue: { onSubmittedWorkDone: async () => {} } } as unknown as GPUDevice;
  const watch = async (work: () => void | Promise<void>) => {
    await work();
    return { bytes: 16, dispatches: 1, passes: 1 };
  };
  const shared = { device, adapter: {} as GPUAdapterInfo, jaxIsHere: false, watch };
  return { shared, processor: clock, interpretedScores: 256, leastTime: 0 };
}

interface Given {
  readonly isSame?: boolean;
  readonly prepared?: Partial<Prepared>;
  readonly fails?: string;
}

function entrants(given: Readonly<Record<string, Given>>, calls: string[]): readonly Entrant[] {
  return Object.entries(given).map(([name, { isSame = true, prepared, fails }]) => {
    const contender: Contender = {
      name,
      what: name,
      prepare: async () => {
        if (fails !== undefined) throw new Error(fails);
        const call = () => void calls.push(name);
        return { call, outputs: async () => [right], release: () => calls.push(`${name} released`), ...prepared };
      },
    };
    return { contender, isSame };
  });
}

const taskOf = (all: readonly Entrant[], repeats: number) => ({ workload, entrants: all, length: LENGTH, repeats });

describe('rounds', () => {
  it('begin with another contender each, and release all in the end', async () => {
    const calls: string[] = [];
    let now = 0;
    const host = hostWith(() => (now += 5));
    const { measured } = await measureLength(host, taskOf(entrants({ heddle: {}, peer: {} }, calls), 3));
    // Two calls each before: one that compiles, one that is counted.
    const [before, rounds] = [calls.slice(0, 4), calls.slice(4, 10)];
    expect(before).toEqual(['heddle', 'heddle', 'peer', 'peer']);
    expect(rounds).toEqual(['heddle', 'peer', 'peer', 'heddle', 'heddle', 'peer']);
    expect(calls.slice(10)).toEqual(['heddle released', 'peer released']);
    expect(measured.map(({ processorMilliseconds }) => processorMilliseconds)).toEqual([
      [5, 5, 5],
      [5, 5, 5],
    ]);
    expect(measured[0]).toMatchObject({ length: LENGTH, error: 0, bytes: 16, dispatches: 1 });
    expect(measured[0]!.milliseconds).toHaveLength(3);
  });

  it('list an outside contender that is wrong, and one that computes something else without judging it', async () => {
    const off = right.map((each) => each * (1 + 3 * SAME.f32));
    const all = entrants(
      { heddle: {}, peer: { prepared: { outputs: async () => [off] } }, other: { isSame: false } },
      [],
    );
    const { measured } = await measureLength(
      hostWith(() => 0),
      taskOf(all, 1),
    );
    expect(measured[1]!.wrong).toEqual(['out wrong by 3.0e-5']);
    expect(measured[1]).not.toHaveProperty('error');
    expect(measured[2]).not.toHaveProperty('error');
    expect(measured[2]).not.toHaveProperty('wrong');
  });

  it('end where Heddle is wrong or fails', async () => {
    const off = entrants({ heddle: { prepared: { outputs: async () => [right.map((each) => 2 * each)] } } }, []);
    await expect(
      measureLength(
        hostWith(() => 0),
        taskOf(off, 1),
      ),
    ).rejects.toThrow('heddle computes something else at T = 3');
    const failing = entrants({ heddle: { fails: 'no pipeline' } }, []);
    await expect(
      measureLength(
        hostWith(() => 0),
        taskOf(failing, 1),
      ),
    ).rejects.toThrow('no pipeline');
  });

  it('go on without an outside contender that fails', async () => {
    const all = entrants({ heddle: {}, peer: { fails: 'no memory' } }, []);
    const { measured, failures } = await measureLength(
      hostWith(() => 0),
      taskOf(all, 1),
    );
    expect(measured.map(({ contender }) => contender)).toEqual(['heddle']);
    expect(failures).toEqual([{ workload: 'ones', length: LENGTH, contender: 'peer', why: 'no memory' }]);
  });

  it('repeat a call that is shorter than what a time is taken over', async () => {
    const calls: string[] = [];
    const slow = { call: () => void calls.push('slow') };
    const all = entrants({ heddle: { prepared: slow } }, []);
    await measureLength({ ...hostWith(() => 0), leastTime: 1e9 }, taskOf(all, 2));
    expect(calls).toHaveLength(2 + 2 * 256);
  });
});

describe('lengths', () => {
  const named = (name: string) => workloadNames.find((each) => each.name === name)!;
  it('are numbers of keys where one row is computed', () => {
    expect(lengthsOf(named('plain-64'), {})).toEqual([256, 512, 1024, 2048]);
    expect(lengthsOf(named('layer'), {})).toEqual([256, 512]);
    expect(lengthsOf(named('plain-decode-128'), { lengths: [64] })).toEqual([1024, 4096]);
    expect(lengthsOf(named('decode'), { lengths: [64], keys: [128] })).toEqual([128]);
    expect(lengthsOf(named('gradient'), { lengths: [64], keys: [128] })).toEqual([64]);
  });

  it('give queries for the rows and the history above them, as far as there are any', () => {
    expect(sizesOf({ history: 5, rows: 1 }, 4096)).toEqual({ batch: 1, queries: 6, keys: 4096, rows: 1 });
    expect(sizesOf({ history: 5, rows: 1 }, 3)).toEqual({ batch: 1, queries: 3, keys: 3, rows: 1 });
    expect(sizesOf({ history: 5 }, 64)).toEqual({ batch: 1, queries: 64, keys: 64, rows: 64 });
  });
});

describe('a summary', () => {
  it('holds medians over rounds, and of ratios within them', () => {
    const row = { workload: 'w', length: 8, what: '', bytes: 1, dispatches: 1, deviceMilliseconds: [] };
    const [, peer] = summarise([
      { ...row, contender: 'heddle', milliseconds: [10, 20, 40], processorMilliseconds: [1, 1, 2] },
      { ...row, contender: 'peer', milliseconds: [20, 30, 40], processorMilliseconds: [3, 3, 3] },
    ]);
    expect(peer).toMatchObject({
      milliseconds: { median: 30, least: 20, all: [20, 30, 40] },
      ratio: { median: 1.5, least: 1, most: 2 },
      processorRatio: { median: 3, least: 1.5, most: 3 },
    });
    expect(peer).not.toHaveProperty('deviceRatio');
  });

  it('keeps what was found before of other workloads and lengths', () => {
    const rowAt = (workload: string, length: number, what: string) => ({
      ...{ workload, length, what, contender: 'heddle', bytes: 1, dispatches: 1 },
      ...{ milliseconds: [1], processorMilliseconds: [], deviceMilliseconds: [] },
    });
    const failure = { workload: 'a', length: 64, contender: 'peer', why: 'no memory' };
    const former = {
      results: summarise([rowAt('a', 64, 'old'), rowAt('a', 128, 'old'), rowAt('b', 32, 'old')]),
      failures: [failure, { ...failure, length: 128 }],
    };
    const now = { results: summarise([rowAt('a', 64, 'new')]), failures: [] };
    const { results, failures } = withFormer(now, former);
    expect(results.map(({ workload, length, what }) => [workload, length, what])).toEqual([
      ['b', 32, 'old'],
      ['a', 64, 'new'],
      ['a', 128, 'old'],
    ]);
    expect(failures.map(({ length }) => length)).toEqual([128]);
    expect(withFormer(now, undefined)).toBe(now);
  });
});
