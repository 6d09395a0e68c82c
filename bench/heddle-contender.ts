// Heddle as a contender: the emitted launcher, as a user runs it, with buffers that stay on the device.
// The same spec under two schedules: the one that is chosen, and the materialised one.

import type { ScheduleKind } from '../codegen/schedule/index.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import type { WgslLimits } from '../targets/wgsl/index.js';
import type { Contender, Prepared } from './contender.js';
import { sizesOf } from './workloads.js';

interface Launcher {
  readonly dispatch: (tensors: Readonly<Record<string, GPUBuffer>>, sizes: Readonly<Record<string, number>>) => void;
  readonly planLaunch: (sizes: Readonly<Record<string, number>>) => {
    readonly tensors: Readonly<Record<string, { readonly role: string; readonly shape: readonly number[] }>>;
  };
  readonly destroy: () => void;
}

// Flags of GPUBufferUsage and GPUMapMode, as numbers of the specification.
const STORAGE = 0x80;
const COPY_FROM = 0x04;
const COPY_TO = 0x08;
const MAP_READ = 0x01;

interface HeddleOptions {
  readonly name: string;
  readonly what: string;
  readonly schedule?: ScheduleKind;
  /** The limits to fit tiles to: those that every device grants, or those that this one has granted. */
  readonly limits?: 'portable' | 'granted';
}

export function heddleContender(device: GPUDevice, { name, what, schedule, limits }: HeddleOptions): Contender {
  return {
    name,
    what,
    prepare: async (workload, length, inputs): Promise<Prepared> => {
      const { optimised } = workload;
      const { scheduled, emitted } = compileWgsl(optimised, {
        schedule,
        limits: limits === 'granted' ? grantedBy(device) : undefined,
      });
      const text = emitted.files.get(emitted.launcher)!;
      const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Record<
        string,
        (device: GPUDevice) => Promise<Launcher>
      >;
      const launcher = await module[emitted.factory]!(device);
      const sizes = { ...sizesOf(workload, length) };
      const buffers: Record<string, GPUBuffer> = {};
      for (const [tensor, { role, shape }] of Object.entries(launcher.planLaunch(sizes).tensors)) {
        const size = 4 * shape.reduce((product, each) => product * each, 1);
        const buffer = device.createBuffer({ label: tensor, size, usage: STORAGE | COPY_FROM | COPY_TO });
        if (role === 'input') device.queue.writeBuffer(buffer, 0, Float32Array.from(inputs.get(tensor)!.data));
        buffers[tensor] = buffer;
      }
      return {
        detail: `${scheduled.kind}, ${scheduled.tiles.rows}×${scheduled.tiles.columns}`,
        call: () => launcher.dispatch(buffers, sizes),
        output: () => download(device, buffers['out']!),
        release: () => {
          launcher.destroy();
          for (const buffer of Object.values(buffers)) buffer.destroy();
        },
      };
    },
  };
}

const grantedBy = ({ limits }: GPUDevice): WgslLimits => ({
  workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  invocations: limits.maxComputeInvocationsPerWorkgroup,
  storageBuffers: limits.maxStorageBuffersPerShaderStage,
});

async function download(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({ size: buffer.size, usage: MAP_READ | COPY_TO });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(MAP_READ);
  const data = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return data;
}
