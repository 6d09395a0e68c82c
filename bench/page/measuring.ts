// Measures in the page what the command line measures: results are judged at a small length beside the interpreter first, then
// each length is timed. Gives way to the page between times, and stops where it is told to.
import { fromJson } from '../../src/ir/index.js';
import { entrantsOn } from '../entrants.js';
import type { Failure, Measured } from '../results.js';
import { type Host, measureLength } from '../rounds.js';
import { type BenchDtype, type Lengths, lengthsOf, type PackedWorkload } from '../workloads.js';
import type { OpenedGpu } from './opening.js';

export interface Asked {
  readonly workloads: readonly PackedWorkload[];
  readonly lengths: Lengths;
  readonly repeats: number;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly doing: string;
}

export interface Found {
  readonly asked: Omit<Asked, 'workloads'>;
  readonly titles: ReadonlyMap<string, string>;
  readonly measured: readonly (Measured & { readonly dtype: BenchDtype })[];
  readonly failures: readonly (Failure & { readonly dtype: BenchDtype })[];
}

export interface Watcher {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** Takes all that was found so far. */
  readonly found: (found: Found) => void;
}

/** What no tile divides, and the interpreter computes at once. */
const JUDGED_LENGTH = 50;
const INTERPRETED_SCORES = 6 * 1024;
const LEAST_TIME = 20;

class Stopped extends Error {}

/** @throws Error where Heddle computes something else than the interpreter. */
export async function measureInPage(opened: OpenedGpu, asked: Asked, watcher: Watcher): Promise<Found> {
  const { lengths, repeats } = asked;
  const titles = new Map(asked.workloads.map(({ name, title }) => [name, title]));
  let found: Found = { asked: { lengths, repeats }, titles, measured: [], failures: [] };
  const tasks = asked.workloads.map((workload) => ({ workload, lengths: lengthsOf(workload, lengths) }));
  const of = tasks.reduce((sum, each) => sum + each.lengths.length + 1, 0);
  let done = 0;
  let doing = '';
  const host = hostOf(opened, async () => {
    watcher.progress({ done, of, doing });
    await new Promise((resolve) => setTimeout(resolve));
    if (watcher.signal.aborted) throw new Stopped();
  });
  try {
    for (const { workload: packed, lengths } of tasks) {
      const { computed, ...rest } = packed;
      const workload = { ...rest, computed: fromJson(computed) };
      const entrants = entrantsOn(opened.shared, workload);
      const { title, dtype } = workload;
      doing = `Compiles and compares results: ${title}, ${dtype}`;
      await host.pause!();
      // Outside contenders that fail here do so below, where it is told.
      await measureLength(host, { workload, entrants: entrants(JUDGED_LENGTH), length: JUDGED_LENGTH, repeats: 0 });
      done += 1;
      for (const length of lengths) {
        doing = `Measures: ${title}, ${dtype}, ${workload.rows === undefined ? 'length' : 'keys'} ${length}`;
        await host.pause!();
        const { measured, failures } = await measureLength(host, {
          workload,
          entrants: entrants(length),
          length,
          repeats,
        });
        found = {
          ...found,
          measured: [...found.measured, ...measured.map((each) => ({ ...each, dtype }))],
          failures: [...found.failures, ...failures.map((each) => ({ ...each, dtype }))],
        };
        watcher.found(found);
        done += 1;
      }
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return found;
}

const hostOf = ({ shared }: OpenedGpu, pause: () => Promise<void>): Host => ({
  shared,
  interpretedScores: INTERPRETED_SCORES,
  leastTime: LEAST_TIME,
  pause,
});
