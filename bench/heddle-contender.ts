// Heddle as a contender: an emitted launcher, as a user runs it, with buffers that stay on the device.
// The same spec as Heddle chooses to compute it, and under schedules that it is compared with.

import type { HostTensor } from '../src/tensors/index.js';
import type { StorageDtype } from '../targets/wgsl/buffers.js';
import { type Contents, download, storageBuffer } from './buffers.js';
import type { Contender, Prepared } from './contender.js';
import { type LauncherFile, type LauncherKind, sizesOf, type Workload } from './workloads.js';

/** Sizes of a call, as a launcher takes them. */
export type CallSizes = Readonly<Record<string, number>>;

/** What the benchmark uses of a launcher that Heddle has emitted. */
export interface Launcher {
  readonly dispatch: (
    tensors: Readonly<Record<string, GPUBuffer>>,
    sizes: CallSizes,
    options?: { readonly alternative?: string },
  ) => Promise<void>;
  readonly planLaunch: (sizes: CallSizes) => {
    readonly tensors: Readonly<Record<string, { readonly dtype: StorageDtype; readonly shape: readonly number[] }>>;
  };
  readonly destroy: () => void;
  /** Builds what a call of these sizes needs, which a call would else do first. */
  readonly prepare: (sizes: CallSizes) => Promise<void>;
  /** What it chooses among at a call. */
  readonly alternatives: readonly { readonly name: string; readonly features: readonly string[] }[];
  /** Which of them a call of these sizes takes. */
  readonly chosen: (sizes: CallSizes) => string;
}

interface HeddleOptions {
  readonly name: string;
  readonly what: string;
  readonly launchers: LauncherKind;
}

export function heddleContender(device: GPUDevice, { name, what, launchers: kind }: HeddleOptions): Contender {
  // Kernels serve every length: drivers take long to compile them.
  const known = new Map<Workload, Promise<readonly Launcher[]>>();
  return {
    name,
    what,
    prepare: async (workload, length, inputs): Promise<Prepared> => {
      const files = workload.launchers[kind] ?? [];
      const loading = known.get(workload) ?? Promise.all(files.map((each) => launcherOf(device, each)));
      known.set(workload, loading);
      const launchers = await loading;
      const sizes = { ...sizesOf(workload, length) };
      for (const launcher of launchers) await launcher.prepare(sizes);
      const { buffers, contents } = buffersOf(device, launchers, sizes, inputs);
      const outputs = workload.computed.outputs.map(({ name }) => name);
      const wanted = workload.isGradient ? outputs : ['out'];
      return {
        detail: launchers.map((launcher, n) => detailOf(launcher, files[n]!, sizes)).join('; '),
        call: () => {
          for (const launcher of launchers) void launcher.dispatch(buffers, sizes);
        },
        outputs: async () => {
          const found: Float64Array[] = [];
          for (const each of wanted) found.push(await download(device, buffers[each]!, contents[each]!));
          return found;
        },
        release: () => {
          for (const buffer of Object.values(buffers)) buffer.destroy();
        },
      };
    },
  };
}

/** What is chosen of several; of one, what the compiler says of it. */
const detailOf = ({ alternatives, chosen }: Launcher, { detail }: LauncherFile, sizes: CallSizes): string =>
  alternatives.length > 1 ? chosen(sizes) : detail;

interface Buffers {
  readonly buffers: Readonly<Record<string, GPUBuffer>>;
  readonly contents: Readonly<Record<string, Contents>>;
}

/** The buffers that launchers take at a call, one for each tensor, with the inputs in them. */
export function buffersOf(
  device: GPUDevice,
  launchers: readonly Pick<Launcher, 'planLaunch'>[],
  sizes: CallSizes,
  inputs: ReadonlyMap<string, HostTensor>,
): Buffers {
  const buffers: Record<string, GPUBuffer> = {};
  const contents: Record<string, Contents> = {};
  for (const launcher of launchers) {
    for (const [tensor, { dtype, shape }] of Object.entries(launcher.planLaunch(sizes).tensors)) {
      if (buffers[tensor]) continue;
      const count = shape.reduce((product, each) => product * each, 1);
      contents[tensor] = { dtype, count };
      buffers[tensor] = storageBuffer(device, tensor, contents[tensor], inputs.get(tensor)?.data);
    }
  }
  return { buffers, contents };
}

export async function launcherOf(device: GPUDevice, { module, factory }: LauncherFile): Promise<Launcher> {
  const emitted = (await import(module)) as Record<string, (device: GPUDevice) => Promise<Launcher>>;
  return emitted[factory]!(device);
}
