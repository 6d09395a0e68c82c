// Heddle as a contender: the emitted launcher, as a user runs it, with buffers that stay on the device.
// The same spec under two schedules: the one that is chosen, and the materialised one.

import type { Scheduled, ScheduleKind } from '../codegen/schedule/index.js';
import { trainingPair } from '../src/autodiff/index.js';
import { type Graph, isGradientGraph } from '../src/ir/index.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import type { WgslLimits } from '../targets/wgsl/index.js';
import { download, storageBuffer } from './buffers.js';
import type { Contender, Prepared } from './contender.js';
import { sizesOf, type Workload } from './workloads.js';

interface Launcher {
  readonly dispatch: (tensors: Readonly<Record<string, GPUBuffer>>, sizes: Readonly<Record<string, number>>) => void;
  readonly planLaunch: (sizes: Readonly<Record<string, number>>) => {
    readonly tensors: Readonly<Record<string, { readonly role: string; readonly shape: readonly number[] }>>;
  };
}

interface HeddleOptions {
  readonly name: string;
  readonly what: string;
  readonly schedule?: ScheduleKind;
  /** The limits to fit tiles to: those that every device grants, or those that this one has granted. */
  readonly limits?: 'portable' | 'granted';
}

export function heddleContender(device: GPUDevice, options: HeddleOptions): Contender {
  const { name, what } = options;
  // Kernels serve every length: drivers take long to compile them.
  const known = new Map<Workload, Promise<readonly Compiled[]>>();
  return {
    name,
    what,
    prepare: async (workload, length, inputs): Promise<Prepared> => {
      const compiling =
        known.get(workload) ?? Promise.all(graphsOf(workload).map((each) => compiled(device, options, each)));
      known.set(workload, compiling);
      const all = await compiling;
      const sizes = { ...sizesOf(workload, length) };
      const buffers: Record<string, GPUBuffer> = {};
      for (const { launcher } of all) {
        for (const [tensor, { shape }] of Object.entries(launcher.planLaunch(sizes).tensors)) {
          if (buffers[tensor]) continue;
          const count = shape.reduce((product, each) => product * each, 1);
          buffers[tensor] = storageBuffer(device, tensor, count, inputs.get(tensor)?.data);
        }
      }
      const outputs = workload.computed.outputs.map(({ name }) => name);
      const wanted = workload.isGradient ? outputs : ['out'];
      return {
        detail: all.map(({ scheduled }) => describe(scheduled)).join('; '),
        call: () => {
          for (const { launcher } of all) launcher.dispatch(buffers, sizes);
        },
        outputs: async () => {
          const found: Float32Array[] = [];
          for (const each of wanted) found.push(await download(device, buffers[each]!));
          return found;
        },
        release: () => {
          for (const buffer of Object.values(buffers)) buffer.destroy();
        },
      };
    },
  };
}

interface Compiled {
  readonly scheduled: Scheduled;
  readonly launcher: Launcher;
}

async function compiled(device: GPUDevice, { schedule, limits }: HeddleOptions, graph: Graph): Promise<Compiled> {
  const { scheduled, emitted } = compileWgsl(graph, {
    schedule: schedule && scheduleOf(schedule, graph),
    limits: limits === 'granted' ? grantedBy(device) : undefined,
  });
  const text = emitted.files.get(emitted.launcher)!;
  const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Record<
    string,
    (device: GPUDevice) => Promise<Launcher>
  >;
  return { scheduled, launcher: await module[emitted.factory]!(device) };
}

/** One graph, or the two of a step of training. */
function graphsOf({ graph, optimised, isGradient }: Workload): readonly Graph[] {
  if (!isGradient) return [optimised];
  const { forward, backward } = trainingPair(graph);
  return [forward, backward];
}

/** Gradients have schedules of their own. */
const scheduleOf = (schedule: ScheduleKind, graph: Graph): ScheduleKind =>
  schedule === 'materialised' && isGradientGraph(graph) ? 'gradient-materialised' : schedule;

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
