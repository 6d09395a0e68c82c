// The calls of the choice test: forty, of four specs, from one row to 2048 and from 64 keys to 8192, made by a rule.
// Also what is found at a call, and the mark: how much longer the chosen kernel takes than the fastest one.
import { median, type Times } from './results.js';

export interface ChoiceCall {
  /** The name of a workload. */
  readonly spec: string;
  readonly rows: number;
  readonly keys: number;
}

/** Specs, and the most scores of a head that a call of theirs computes: on a software device a second or a few. */
const specs = [
  { spec: 'plain-64', mostScores: 2 ** 22 },
  { spec: 'convolution', mostScores: 2 ** 20 },
  { spec: 'mixing-behind', mostScores: 2 ** 20 },
  { spec: 'layer', mostScores: 2 ** 19 },
] as const;

/** Rows of the calls of a spec; fewer where even as many keys would be too many scores. */
const rowsOfCalls = [1, 1, 1, 2, 8, 32, 64, 128, 512, 2048] as const;
const keysOfCalls = [64, 128, 256, 512, 1024, 2048, 4096, 8192] as const;

/** Each spec goes through the numbers of keys that its rows allow, from another one on; every other call has a quarter less. */
export function choiceCalls(): readonly ChoiceCall[] {
  return specs.flatMap(({ spec, mostScores }, s) =>
    rowsOfCalls.map((wanted, n) => {
      const rows = Math.min(wanted, Math.floor(Math.sqrt(mostScores)));
      const allowed = keysOfCalls.filter((keys) => keys >= rows && rows * keys <= mostScores);
      // Steps of three come to all of them.
      const keys = allowed[(3 * n + s) % allowed.length] ?? rows;
      const less = (keys / 4) * 3;
      return { spec, rows, keys: n % 2 === 1 && less >= Math.max(64, rows) ? less : keys };
    }),
  );
}

/** An alternative of a launcher at a call. */
export interface Candidate {
  readonly name: string;
  readonly times: Times;
  /** ‖out − first‖ / ‖first‖ beside the first candidate. */
  readonly error: number;
}

export interface ChoiceOutcome {
  readonly call: ChoiceCall;
  /** What the launcher says that it takes. */
  readonly chosen: string;
  readonly candidates: readonly Candidate[];
  /** Those that do not run at such a call, and what they said. */
  readonly refused: readonly { readonly name: string; readonly why: string }[];
  /** The launcher's own choice, timed as any other. */
  readonly unforced: Times;
}

/** Milliseconds of a call in each round: of processors where that can be told, which other programs disturb less. */
const roundsOf = ({ processorMilliseconds, milliseconds }: Times): readonly number[] =>
  processorMilliseconds.length > 0 ? processorMilliseconds : milliseconds;

export const timeOf = (times: Times): number => median(roundsOf(times));

export function fastestOf({ candidates }: Pick<ChoiceOutcome, 'candidates'>): Candidate {
  return candidates.reduce((least, each) => (timeOf(each.times) < timeOf(least.times) ? each : least));
}

/**
 * The chosen kernel's time over the fastest one's: the median over rounds, in each of which it runs twice, forced and by the launcher's choice.
 * @throws Error where it has not been timed.
 */
export function markOf(outcome: Pick<ChoiceOutcome, 'candidates' | 'chosen' | 'unforced'>): number {
  const chosen = outcome.candidates.find(({ name }) => name === outcome.chosen);
  if (!chosen) throw new Error(`the launcher chooses ${outcome.chosen}, which does not run at this call`);
  const fastest = fastestOf(outcome);
  if (chosen === fastest) return 1;
  const own = [chosen.times, outcome.unforced].map(roundsOf);
  const least = roundsOf(fastest.times);
  // What is hopeless is timed once.
  if (own.some(({ length }) => length !== least.length)) return timeOf(chosen.times) / timeOf(fastest.times);
  return median(own.flatMap((times) => times.map((time, round) => time / least[round]!)));
}

/** What counts as well chosen, and in how many of all calls it should be. */
const WELL_CHOSEN = 1.15;
const SHARE_WELL_CHOSEN = 0.9;

export function verdictOf(outcomes: readonly ChoiceOutcome[]): { readonly text: string; readonly passed: boolean } {
  const well = outcomes.filter((each) => markOf(each) <= WELL_CHOSEN).length;
  const passed = well >= SHARE_WELL_CHOSEN * outcomes.length;
  return {
    passed,
    text: `${well} of ${outcomes.length} calls take at most ${WELL_CHOSEN} times the fastest one's time`,
  };
}

export function lineOf(outcome: ChoiceOutcome): string {
  const { call, chosen, candidates, unforced, refused } = outcome;
  const fastest = fastestOf(outcome);
  const own = timeOf(unforced) / timeOf(fastest.times);
  const all = candidates.map(({ name, times }) => `${name} ${timeOf(times).toFixed(1)}`);
  return [
    `${call.spec}, ${call.rows} × ${call.keys}: ${chosen} ${markOf(outcome).toFixed(2)}× of ${fastest.name}`,
    `(unforced ${own.toFixed(2)}×; ${[...all, ...refused.map(({ name }) => `${name} does not run`)].join(', ')} ms)`,
  ].join(' ');
}
