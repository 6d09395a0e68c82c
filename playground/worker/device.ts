// The visitor's own WebGPU as a device that runs jobs: the same code that runs them in worker processes of Node.
// What goes wrong on it comes back as the same problems, with the line of WGSL.
import type { Availability } from '../../src/checking/index.js';
import { ProblemError } from '../../targets/shared/device/problems.js';
import { WorkerFailure } from '../../targets/shared/device/worker-failure.js';
import { type Found, type KernelDevice, kernelDevice } from '../../targets/wgsl/device/kernel-device.js';
import { executor } from '../../targets/wgsl/device/worker/execute.js';

/** Bytes that a job may take: a page is not told what the machine has. */
const MOST_MEMORY = 2 ** 30;

/** The adapter of this browser; without one the device says why. */
export const pageDevice = (): KernelDevice => kernelDevice('webgpu', find);

async function find(): Promise<Found> {
  const { gpu } = (globalThis as { readonly navigator?: { readonly gpu?: GPU } }).navigator ?? {};
  if (gpu === undefined)
    return missing('this browser has no WebGPU, or gives it to pages of https and of localhost alone');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (adapter === null) return missing('this browser has WebGPU and no adapter for this machine');
  const requiredFeatures = (['shader-f16', 'timestamp-query'] as const).filter((each) => adapter.features.has(each));
  const device = await adapter.requestDevice({ requiredFeatures });
  const execute = executor(device, () => MOST_MEMORY);
  const { vendor, architecture, description } = adapter.info;
  return {
    available: true,
    facts: {
      implementation: 'page',
      adapter: description || [vendor, architecture].filter(Boolean).join(' ') || 'a GPU without a name',
      software: Boolean((adapter.info as { readonly isFallbackAdapter?: boolean }).isFallbackAdapter),
      driver: 'system',
      features: [...device.features].sort(),
      limits: {},
    },
    worker: {
      greeting: async () => ({}),
      ask: async ({ header, payloads }) => {
        try {
          return await execute(header as unknown as Parameters<typeof execute>[0], payloads);
        } catch (error) {
          if (error instanceof ProblemError) throw new WorkerFailure(error.problem);
          throw error;
        }
      },
      close: async () => device.destroy(),
    },
  };
}

const missing = (why: string): Extract<Availability, { available: false }> => ({
  available: false,
  why,
  remedy: 'use a browser with WebGPU: Chrome or Edge from 113 on, Safari from 26, Firefox from 141 where it has it',
});
