// A defect of some software drivers, found by trying: loops that end early, so that kernels compute something else.
// What it means for a kernel is said at DeviceFacts.iterationLimit.

import { MOST_START, type WorkerProcess } from '../../shared/device/worker-process.js';
import type { DeviceFacts, Job } from './job.js';
import { askWorker } from './kernel-device.js';

const ITERATIONS = 100_000;
const countWgsl = `
@group(0) @binding(0) var<storage, read_write> count: array<u32>;

@compute @workgroup_size(1)
fn iterate() {
  for (var i = 0u; i < count[0]; i++) {
    count[1] += 1u;
  }
}
`;

/**
 * Mesa's software driver bounds loops, so that no shader hangs a desktop; a kernel that needs more gets wrong results.
 * Versions differ, so it is tried: https://gitlab.freedesktop.org/mesa/mesa, LP_MAX_TGSI_LOOP_ITERATIONS.
 */
export async function iterationLimit(
  device: string,
  worker: WorkerProcess,
  { software, driver }: DeviceFacts,
): Promise<Pick<DeviceFacts, 'iterationLimit'>> {
  if (!software || driver === 'npm') return {};
  const job: Job = {
    label: 'iterations.wgsl',
    wgsl: countWgsl,
    buffers: [{ name: 'count', size: 8, data: Uint32Array.of(ITERATIONS), read: true }],
    dispatches: [
      { entryPoint: 'iterate', workgroups: [1], bindings: [{ binding: 0, kind: 'read_write', buffer: 'count' }] },
    ],
  };
  const { outputs } = await askWorker(worker, device, job, undefined, MOST_START);
  const counted = new Uint32Array(outputs.get('count')!)[1]!;
  return counted < ITERATIONS ? { iterationLimit: counted } : {};
}
