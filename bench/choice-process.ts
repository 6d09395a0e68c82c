// The measuring process of the choice test: started as measure.ts is, it times the alternatives of launchers on one device.
// Tells an outcome for each call.
import process from 'node:process';
import { fromJson } from '../src/ir/index.js';
import { download } from './buffers.js';
import type { ChoiceCall, ChoiceOutcome } from './choice-calls.js';
import { type ChoiceLimits, timeChoice } from './choice-rounds.js';
import { buffersOf, type Launcher, launcherOf } from './heddle-contender.js';
import type { Host } from './rounds.js';
import { openHost, serveRequest } from './serve.js';
import { inputsOf, type PackedWorkload, sizesOf, type Workload } from './workloads.js';

export interface ChoiceRequest {
  readonly workloads: readonly PackedWorkload[];
  readonly calls: readonly ChoiceCall[];
  readonly limits: ChoiceLimits;
}

async function timeCall(
  host: Host,
  { workload, launcher }: { readonly workload: Workload; readonly launcher: Launcher },
  call: ChoiceCall,
  limits: ChoiceLimits,
): Promise<ChoiceOutcome> {
  const { device } = host.shared;
  const atCall = { ...workload, rows: call.rows };
  const sizes = { ...sizesOf(atCall, call.keys) };
  const { buffers, contents } = buffersOf(device, [launcher], sizes, inputsOf(atCall, call.keys));
  const { alternatives, chosen } = launcher;
  try {
    const dispatch = async (alternative?: string): Promise<void> =>
      launcher.dispatch(buffers, sizes, alternative === undefined ? {} : { alternative });
    const output = () => download(device, buffers['out']!, contents['out']!);
    const here = alternatives.filter(({ features }) => features.every((each) => device.features.has(each)));
    const atHand = { alternatives: here.map(({ name }) => name), chosen: chosen(sizes), dispatch, output };
    return await timeChoice(host, call, atHand, limits);
  } finally {
    for (const each of Object.values(buffers)) each.destroy();
  }
}

await serveRequest<ChoiceRequest, ChoiceOutcome>(async ({ workloads, calls, limits }, tell) => {
  const host = await openHost(process.argv[2]);
  for (const { computed, ...packed } of workloads) {
    const workload = { ...packed, computed: fromJson(computed) };
    const launcher = await launcherOf(host.shared.device, workload.launchers.chosen![0]!);
    for (const call of calls.filter(({ spec }) => spec === workload.name)) {
      tell(await timeCall(host, { workload, launcher }, call, limits));
    }
    launcher.destroy();
  }
});
