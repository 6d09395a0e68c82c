// How each device is opened, in one table: the interpreter and each way to run a target.
// A bundle for pages has device-openers.page.ts in its place.
import type { Device } from '../src/checking/index.js';
import type { CudaDeviceOptions } from '../targets/cuda/graph-device.js';
import { afterPasses } from './after-passes.js';
import { inTwoRuns } from './gradients.js';

export const openers = {
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

/** Whether a device is a software one of WebGPU. */
export async function isSoftware(name: string): Promise<boolean> {
  if (name !== 'webgpu' && name !== 'wgpu') return false;
  const kernelDevice = (await import('../targets/wgsl/device/index.js'))[name];
  const { available } = await kernelDevice.availability();
  return available && (await kernelDevice.facts()).software;
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
