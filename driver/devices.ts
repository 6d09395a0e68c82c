// The devices that specs run on, by name, in one table: the interpreter and each way to run a target.
// Modules are loaded when a device is opened, so that naming one costs nothing.
import type { Availability, Device } from '../src/checking/index.js';
import { fail } from '../src/diagnostics/index.js';
import type { Graph } from '../src/ir/index.js';
import type { CudaDeviceOptions } from '../targets/cuda/graph-device.js';
import { inTwoRuns } from './gradients.js';
import type { TargetName } from './targets.js';
import { failUnknown } from './unknown-name.js';

const openers = {
  interpreter: async () => (await import('../src/checking/index.js')).interpreterDevice(),
  gpujs: () => gpujs('webasm'),
  'gpujs-cpu': () => gpujs('cpu'),
  'gpujs-webgl2': () => gpujs('webgl2'),
  'gpujs-webgpu': () => gpujs('webgpu'),
  tiles: async () => {
    const [{ tilesDevice }, { optimise }] = await Promise.all([
      import('../codegen/schedule/index.js'),
      import('../src/passes/index.js'),
    ]);
    return inTwoRuns(afterPasses(tilesDevice(), optimise));
  },
  torch: async () => {
    const [{ torchDevice }, { optimise }] = await Promise.all([
      import('../targets/torch/device/index.js'),
      import('../src/passes/index.js'),
    ]);
    return afterPasses(torchDevice(), optimise);
  },
  webgpu: () => wgsl('webgpu', 'f32'),
  wgpu: () => wgsl('wgpu', 'f16'),
  'cuda-emulator': () => cuda({ takes: 'chosen' }),
  'cuda-emulator-sm90a': () =>
    cuda({ name: 'cuda-emulator-sm90a', dtype: 'bf16', architecture: 'sm_90a', takes: 'chosen' }),
} satisfies Record<string, () => Promise<Device>>;

export type DeviceName = keyof typeof openers;

export const deviceNames = Object.keys(openers) as readonly DeviceName[];

/** What a device is, for who reads a time that was taken on it; `emulation` shows mistakes, and its time says nothing. */
export type DeviceNature = 'reference' | 'host' | 'gpu' | 'emulation';

/** By name; of `gpu` its driver says whether it is one. */
export const natures: Readonly<Record<DeviceName, DeviceNature>> = {
  interpreter: 'reference',
  gpujs: 'host',
  'gpujs-cpu': 'host',
  'gpujs-webgl2': 'gpu',
  'gpujs-webgpu': 'gpu',
  tiles: 'host',
  torch: 'host',
  webgpu: 'gpu',
  wgpu: 'gpu',
  'cuda-emulator': 'emulation',
  'cuda-emulator-sm90a': 'emulation',
};

/** The target whose kernels a device runs. */
export const targetsOfDevices: Readonly<Partial<Record<DeviceName, TargetName>>> = {
  gpujs: 'gpujs',
  'gpujs-cpu': 'gpujs',
  'gpujs-webgl2': 'gpujs',
  'gpujs-webgpu': 'gpujs',
  torch: 'torch',
  webgpu: 'wgsl',
  wgpu: 'wgsl',
  'cuda-emulator': 'cuda',
  'cuda-emulator-sm90a': 'cuda',
};

/** @throws HeddleError HD4022 for an unknown name, HD4025 where the device cannot run here. */
export async function openDevice(name: string): Promise<Device> {
  const device = Object.hasOwn(openers, name)
    ? await openers[name as DeviceName]()
    : failUnknown('HD4022', name, deviceNames);
  const availability = await device.availability();
  if (!availability.available) fail('HD4025', { device: name, reason: availability.why, remedy: availability.remedy });
  return device;
}

/** A device as a record of what was done on it names it. */
export interface DeviceDescription {
  readonly name: DeviceName;
  /** `software` computes on the processor what a GPU would, or what no GPU is needed for. */
  readonly kind: 'reference' | 'software' | 'gpu';
  readonly nature: DeviceNature;
  readonly precision: string;
  readonly found: Availability;
}

/** @throws HeddleError HD4022 for an unknown name. */
export async function describeDevice(name: string): Promise<DeviceDescription> {
  if (!Object.hasOwn(openers, name)) failUnknown('HD4022', name, deviceNames);
  const known = name as DeviceName;
  const device = await openers[known]();
  const found = await device.availability();
  const nature = natures[known];
  const kind = nature === 'reference' ? nature : nature === 'gpu' && !(await isSoftware(known)) ? 'gpu' : 'software';
  return { name: known, kind, nature, precision: device.precision, found };
}

async function isSoftware(name: DeviceName): Promise<boolean> {
  if (name !== 'webgpu' && name !== 'wgpu') return false;
  const kernelDevice = (await import('../targets/wgsl/device/index.js'))[name];
  const { available } = await kernelDevice.availability();
  return available && (await kernelDevice.facts()).software;
}

export interface DeviceSurvey {
  readonly name: DeviceName;
  readonly found: Availability;
}

/** What can run here, and for what cannot, why and what would make it. */
export async function surveyDevices(): Promise<readonly DeviceSurvey[]> {
  const surveyed: DeviceSurvey[] = [];
  for (const name of deviceNames) {
    const device = await openers[name]();
    surveyed.push({ name, found: await device.availability() });
  }
  return surveyed;
}

async function gpujs(mode: 'webasm' | 'cpu' | 'webgl2' | 'webgpu'): Promise<Device> {
  const [{ gpujsDevice }, { optimise }] = await Promise.all([
    import('../targets/gpujs/device.js'),
    import('../src/passes/index.js'),
  ]);
  return afterPasses(gpujsDevice(mode), optimise);
}

async function wgsl(device: 'webgpu' | 'wgpu', dtype: 'f32' | 'f16'): Promise<Device> {
  const [{ wgslDevice }, kernelDevices, { optimise }] = await Promise.all([
    import('../targets/wgsl/graph-device.js'),
    import('../targets/wgsl/device/index.js'),
    import('../src/passes/index.js'),
  ]);
  return inTwoRuns(afterPasses(wgslDevice(kernelDevices[device], { dtype, takes: 'chosen' }), optimise));
}

async function cuda(options: CudaDeviceOptions): Promise<Device> {
  const [{ cudaEmulator }, { optimise }] = await Promise.all([
    import('../targets/cuda/graph-device.js'),
    import('../src/passes/index.js'),
  ]);
  return inTwoRuns(afterPasses(cudaEmulator(options), optimise));
}

/** The device, given what the passes make of a graph: what a target emits, and what a check must hold to account. */
function afterPasses(device: Device, optimise: (graph: Graph) => Graph): Device {
  const known = new WeakMap<Graph, Graph>();
  const optimised = (graph: Graph): Graph => {
    const found = known.get(graph) ?? optimise(graph);
    known.set(graph, found);
    return found;
  };
  const { prepare, alternatives } = device;
  return {
    ...device,
    run: (graph, inputs, options) => device.run(optimised(graph), inputs, options),
    ...(prepare && { prepare: (graph, inputs, options) => prepare(optimised(graph), inputs, options) }),
    ...(alternatives && {
      alternatives: (graph) => alternatives(optimised(graph)).map((each) => afterPasses(each, optimise)),
    }),
  };
}
