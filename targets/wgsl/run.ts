// Runs an emitted program on a device from tensors on the host: the launcher's own text says shapes, uniforms and
// workgroups, so that what is run is what a user runs. Needs Node.
import { type HostTensor, hostTensor } from '../../src/tensors/index.js';
import type { HeldJob, Job, JobBuffer, KernelDevice } from './device/index.js';
import type { EmittedWgsl } from './emit-files.js';
import { decode, encode } from './host-data.js';
import { PACKED, WORKSPACE } from './launch-text.js';
import { usesSubgroups } from './subgroups.js';

export interface RunSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
  /** The alternative to take; the one that is estimated to take least time unless told. */
  readonly alternative?: string | undefined;
}

interface LaunchPlan {
  readonly alternative: string;
  readonly dispatches: readonly {
    readonly entryPoint: string;
    readonly bindings: readonly (readonly [binding: number, tensor: string])[];
    readonly workgroups: readonly number[];
    readonly launch: Int32Array;
  }[];
  readonly workspace: readonly { readonly name: string }[];
  readonly bytes: Readonly<Record<string, number>>;
  readonly packed: readonly { readonly name: string; readonly offset: number; readonly elements: number }[];
  readonly packedElements: number;
  readonly tensors: Readonly<
    Record<
      string,
      { readonly role: 'input' | 'output'; readonly dtype: 'f32' | 'f16' | 'i32'; readonly shape: number[] }
    >
  >;
}

/** What a launcher exports beside its factory. */
interface Launcher {
  readonly planLaunch: (sizes: RunSizes, places: undefined, options: Pick<RunSizes, 'alternative'>) => LaunchPlan;
}

const launchers = new Map<string, Promise<Launcher>>();

/** The launcher's own planning function. */
async function planFor({ files, launcher }: EmittedWgsl, sizes: RunSizes): Promise<LaunchPlan> {
  const text = files.get(launcher)!;
  const loading = launchers.get(text) ?? import(`data:text/javascript,${encodeURIComponent(text)}`);
  launchers.set(text, loading);
  const { alternative } = sizes;
  return (await loading).planLaunch(sizes, undefined, { alternative });
}

/** The job that runs the program; workspace and outputs start as NaN, so that what nobody wrote is seen. */
export async function jobOf(
  emitted: EmittedWgsl,
  inputs: ReadonlyMap<string, HostTensor>,
  sizes: RunSizes,
): Promise<Job> {
  const plan = await planFor(emitted, sizes);
  const buffers: JobBuffer[] = [];
  for (const [name, { role, dtype, shape }] of Object.entries(plan.tensors)) {
    const bytes = paddedBytes(shape, dtype);
    if (role === 'output') buffers.push({ name, size: bytes, fill: 'poison', read: true });
    else {
      const tensor = inputs.get(name);
      if (!tensor) throw new RangeError(`input ${name} is missing`);
      if (tensor.shape.join() !== shape.join()) {
        throw new RangeError(`input ${name} should have shape [${shape}], not [${tensor.shape}]`);
      }
      buffers.push({ name, size: bytes, data: encode(tensor.data, dtype) });
    }
  }
  const used = new Set(plan.dispatches.flatMap(({ bindings }) => bindings.map(([, name]) => name)));
  for (const name of [WORKSPACE, ...plan.workspace.map((each) => each.name)])
    if (used.has(name)) buffers.push({ name, size: Math.ceil(plan.bytes[name]! / 4) * 4, fill: 'poison' });
  if (plan.packed.length > 0) {
    const data = new Uint8Array(plan.packedElements * 4);
    for (const { name, offset } of plan.packed) {
      const bytes = encode(inputs.get(name)!.data, plan.tensors[name]!.dtype);
      data.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset * 4);
    }
    buffers.push({ name: PACKED, size: data.byteLength, data });
  }
  for (const [n, { launch }] of plan.dispatches.entries()) {
    buffers.push({ name: `(launch ${n})`, size: Math.ceil(launch.byteLength / 16) * 16, data: launch });
  }
  const written = new Set([WORKSPACE, ...emitted.manifest.kernels.flatMap(({ writes }) => writes)]);
  return {
    label: `${emitted.name}.wgsl`,
    wgsl: usesSubgroups(plan.alternative) ? emitted.withSubgroups! : emitted.wgsl,
    buffers,
    dispatches: plan.dispatches.map(({ entryPoint, bindings, workgroups }, n) => ({
      entryPoint,
      workgroups,
      bindings: [
        { binding: 0, kind: 'uniform' as const, buffer: `(launch ${n})` },
        ...bindings.map(([binding, name]) => ({
          binding,
          kind: written.has(name) ? ('read_write' as const) : ('read' as const),
          buffer: name,
        })),
      ],
    })),
  };
}

function paddedBytes(shape: readonly number[], dtype: 'f32' | 'f16' | 'i32'): number {
  const elements = shape.reduce((product, size) => product * size, 1);
  return Math.ceil((elements * (dtype === 'f16' ? 2 : 4)) / 4) * 4;
}

function outputsOf(emitted: EmittedWgsl, plan: LaunchPlan, contents: ReadonlyMap<string, ArrayBuffer>) {
  const outputs = new Map<string, HostTensor>();
  for (const { name } of emitted.manifest.outputs) {
    const { dtype, shape } = plan.tensors[name]!;
    const elements = shape.reduce((product, size) => product * size, 1);
    const data = decode(contents.get(name)!, dtype, elements);
    outputs.set(name, hostTensor(shape, data, dtype === 'f16' ? 'F16' : 'F32'));
  }
  return outputs;
}

/** Runs the program on a device; its outputs, of R rows, by name. */
export async function runWgsl(
  device: KernelDevice,
  emitted: EmittedWgsl,
  inputs: ReadonlyMap<string, HostTensor>,
  sizes: RunSizes,
): Promise<Map<string, HostTensor>> {
  const plan = await planFor(emitted, sizes);
  return outputsOf(emitted, plan, await device.runJob(await jobOf(emitted, inputs, sizes)));
}

/** Makes the program ready on a device, to be timed again and again with its buffers there. */
export async function holdWgsl(
  device: KernelDevice,
  emitted: EmittedWgsl,
  inputs: ReadonlyMap<string, HostTensor>,
  sizes: RunSizes,
): Promise<HeldJob> {
  return device.holdJob(await jobOf(emitted, inputs, sizes));
}
