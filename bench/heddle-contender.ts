// Heddle as a contender: the emitted launcher, as a user runs it, with buffers that stay on the device.
// The same spec under two schedules: the one that is chosen, and the materialised one.

import type { Scheduled, ScheduleKind } from '../codegen/schedule/index.js';
import { trainingPair } from '../src/autodiff/index.js';
import type { Graph } from '../src/ir/index.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import type { WgslLimits } from '../targets/wgsl/index.js';
import type { Contender, Prepared } from './contender.js';
import { joined } from './jax-contender.js';
import { sizesOf, type Workload } from './workloads.js';

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
      const options = { schedule, limits: limits === 'granted' ? grantedBy(device) : undefined };
      const compiled = graphsOf(workload).map((graph) => compileWgsl(graph, options));
      const sizes = { ...sizesOf(workload, length) };
      const buffers: Record<string, GPUBuffer> = {};
      const launchers: Launcher[] = [];
      for (const { emitted } of compiled) {
        const text = emitted.files.get(emitted.launcher)!;
        const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Record<
          string,
          (device: GPUDevice) => Promise<Launcher>
        >;
        const launcher = await module[emitted.factory]!(device);
        launchers.push(launcher);
        for (const [tensor, { shape }] of Object.entries(launcher.planLaunch(sizes).tensors)) {
          if (buffers[tensor]) continue;
          const size = 4 * shape.reduce((product, each) => product * each, 1);
          const buffer = device.createBuffer({ label: tensor, size, usage: STORAGE | COPY_FROM | COPY_TO });
          const given = inputs.get(tensor);
          if (given) device.queue.writeBuffer(buffer, 0, Float32Array.from(given.data));
          buffers[tensor] = buffer;
        }
      }
      const outputs = workload.computed.outputs.map(({ name }) => name);
      const wanted = workload.isGradient ? outputs : ['out'];
      return {
        detail: compiled.map(({ scheduled }) => describe(scheduled)).join('; '),
        call: () => {
          for (const launcher of launchers) launcher.dispatch(buffers, sizes);
        },
        output: async () => {
          const found: Float32Array[] = [];
          for (const each of wanted) found.push(await download(device, buffers[each]!));
          return joined(found);
        },
        release: () => {
          for (const launcher of launchers) launcher.destroy();
          for (const buffer of Object.values(buffers)) buffer.destroy();
        },
      };
    },
  };
}

/** One graph, or the two of a step of training. */
function graphsOf({ graph, optimised, isGradient }: Workload): readonly Graph[] {
  if (!isGradient) return [optimised];
  const { forward, backward } = trainingPair(graph);
  return [forward, backward];
}

function describe({ kind, tiles }: Scheduled): string {
  const { keys } = tiles.ofOwners ?? {};
  const ofKeys = keys === undefined ? '' : `, keys ${keys.rows}×${keys.columns}`;
  return `${kind}, ${tiles.rows}×${tiles.columns}${ofKeys}`;
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
