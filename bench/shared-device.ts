// The one WebGPU device of the benchmark: jax-js gets it when it asks for one, everything else uses the same. Every buffer and
// dispatch is counted, whoever makes them. Runs wherever there is WebGPU: in Node on Dawn, in Deno on wgpu, in browsers.
import * as jax from '@jax-js/jax';
import { type PassTimer, passTimer } from './timestamps.js';

export interface Traffic {
  /** Bytes that the dispatches have bound, of each buffer once: what a launcher keeps for longer calls is not theirs. */
  readonly bytes: number;
  readonly dispatches: number;
  readonly passes: number;
}

export interface SharedDevice {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapterInfo;
  /** Whether jax-js has taken the device. */
  readonly jaxIsHere: boolean;
  /** What a piece of work binds and dispatches; it waits for the queue. */
  readonly watch: (work: () => void | Promise<void>) => Promise<Traffic>;
  /** Times passes by the device's own clock; absent where it has none, or it is not asked for. */
  readonly timer?: PassTimer;
}

export interface DeviceWish {
  /** Whether passes are timed by the device's own clock, where it has one. */
  readonly timestamps?: boolean;
}

/** @throws Error where there is no adapter. */
export async function openSharedDevice(gpu: GPU, { timestamps = false }: DeviceWish = {}): Promise<SharedDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('there is no WebGPU adapter');
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const limit = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof limit === 'number') limits[name] = limit;
  }
  const device = await adapter.requestDevice({ requiredFeatures: featuresOf(adapter), requiredLimits: limits });
  const jaxIsHere = await lendToJax(device, adapter);
  const timer = timestamps && device.features.has('timestamp-query') ? passTimer(device) : undefined;
  return {
    device,
    adapter: adapter.info,
    jaxIsHere,
    watch: watching(device, timer),
    ...(timer === undefined ? {} : { timer }),
  };
}

/** The least size of subgroups at which onnxruntime's attention is right: at 4 its results are wrong. */
const LEAST_SUBGROUP = 8;

/** Those that contenders use. All have the same, so subgroups are there for all of them or for none. */
function featuresOf({ features, info }: GPUAdapter): GPUFeatureName[] {
  const wanted: GPUFeatureName[] = ['shader-f16', 'timestamp-query'];
  if ((info.subgroupMinSize ?? 0) >= LEAST_SUBGROUP) wanted.push('subgroups');
  return wanted.filter((each) => features.has(each));
}

/** What the environment calls navigator; types of Node have none. */
export const ownNavigator = (): { gpu?: GPU } => (globalThis as unknown as { navigator: { gpu?: GPU } }).navigator;

/** jax-js asks the browser for a device of its own; while it does, it is answered with the one that all share. */
async function lendToJax(device: GPUDevice, { info }: GPUAdapter): Promise<boolean> {
  const lent = { features: device.features, limits: device.limits, info, requestDevice: async () => device };
  const navigator = ownNavigator();
  const own = Object.getOwnPropertyDescriptor(navigator, 'gpu');
  Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => lent }, configurable: true });
  try {
    const backends = await jax.init('webgpu');
    if (!backends.includes('webgpu')) return false;
    jax.defaultDevice('webgpu');
    return jax.getWebGPUDevice() === device;
  } finally {
    if (own) Object.defineProperty(navigator, 'gpu', own);
    else delete navigator.gpu;
  }
}

/** Wraps what a device makes. The cost of it is the same for all, and small beside a dispatch. */
function watching(device: GPUDevice, timer: PassTimer | undefined): SharedDevice['watch'] {
  const bindingsOf = new WeakMap<GPUBindGroup, readonly GPUBufferBinding[]>();
  let bound = new Map<GPUBuffer, number>();
  let dispatches = 0;
  let passes = 0;

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
    passes += 1;
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
    encoder.beginComputePass = (pass) => watchPass(beginComputePass(timer?.stamped(pass) ?? pass));
    return encoder;
  };

  return async (work) => {
    bound = new Map();
    dispatches = 0;
    passes = 0;
    await work();
    await device.queue.onSubmittedWorkDone();
    return { bytes: [...bound.values()].reduce((sum, size) => sum + size, 0), dispatches, passes };
  };
}
