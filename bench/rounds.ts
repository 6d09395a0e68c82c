// Measures a workload at a length: each contender's outputs are judged, then all are timed in rounds, in turns.
// What there is of clocks differs: the host gives them. Runs in a browser.
import { judge } from '../src/checking/index.js';
import { interpret } from '../src/interpreter/index.js';
import { type HostTensor, hostTensor } from '../src/tensors/index.js';
import type { Prepared } from './contender.js';
import type { Entrant } from './entrants.js';
import type { Failure, Measured, Times } from './results.js';
import type { SharedDevice, Traffic } from './shared-device.js';
import { MOST_PASSES } from './timestamps.js';
import { type BenchDtype, inputsOf, sizesOf, type Workload } from './workloads.js';

export interface Host {
  readonly shared: SharedDevice;
  /** Milliseconds of all processors that this process has used, where that can be told. */
  readonly processor?: () => number;
  /** The most scores of a head at which outputs are compared with the interpreter's; at more, with the first contender's. */
  readonly interpretedScores: number;
  /** Milliseconds that a time is taken over at least: a call that is shorter is repeated. */
  readonly leastTime: number;
  /** Gives way to others, between times. */
  readonly pause?: () => Promise<void>;
}

export interface Task {
  readonly workload: Workload;
  readonly entrants: readonly Entrant[];
  readonly length: number;
  readonly repeats: number;
}

export interface Outcome {
  readonly measured: readonly Measured[];
  /** Outside contenders that a workload is too much for. */
  readonly failures: readonly Failure[];
}

/** ‖out − expected‖ / ‖expected‖ of what is called the same computation, each output by its own size: of 16 bits four units in the last place, as some compute in 16 bits, too. */
export const SAME: Readonly<Record<BenchDtype, number>> = { f32: 1e-5, f16: 2 ** -8 };
/** The most calls that one time is taken over. */
const MOST_CALLS = 256;

/** What is timed, and its times so far. */
export interface Timed {
  readonly prepared: Pick<Prepared, 'call' | 'submitted'>;
  readonly times: { -readonly [Clock in keyof Times]: number[] };
  /** Calls that one time is taken over. */
  readonly calls: number;
}

/** A contender that is ready. */
interface Ready extends Timed {
  readonly prepared: Prepared;
  readonly measured: Measured;
}

/** @throws Error where Heddle computes something else than the interpreter, or than itself. */
export async function measureLength(host: Host, task: Task): Promise<Outcome> {
  const { workload, entrants, length, repeats } = task;
  const inputs = inputsOf(workload, length);
  const ready: Ready[] = [];
  const failures: Failure[] = [];
  try {
    let expected: ReadonlyMap<string, ArrayLike<number>> | undefined;
    for (const entrant of entrants) {
      const { contender } = entrant;
      try {
        const prepared = await contender.prepare(workload, length, inputs);
        await finished(host, prepared, 1);
        expected ??= await expectedOutputs(host, task, inputs, prepared);
        ready.push(await getReady(host, task, { prepared, entrant, expected }));
      } catch (error) {
        if (isHeddle(entrant)) throw error;
        failures.push({ workload: workload.name, length, contender: contender.name, why: (error as Error).message });
      }
      await host.pause?.();
    }
    for (let round = 0; round < repeats; round += 1) {
      for (let turn = 0; turn < ready.length; turn += 1) {
        // Each round starts with another one, so that nobody always follows the same neighbour.
        await time(host, ready[(turn + round) % ready.length]!);
        await host.pause?.();
      }
    }
    return { measured: ready.map(({ measured, times }) => ({ ...measured, ...times })), failures };
  } finally {
    for (const { prepared } of ready) prepared.release();
  }
}

const isHeddle = ({ contender }: Entrant): boolean => contender.name.startsWith('heddle');

/** Calls it so many times, and waits until the device is done. */
export async function finished({ shared }: Host, prepared: Timed['prepared'], calls: number): Promise<void> {
  for (let call = 0; call < calls; call += 1) await prepared.call();
  await prepared.submitted?.();
  await shared.device.queue.onSubmittedWorkDone();
}

interface Candidate {
  readonly prepared: Prepared;
  readonly entrant: Entrant;
  readonly expected: ReadonlyMap<string, ArrayLike<number>>;
}

