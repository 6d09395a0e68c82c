// Timing: all variants and the baseline once more, made ready together and run in rounds, each in an order of its own.
// Every sample is kept as soon as it is there; rounds that were interrupted go on where they ended.
import { Random } from '../src/tensors/index.js';
import { keyOf } from './fingerprint.js';
import type { Journal } from './journal.js';
import type { Failure, Pass, StudyShape, TimedEntrant, Timing } from './record/study.js';
import type { PrepareRequest } from './work/requests.js';
import type { Worker } from './workers.js';

export interface Entrant {
  readonly variant: string;
  readonly again?: true;
  readonly graph: PrepareRequest['graph'];
}

export interface TimingRequest {
  readonly device: string;
  /** What the device calls itself: times of another one are others. */
  readonly detail: string;
  readonly pass: Pass;
  readonly shape: StudyShape;
  /** The place of the shape among the study's. */
  readonly shapeIndex: number;
  readonly entrants: readonly Entrant[];
  readonly rounds: number;
  readonly seed: number;
  readonly version: string;
}

/** What the journal holds of one timing. */
interface Kept {
  readonly sample: NonNullable<Timing['sample']>;
  /** samples[round][entrant]. */
  readonly rounds: (number | null)[][];
  readonly failures: readonly VariantFailure[];
}

export interface VariantFailure extends Failure {
  readonly variant: string;
}

export interface Timed {
  readonly timing: Timing;
  readonly failures: readonly VariantFailure[];
}

export interface TimingHooks {
  /** Called when an entrant is ready and after each sample. */
  readonly onStep: () => void;
}

/** How many steps a timing has, for who shows progress. */
export const stepsOf = ({ entrants, rounds }: TimingRequest): number => entrants.length * (rounds + 1);

const keyOfTiming = ({ device, detail, pass, shape, entrants, seed, version }: TimingRequest): string =>
  keyOf('timing', version, device, detail, pass, shape, seed, entrants);

/** What is kept of a timing; undefined where rounds are left to be run. */
export function keptTiming(request: TimingRequest, journal: Journal): Timed | undefined {
  const kept = journal.read<Kept>(keyOfTiming(request));
  return kept === undefined || kept.rounds.length < request.rounds ? undefined : timedOf(request, kept);
}

/** Runs the rounds that are left. The worker must be this timing's alone until it is done. */
export async function time(
  request: TimingRequest,
  journal: Journal,
  worker: Worker,
  { onStep }: TimingHooks,
): Promise<Timed> {
  const { entrants, device, pass, shape, seed, rounds } = request;
  const key = keyOfTiming(request);
  const before = journal.read<Kept>(key);
  const failures: VariantFailure[] = [];
  let sample: Kept['sample'] = 'call';
  const isReady: boolean[] = [];
  const failed = (n: number, failure: Omit<Failure, 'stage'>): void => {
    isReady[n] = false;
    const stage = `time ${device}${pass === 'backward' ? ', backward' : ''}`;
    failures.push({ ...failure, stage, variant: entrants[n]!.variant });
  };
  for (const [n, { graph }] of entrants.entries()) {
    const outcome = await worker.perform({ kind: 'prepare', entrant: n, device, pass, graph, shape, seed });
    isReady[n] = true;
    if ('failure' in outcome) failed(n, outcome.failure);
    else sample = outcome.result.sample;
    onStep();
  }
  const done = [...(before?.rounds ?? [])];
  for (let round = done.length; round < rounds; round += 1) {
    const times: (number | null)[] = entrants.map(() => null);
    for (const n of orderOf(entrants.length, seed, round)) {
      if (isReady[n]) {
        const outcome = await worker.perform({ kind: 'sample', entrant: n });
        if ('failure' in outcome) failed(n, outcome.failure);
        else times[n] = outcome.result.milliseconds;
      }
      onStep();
    }
    done.push(times);
    journal.keep(key, { sample, rounds: done, failures } satisfies Kept);
  }
  await worker.perform({ kind: 'release' });
  return timedOf(request, { sample, rounds: done, failures });
}

/** An order of the entrants for one round, so that nobody always follows the same neighbour (Fisher and Yates). */
function orderOf(count: number, seed: number, round: number): readonly number[] {
  const random = new Random(seed).fork(`round ${round}`);
  const order = Array.from({ length: count }, (_, n) => n);
  for (let n = count - 1; n > 0; n -= 1) {
    const other = random.integer(0, n);
    [order[n], order[other]] = [order[other]!, order[n]!];
  }
  return order;
}

function timedOf({ device, pass, shapeIndex, entrants, rounds }: TimingRequest, kept: Kept): Timed {
  const taken = kept.rounds.slice(0, rounds);
  return {
    timing: {
      device,
      pass,
      shape: shapeIndex,
      sample: kept.sample,
      entrants: entrants.map(({ variant, again }, n): TimedEntrant => {
        const milliseconds = taken.map((times) => times[n] ?? null);
        return { variant, ...(again === undefined ? {} : { again }), milliseconds };
      }),
    },
    failures: kept.failures,
  };
}
