// Times the alternatives of a launcher at a call, each forced, and the one that it takes by itself, in turns.
// What takes several times as long as the fastest is timed once: it decides nothing.
import type { Candidate, ChoiceCall, ChoiceOutcome } from './choice-calls.js';
import { timeOf } from './choice-calls.js';
import { callsFor, finished, type Host, noTimes, relativeError, type Timed, time } from './rounds.js';

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
      candidates.push({ name, error: relativeError(output, first), ...(await ready(host, launcher, name)) });
    } catch (error) {
      refused.push({ name, why: (error as Error).message });
    }
  }
  const own: ReadyCandidate = { name: launcher.chosen, error: 0, ...(await ready(host, launcher, undefined)) };
  const started = performance.now();
  let running = [...candidates, own];
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < running.length; turn += 1) await time(host, running[(turn + round) % running.length]!);
    if (round === 0) {
      const least = Math.min(...running.map(({ times }) => timeOf(times)));
      running = running.filter((each) => each === own || timeOf(each.times) <= HOPELESS * least);
    }
    if (performance.now() - started > budget) break;
  }
  const outcome = ({ name, times, error }: ReadyCandidate): Candidate => ({ name, times, error });
  return { call, chosen: launcher.chosen, candidates: candidates.map(outcome), refused, unforced: own.times };
}

async function ready(host: Host, launcher: LauncherAtCall, name: string | undefined): Promise<Timed> {
  const prepared = { call: () => void launcher.dispatch(name) };
  const started = performance.now();
  const traffic = await host.shared.watch(() => finished(host, prepared, 1));
  return { prepared, times: noTimes(), calls: callsFor(host, performance.now() - started, traffic) };
}
