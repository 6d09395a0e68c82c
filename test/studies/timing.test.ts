// Rounds of timing with a worker that computes nothing: who runs when, what becomes of failures, and how rounds go on.
import { describe, expect, test } from 'vitest';
import { Journal } from '../../studies/journal.js';
import { Steps } from '../../studies/steps.js';
import { keptTiming, stepsOf, type TimingRequest, time } from '../../studies/timing.js';
import type { Kind, Outcome, RequestOf } from '../../studies/work/requests.js';
import type { Worker } from '../../studies/workers.js';
import { folderFor } from './support.js';

const graph = { format: 'heddle-graph/1', name: 'variant', settings: {}, nodes: [], inputs: [], outputs: [] } as const;
const request: TimingRequest = {
  device: 'webgpu',
  detail: 'a device',
  pass: 'forward',
  shape: { batch: 1, queries: 4, keys: 4 },
  shapeIndex: 0,
  entrants: [
    { variant: 'base', graph },
    { variant: 'a', graph },
    { variant: 'b', graph },
    { variant: 'base', again: true, graph },
  ],
  rounds: 8,
  seed: 3,
  version: '0',
};

/** A worker that takes as long as the entrant's number says, and fails where it is told to. */
function workerOf(fails: (request: RequestOf<Kind>, sample: number) => boolean = () => false) {
  const sampled: number[] = [];
  const worker: Worker = {
    close: () => {},
    perform: async <K extends Kind>(asked: RequestOf<K>): Promise<Outcome<K>> => {
      if (fails(asked, sampled.length)) return { failure: { message: 'told to' }, lasting: false };
      const { kind, entrant = 0 } = asked as { readonly kind: Kind; readonly entrant?: number };
      if (kind === 'sample') sampled.push(entrant);
      const result = kind === 'sample' ? { milliseconds: 1 + entrant } : { sample: 'kernels' };
      return { result } as Outcome<K>;
    },
  };
  return { worker, sampled };
}

const journalOf = () => new Journal(folderFor({}));
const hooks = { onStep: () => {} };

describe('rounds', () => {
  test('hold every entrant once, in orders of their own that the seed decides', async () => {
    const { worker, sampled } = workerOf();
    let steps = 0;
    const { timing, failures } = await time(request, journalOf(), worker, {
      onStep: () => {
        steps += 1;
      },
    });
    expect(steps).toBe(stepsOf(request));
    expect(failures).toEqual([]);
    expect(timing).toMatchObject({ device: 'webgpu', sample: 'kernels', shape: 0 });
    expect(timing.entrants.map(({ milliseconds }) => [...new Set(milliseconds)])).toEqual([[1], [2], [3], [4]]);
    const orders = Array.from({ length: 8 }, (_, round) => sampled.slice(4 * round, 4 * round + 4));
    for (const order of orders) expect([...order].sort()).toEqual([0, 1, 2, 3]);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(3);
    const again = workerOf();
    await time(request, journalOf(), again.worker, hooks);
    expect(again.sampled).toEqual(sampled);
    const other = workerOf();
    await time({ ...request, seed: 4 }, journalOf(), other.worker, hooks);
    expect(other.sampled).not.toEqual(sampled);
  });

  test('go on without an entrant that cannot be made ready', async () => {
    const { worker } = workerOf((asked) => asked.kind === 'prepare' && asked.entrant === 1);
    const { timing, failures } = await time(request, journalOf(), worker, hooks);
    expect(failures).toEqual([{ variant: 'a', stage: 'time webgpu', message: 'told to' }]);
    expect(timing.entrants[1]!.milliseconds).toEqual(Array.from({ length: 8 }, () => null));
    expect(timing.entrants[2]!.milliseconds).toEqual(Array.from({ length: 8 }, () => 3));
  });

  test('keep what an entrant had before it failed', async () => {
    const { worker } = workerOf((asked, count) => asked.kind === 'sample' && asked.entrant === 2 && count > 10);
    const { timing, failures } = await time(request, journalOf(), worker, hooks);
    const { milliseconds } = timing.entrants[2]!;
    expect(failures).toHaveLength(1);
    expect(milliseconds.filter((sample) => sample === 3).length).toBeGreaterThan(0);
    expect(milliseconds.at(-1)).toBeNull();
  });

  test('that were interrupted go on in the orders that they would have had', async () => {
    const whole = workerOf();
    await time(request, journalOf(), whole.worker, hooks);
    const journal = journalOf();
    const stopped = workerOf();
    const stopping: Worker = {
      ...stopped.worker,
      perform: async (asked) => {
        if (stopped.sampled.length === 14) throw new Error('interrupted');
        return stopped.worker.perform(asked);
      },
    };
    await expect(time(request, journal, stopping, hooks)).rejects.toThrow('interrupted');
    expect(keptTiming(request, journal)).toBeUndefined();
    const rest = workerOf();
    const { timing } = await time(request, journal, rest.worker, hooks);
    // Three rounds were whole; the samples of the fourth were not.
    expect(rest.sampled).toEqual(whole.sampled.slice(12));
    expect(keptTiming(request, journal)?.timing).toEqual(timing);
    expect(timing.entrants[0]!.milliseconds).toHaveLength(8);
  });

  test('of other graphs, devices and shapes are others', async () => {
    const journal = journalOf();
    await time(request, journal, workerOf().worker, hooks);
    const fewer = keptTiming({ ...request, rounds: 5 }, journal);
    expect(fewer?.timing.entrants.map(({ milliseconds }) => milliseconds.length)).toEqual([5, 5, 5, 5]);
    expect(keptTiming({ ...request, rounds: 9 }, journal)).toBeUndefined();
    expect(keptTiming({ ...request, detail: 'another device' }, journal)).toBeUndefined();
    expect(keptTiming({ ...request, entrants: request.entrants.slice(1) }, journal)).toBeUndefined();
  });
});

test('progress says how much is left, once it can', () => {
  const shown: { done: number; total: number; secondsLeft: number | undefined }[] = [];
  const steps = new Steps((progress) => shown.push(progress));
  steps.expect(2, 'piece');
  steps.start('compiling for wgsl');
  expect(shown.at(-1)).toMatchObject({ done: 0, total: 2, secondsLeft: undefined });
  steps.done('piece');
  expect(shown.at(-1)!.secondsLeft).toBeGreaterThanOrEqual(0);
  steps.done('piece');
  expect(shown.at(-1)).toMatchObject({ done: 2, total: 2, secondsLeft: 0 });
});
