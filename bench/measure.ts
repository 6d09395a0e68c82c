// The measuring process: all contenders on one device, their repetitions interleaved. Started by Node for Dawn and by Deno for wgpu,
// with a request as JSON on its standard input; a line of JSON for each result on its standard output.
// A process of its own: where the driver comes from must be known before a process starts.
import process from 'node:process';
import { fromJson } from '../src/ir/index.js';
import { entrantsOn } from './entrants.js';
import { RESULT_MARK, type Request, type Result } from './results.js';
import { type Host, measureLength } from './rounds.js';
import { openSharedDevice, ownNavigator } from './shared-device.js';
import { lengthsOf } from './workloads.js';

/** The longest sequence that the interpreter computes in a second or two. */
const INTERPRETED_LENGTH = 256;
const LEAST_TIME = 40;

async function measure({ lengths, repeats, workloads }: Request, tell: (result: Result) => void): Promise<void> {
  const gpu = process.argv[2] === 'wgpu' ? ownNavigator().gpu! : (await import('./dawn-gpu.js')).dawnGpu();
  const shared = await openSharedDevice(gpu);
  const host: Host = { shared, processor: processorTime, interpretedLength: INTERPRETED_LENGTH, leastTime: LEAST_TIME };
  const { vendor, architecture, device, description, isFallbackAdapter } = shared.adapter;
  const features = [...shared.device.features].sort();
  tell({
    kind: 'device',
    device: { vendor, architecture, device, description, software: isFallbackAdapter, features },
  });
  for (const { computed, ...packed } of workloads) {
    const workload = { ...packed, computed: fromJson(computed) };
    const entrants = entrantsOn(shared, workload);
    for (const length of lengthsOf(workload, lengths)) {
      const task = { workload, entrants: entrants(length), length, repeats };
      const { measured, failures } = await measureLength(host, task);
      for (const each of measured) tell({ kind: 'measured', measured: each });
      for (const each of failures) tell({ kind: 'failed', failure: each });
    }
  }
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

// Libraries print what they like: to the standard error.
console.log = console.error;
let request = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) request += String(chunk);
const written: Promise<unknown>[] = [];
await measure(JSON.parse(request) as Request, (result) => {
  written.push(new Promise((done) => process.stdout.write(`${RESULT_MARK}${JSON.stringify(result)}\n`, done)));
});
await Promise.all(written);
// Drivers keep threads alive.
process.exit(0);
