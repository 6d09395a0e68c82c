// Times the alternatives of a launcher at a call, each forced, and the one that it takes by itself, in turns.
// What takes several times as long as the fastest is timed once: it decides nothing.
import type { Candidate, ChoiceCall, ChoiceOutcome } from './choice-calls.js';
import { timeOf } from './choice-calls.js';
import { callsFor, type Host, noTimes, relativeError, type Timed, time } from './rounds.js';

/** A launcher at one call, with its tensors on the device. */
export interface LauncherAtCall {
  readonly alternatives: readonly string[];
  readonly chosen: string;
  /** Computes by an alternative, or by what it chooses. Throws or rejects where an alternative does not run at such a call. */
  readonly dispatch: (alternative?: string) => Promise<void>;
  readonly output: () => Promise<ArrayLike<number>>;
}

export interface ChoiceLimits {
  readonly rounds: number;
  /** Milliseconds after which no further round begins. */
  readonly budget: number;
}

/** Times as long as the fastest, in the first round, from which on a candidate is timed no more. */
const HOPELESS = 3;

interface ReadyCandidate extends Timed {
  readonly name: string;
  readonly error: number;
}

export async function timeChoice(
  host: Host,
  call: ChoiceCall,
  launcher: LauncherAtCall,
  { rounds, budget }: ChoiceLimits,
): Promise<ChoiceOutcome> {
  const candidates: ReadyCandidate[] = [];
  const refused: { readonly name: string; readonly why: string }[] = [];
  let first: ArrayLike<number> | undefined;
  for (const name of launcher.alternatives) {
    try {
      // Builds its pipelines; and tells what the device refuses.
      await launcher.dispatch(name);
      const output = await launcher.output();
      first ??= output;
      const error = relativeError(output, first);
      candidates.push({ name, error, ...(await ready(host, launcher, name)) });
    } catch (error) {
      refused.push({ name, why: (error as Error).message });
    }
  }
  const own: ReadyCandidate = { name: launcher.chosen, error: 0, ...(await ready(host, launcher, undefined)) };
  const started = performance.now();
  const isClose = (all: readonly ReadyCandidate[]): ReadyCandidate[] => {
    const least = Math.min(...all.map(({ times }) => timeOf(times)));
    return all.filter((each) => each === own || !(timeOf(each.times) > HOPELESS * least));
  };
  // What has shown in its first call that it is hopeless has been timed by it.
  let running = isClose([...candidates, own]);
  for (const { times } of running) for (const each of Object.values(times)) each.length = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < running.length; turn += 1) await time(host, running[(turn + round) % running.length]!);
    if (round === 0) running = isClose(running);
    if (performance.now() - started > budget) break;
  }
  const outcome = ({ name, times, error }: ReadyCandidate): Candidate => ({ name, times, error });
  return { call, chosen: launcher.chosen, candidates: candidates.map(outcome), refused, unforced: own.times };
}

async function ready(host: Host, launcher: LauncherAtCall, name: string | undefined): Promise<Timed> {
  const prepared = { call: () => void launcher.dispatch(name) };
  const first = { prepared, times: noTimes(), calls: 1 };
  const traffic = await host.shared.watch(() => time(host, first));
  return { ...first, calls: callsFor(host, first.times.milliseconds[0]!, traffic) };
}
