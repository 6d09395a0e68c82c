// WGSL as a device for score graphs: compiles a graph for what the kernel device grants, and runs what was emitted.
// The same text, launcher plan and bindings that a user gets are what is run.
import type { Availability, Device } from '../../src/checking/index.js';
import { bindInputs } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { type CompiledWgsl, type CompileWgslOptions, compileWgsl } from './compile.js';
import type { KernelDevice } from './device/index.js';
import { holdWgsl, runWgsl } from './run.js';
import { SUBGROUPS } from './subgroups.js';

export interface WgslDeviceOptions extends Pick<CompileWgslOptions, 'dtype' | 'schedule' | 'tiles' | 'subgroups'> {
  /** The name under which it is known; that of the kernel device unless told. */
  readonly name?: string;
  /** Which alternative runs: the first unless told, the one that a launcher would take, or one by its place. */
  readonly takes?: 'chosen' | number;
}

interface TakingOptions extends WgslDeviceOptions {
  /** Features that the alternative needs beside what all do. */
  readonly needs?: readonly string[] | undefined;
}

/** Runs optimised score graphs on a kernel device. Limits are the portable defaults, so that what runs here runs anywhere. */
export function wgslDevice(kernelDevice: KernelDevice, options: WgslDeviceOptions = {}): Device {
  const compiled = new WeakMap<Graph, CompiledWgsl>();
  const compiledOf = (graph: Graph): CompiledWgsl => {
    const known = compiled.get(graph) ?? compileWgsl(graph, options);
    compiled.set(graph, known);
    return known;
  };
  return deviceTaking(kernelDevice, options, compiledOf);
}

function deviceTaking(
  kernelDevice: KernelDevice,
  options: TakingOptions,
  compiledOf: (graph: Graph) => CompiledWgsl,
): Device {
  const { name = kernelDevice.name, takes = 0 } = options;
  const callOf = (graph: Graph, inputs: ReadonlyMap<string, HostTensor>, rows: number | undefined) => {
    const { emitted, alternatives } = compiledOf(graph);
    const call = bindInputs(graph, inputs, rows);
    const alternative = takes === 'chosen' ? undefined : alternatives[takes]?.name;
    return { emitted, tensors: call.tensors, sizes: { ...call.sizes, rows: call.rows, alternative } };
  };
  return {
    name,
    precision: options.dtype ?? 'f32',
    availability: async () => {
      const found = await kernelDevice.availability();
      return found.available ? ((await lackOf(kernelDevice, options)) ?? found) : found;
    },
    run: async (graph, inputs, { rows } = {}) => {
      const { emitted, tensors, sizes } = callOf(graph, inputs, rows);
      return runWgsl(kernelDevice, emitted, tensors, sizes);
    },
    prepare: async (graph, inputs, { rows } = {}) => {
      const { emitted, tensors, sizes } = callOf(graph, inputs, rows);
      const held = await holdWgsl(kernelDevice, emitted, tensors, sizes);
      return {
        time: async () => {
          const { device, wall } = await held.time();
          return (device ?? wall)[0]!;
        },
        release: held.release,
      };
    },
    alternatives: (graph) =>
      compiledOf(graph).alternatives.map(({ name: alternative, variant }, n) => {
        const own = { ...options, name: `${name} (${alternative})`, takes: n, needs: variant?.features };
        return deviceTaking(kernelDevice, own, compiledOf);
      }),
  };
}

/** A feature that kernels with these options need and the adapter lacks. */
async function lackOf(
  device: KernelDevice,
  { dtype, subgroups, needs = [] }: TakingOptions,
): Promise<Extract<Availability, { available: false }> | undefined> {
  const { adapter, features } = await device.facts();
  const needed = [...(dtype === 'f16' ? ['shader-f16'] : []), ...(subgroups ? [SUBGROUPS] : []), ...needs];
  const missing = needed.find((feature) => !features.includes(feature));
  if (missing === undefined) return undefined;
  return {
    available: false,
    why: `its adapter, ${adapter}, has no ${missing}`,
    remedy: 'install a driver that has it, as the Vulkan driver of the Debian package mesa-vulkan-drivers',
  };
}
