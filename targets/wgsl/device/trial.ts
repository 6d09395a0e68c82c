// Whether an adapter runs what kernels are made of, found by running it: workgroup memory, barriers and buffers as large and as
// many as the portable limits, and float16 where it says that it has it. An adapter that fails is none.
import { MOST_START, type WorkerProcess } from '../../shared/device/worker-process.js';
import { defaultLimits, limitNames, type WgslLimits } from '../limits.js';
import { iterationLimit } from './iteration-limit.js';
import type { DeviceFacts, Job } from './job.js';
import { askWorker, type Found } from './kernel-device.js';

/** What an adapter that was found is good for; closes the worker of one that runs no kernels. */
export async function tried(device: string, worker: WorkerProcess, facts: DeviceFacts, remedy: string): Promise<Found> {
  const refused = async (why: string): Promise<Found> => {
    await worker.close();
    return { available: false, why: `its adapter, ${facts.adapter}, ${why}`, remedy };
  };
  for (const [limit, least] of Object.entries(defaultLimits) as [keyof WgslLimits, number][]) {
    const granted = facts.limits[limitNames[limit]] ?? 0;
    if (granted < least) return refused(`grants ${granted} of ${limitNames[limit]}, and kernels need ${least}`);
  }
  const problem = await problemWith(device, worker, wholeNumbers, reversed);
  if (problem !== undefined) return refused(`does not run a small kernel: ${problem}`);
  const hasHalves =
    facts.features.includes(HALF) && (await problemWith(device, worker, halves, [3, 0.5])) === undefined;
  const features = facts.features.filter((name) => name !== HALF || hasHalves);
  const limit = await iterationLimit(device, worker, facts);
  return { available: true, facts: { ...facts, ...limit, features }, worker };
}

export const HALF = 'shader-f16';

const { workgroupBytes, invocations, storageBuffers } = defaultLimits;
const words = workgroupBytes / 4;
const reads = Array.from({ length: storageBuffers - 1 }, (_, n) => `x${n}`);

/** Each lane writes a stretch of workgroup memory, and reads what the lane across from it has written. */
const wholeNumbers: Job = {
  label: 'trial.wgsl',
  wgsl: `
@group(0) @binding(0) var<uniform> scale: vec4f;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
${reads.map((name, n) => `@group(0) @binding(${n + 2}) var<storage, read> ${name}: array<f32>;`).join('\n')}
var<workgroup> tile: array<f32, ${words}>;

@compute @workgroup_size(${invocations})
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var n = lane; n < ${words}u; n += ${invocations}u) {
    tile[n] = ${reads.map((name) => `${name}[lane]`).join(' + ')};
  }
  workgroupBarrier();
  var sum = 0.0;
  for (var n = lane; n < ${words}u; n += ${invocations}u) {
    sum += tile[${words - 1}u - n];
  }
  y[lane] = scale.x * sum;
}
`,
  buffers: [
    { name: 'scale', size: 16, data: Float32Array.of(0.5) },
    { name: 'y', size: 4 * invocations, fill: 'poison', read: true },
    ...reads.map((name) => ({
      name,
      size: 4 * invocations,
      data: Float32Array.from({ length: invocations }, (_, n) => n),
    })),
  ],
  dispatches: [
    {
      entryPoint: 'main',
      workgroups: [1],
      bindings: [
        { binding: 0, kind: 'uniform', buffer: 'scale' },
        { binding: 1, kind: 'read_write', buffer: 'y' },
        ...reads.map((buffer, n) => ({ binding: n + 2, kind: 'read' as const, buffer })),
      ],
    },
  ],
};
const reversed = Array.from(
  { length: invocations },
  (_, lane) => 0.5 * (words / invocations) * reads.length * (invocations - 1 - lane),
);

/** Numbers are stored in 16 bits, computed with, and stored as 32. */
const halves: Job = {
  label: 'trial-f16.wgsl',
  wgsl: `enable f16;
@group(0) @binding(0) var<storage, read> x: array<f16>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) lane: u32) {
  y[lane] = f32(x[lane] * 2.0h);
}
`,
  buffers: [
    { name: 'x', size: 4, data: Uint16Array.of(0x3e00, 0x3400) },
    { name: 'y', size: 8, fill: 'poison', read: true },
  ],
  dispatches: [
    {
      entryPoint: 'main',
      workgroups: [1],
      bindings: [
        { binding: 0, kind: 'read', buffer: 'x' },
        { binding: 1, kind: 'read_write', buffer: 'y' },
      ],
    },
  ],
};

/** What goes wrong when a worker runs a job that should give `expected` in y; undefined where nothing does. */
async function problemWith(
  device: string,
  worker: WorkerProcess,
  job: Job,
  expected: readonly number[],
): Promise<string | undefined> {
  try {
    const { outputs } = await askWorker(worker, device, job, undefined, MOST_START);
    const found = [...new Float32Array(outputs.get('y')!)];
    const wrong = expected.findIndex((value, n) => found[n] !== value);
    return wrong < 0 ? undefined : `number ${wrong} is ${found[wrong]}, not ${expected[wrong]}`;
  } catch (error) {
    return (error as Error).message;
  }
}
