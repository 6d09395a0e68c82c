// Measures all contenders on one device in one process, their repetitions interleaved, and tells main.ts the numbers.
// A process of its own: where the driver comes from must be known before a process starts.

import { judge } from '../src/checking/index.js';
import { interpret } from '../src/interpreter/index.js';
import { type HostTensor, hostTensor } from '../src/tensors/index.js';
import type { Prepared } from './contender.js';
import { type Entrant, entrantsOn } from './entrants.js';
import type { Measured, Request, Result } from './results.js';
import { openSharedDevice, type SharedDevice } from './shared-device.js';
import { inputsOf, sizesOf, type Workload, workloadNames, workloadOf } from './workloads.js';

/** The length at which outputs are compared with the interpreter; at others they are compared with each other. */
const INTERPRETED_LENGTH = 256;
/** ‖out − expected‖ / ‖expected‖ of what is called the same computation, each output by its own size. */
const SAME = 1e-5;

async function measure({ lengths, repeats, workloads }: Request, tell: (result: Result) => void): Promise<void> {
  const shared = await openSharedDevice();
  const { vendor, architecture, device, description, isFallbackAdapter } = shared.adapter;
  tell({ kind: 'device', device: { vendor, architecture, device, description, software: isFallbackAdapter } });
  for (const name of workloadNames.filter((each) => workloads.includes(each.name))) {
    const workload = await workloadOf(name);
    const entrants = entrantsOn(shared.device, workload);
    for (const length of workload.lengths ?? lengths) {
      for (const measured of await measureLength(shared, { workload, entrants }, length, repeats))
        tell({ kind: 'measured', measured });
    }
  }
}

async function measureLength(
  shared: SharedDevice,
  { workload, entrants }: { readonly workload: Workload; readonly entrants: readonly Entrant[] },
  length: number,
  repeats: number,
): Promise<readonly Measured[]> {
  const inputs = inputsOf(workload, length);
  const prepared: Prepared[] = [];
  const measured: Measured[] = [];
  try {
    for (const { contender } of entrants) prepared.push(await contender.prepare(workload, length, inputs));
    const expected = await expectedOutputs(workload, length, inputs, prepared[0]!);
    for (const [n, { contender, isSame }] of entrants.entries()) {
      const each = prepared[n]!;
      const { detail } = each;
      // The first call compiles and allocates; the second is one like all later ones.
      await each.call();
      const traffic = await shared.watch(each.call);
      const errors = isSame ? errorsOf(await each.outputs(), expected) : [];
      const isRight = ([, error]: readonly [string, number]): boolean => error <= SAME;
      const wrong = errors.filter((named) => !isRight(named));
      // An outside library that computes something else is listed as doing so; Heddle must not.
      if (wrong.length > 0 && contender.name.startsWith('heddle')) {
        const all = wrong.map(([name, error]) => `that of ${name} is ${error}`).join(', ');
        throw new Error(`${contender.name} computes something else at T = ${length}: of its errors, ${all}`);
      }
      measured.push({
        workload: workload.name,
        length,
        contender: contender.name,
        what: contender.what,
        ...(detail === undefined ? {} : { detail }),
        ...(errors.some(isRight) ? { error: Math.max(...errors.filter(isRight).map(([, error]) => error)) } : {}),
        ...(wrong.length > 0 ? { wrong: wrong.map(([name]) => name) } : {}),
        ...traffic,
        milliseconds: [],
        processorMilliseconds: [],
      });
    }
    for (let round = 0; round < repeats; round += 1) {
      for (let turn = 0; turn < prepared.length; turn += 1) {
        // Each round starts with another one, so that nobody always follows the same neighbour.
        const n = (turn + round) % prepared.length;
        const [started, processor] = [performance.now(), process.cpuUsage()];
        await prepared[n]!.call();
        await shared.device.queue.onSubmittedWorkDone();
        measured[n]!.milliseconds.push(performance.now() - started);
        const { user, system } = process.cpuUsage(processor);
        measured[n]!.processorMilliseconds.push((user + system) / 1000);
      }
    }
    return measured;
  } finally {
    for (const each of prepared) each.release();
  }
}

/** What the interpreter gives where that is quick, by name; elsewhere what the first contender gives. */
async function expectedOutputs(
  workload: Workload,
  length: number,
  inputs: ReadonlyMap<string, HostTensor>,
  first: Prepared,
): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const { rows } = sizesOf(workload, length);
  const names = workload.isGradient ? workload.computed.outputs.map(({ name }) => name) : ['out'];
  if (length === INTERPRETED_LENGTH) {
    const gold = interpret(workload.computed, inputs, { rows });
    return new Map(names.map((name) => [name, gold.get(name)!.data]));
  }
  await first.call();
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

function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const tensor = (data: ArrayLike<number>) => hostTensor([data.length], data);
  const gold = tensor(expected);
  return judge(tensor(actual), gold, gold, 'f32').error;
}

process.once('message', async (request: Request) => {
  await measure(request, (result) => process.send!(result));
  // Drivers keep threads alive.
  process.disconnect();
  process.exit(0);
});
