// The one WebGPU device of the benchmark, in Node: jax-js asks for it, everything else uses the same. Every buffer and
// dispatch is counted, whoever makes them.
import * as jax from '@jax-js/jax';
import { create, globals } from 'webgpu';

export interface Traffic {
  /** Bytes that the dispatches have bound, of each buffer once: what a launcher keeps for longer calls is not theirs. */
  readonly bytes: number;
  readonly dispatches: number;
}

export interface SharedDevice {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapterInfo;
  /** What a piece of work binds and dispatches. */
  readonly watch: (work: () => void | Promise<void>) => Promise<Traffic>;
}

/** Dawn ends with the object that it came from. */
const keptAlive: unknown[] = [];

export async function openSharedDevice(): Promise<SharedDevice> {
  const gpu = create([]);
  keptAlive.push(gpu);
  // jax-js is written for browsers.
  Object.assign(globalThis, globals);
  const navigator = { gpu, userAgent: 'node', hardwareConcurrency: 1 };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('there is no WebGPU adapter');
  const backends = await jax.init('webgpu');
  if (!backends.includes('webgpu')) throw new Error('jax-js finds no WebGPU device');
  jax.defaultDevice('webgpu');
  const device = jax.getWebGPUDevice();
  return { device, adapter: adapter.info, watch: watching(device) };
}

/** Wraps what a device makes. The cost of it is the same for all, and small beside a dispatch. */
function watching(device: GPUDevice): SharedDevice['watch'] {
  const bindingsOf = new WeakMap<GPUBindGroup, readonly GPUBufferBinding[]>();
  let bound = new Map<GPUBuffer, number>();
  let dispatches = 0;

  const createBindGroup = device.createBindGroup.bind(device);
  device.createBindGroup = (descriptor) => {
    const group = createBindGroup(descriptor);
    const resources = [...descriptor.entries].map(({ resource }) => resource);
    bindingsOf.set(
      group,
      resources.flatMap((resource) => ('buffer' in resource ? [resource] : [])),
    );
    return group;
  };
  const watchPass = (pass: GPUComputePassEncoder): GPUComputePassEncoder => {
    const setBindGroup = pass.setBindGroup.bind(pass) as (...given: unknown[]) => undefined;
    pass.setBindGroup = ((index: number, group: GPUBindGroup, ...rest: unknown[]) => {
      for (const { buffer, offset = 0, size = buffer.size - offset } of bindingsOf.get(group) ?? [])
        bound.set(buffer, Math.max(bound.get(buffer) ?? 0, size));
      return setBindGroup(index, group, ...rest);
    }) as typeof pass.setBindGroup;
    const dispatchWorkgroups = pass.dispatchWorkgroups.bind(pass);
    pass.dispatchWorkgroups = (...workgroups) => {
      dispatches += 1;
      return dispatchWorkgroups(...workgroups);
    };
    return pass;
  };
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const beginComputePass = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (pass) => watchPass(beginComputePass(pass));
    return encoder;
  };

  return async (work) => {
    bound = new Map();
    dispatches = 0;
    await work();
    await device.queue.onSubmittedWorkDone();
    return { bytes: [...bound.values()].reduce((sum, size) => sum + size, 0), dispatches };
  };
}