/** Judges and counts a contender whose first call, which compiles and allocates, is over. */
async function getReady(host: Host, task: Task, { prepared, entrant, expected }: Candidate): Promise<Ready> {
  const { workload, length } = task;
  const { contender, isSame } = entrant;
  const { detail } = prepared;
  const started = performance.now();
  const traffic = await host.shared.watch(() => finished(host, prepared, 1));
  const taken = performance.now() - started;
  const errors = isSame ? errorsOf(await prepared.outputs(), expected) : [];
  const isRight = ([, error]: readonly [string, number]): boolean => error <= SAME[workload.dtype];
  const wrong = errors.filter((named) => !isRight(named));
  // An outside library that computes something else is listed as doing so; Heddle must not.
  if (wrong.length > 0 && isHeddle(entrant)) {
    const all = wrong.map(([name, error]) => `that of ${name} is ${error}`).join(', ');
    throw new Error(`${contender.name} computes something else at T = ${length}: of its errors, ${all}`);
  }
  const { bytes, dispatches } = traffic;
  return {
    prepared,
    calls: callsFor(host, taken, traffic),
    times: noTimes(),
    measured: {
      workload: workload.name,
      length,
      contender: contender.name,
      what: contender.what,
      ...(detail === undefined ? {} : { detail }),
      ...(errors.some(isRight) ? { error: Math.max(...errors.filter(isRight).map(([, error]) => error)) } : {}),
      ...(wrong.length > 0
        ? { wrong: wrong.map(([name, error]) => `${name} wrong by ${error.toExponential(1)}`) }
        : {}),
      bytes,
      dispatches,
      milliseconds: [],
      processorMilliseconds: [],
      deviceMilliseconds: [],
    },
  };
}

export const noTimes = (): Timed['times'] => ({ milliseconds: [], processorMilliseconds: [], deviceMilliseconds: [] });

/** How many calls a time is taken over, where one has taken so many milliseconds. */
export function callsFor({ shared, leastTime }: Host, taken: number, { passes }: Traffic): number {
  const most = shared.timer === undefined ? MOST_CALLS : Math.min(MOST_CALLS, Math.floor(MOST_PASSES / (passes || 1)));
  return Math.max(1, Math.min(most, Math.ceil(leastTime / Math.max(taken, 0.01))));
}

/** One time by each clock that there is, of one call. */
export async function time(host: Host, { prepared, times, calls }: Timed): Promise<void> {
  const processor = host.processor?.();
  const started = performance.now();
  let taken = 0;
  const work = async (): Promise<void> => {
    await finished(host, prepared, calls);
    taken = performance.now() - started;
  };
  const device = host.shared.timer === undefined ? await work() : await host.shared.timer.measure(work);
  times.milliseconds.push(taken / calls);
  if (processor !== undefined) times.processorMilliseconds.push((host.processor!() - processor) / calls);
  if (device !== undefined) times.deviceMilliseconds.push(device / calls);
}

/** What the interpreter gives where that is quick, by name; elsewhere what the first contender gives. */
async function expectedOutputs(
  { interpretedScores }: Host,
  { workload, length }: Task,
  inputs: ReadonlyMap<string, HostTensor>,
  first: Prepared,
): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const { rows, queries, keys } = sizesOf(workload, length);
  const names = workload.isGradient ? workload.computed.outputs.map(({ name }) => name) : ['out'];
  if (queries * keys <= interpretedScores) {
    const gold = interpret(workload.computed, inputs, { rows });
    return new Map(names.map((name) => [name, gold.get(name)!.data]));
  }
  const outputs = await first.outputs();
  return new Map(names.map((name, n) => [name, outputs[n]!]));
}

/** The error of each output. */
function errorsOf(
  actual: readonly ArrayLike<number>[],
  expected: ReadonlyMap<string, ArrayLike<number>>,
): readonly (readonly [name: string, error: number])[] {
  return [...expected].map(([name, data], n) => [name, relativeError(actual[n]!, data)]);
}

/** ‖actual − expected‖ / ‖expected‖; Infinity where they cannot be compared. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const tensor = (data: ArrayLike<number>) => hostTensor([data.length], data);
  const gold = tensor(expected);
  return judge(tensor(actual), gold, gold, 'f32').error;
}
