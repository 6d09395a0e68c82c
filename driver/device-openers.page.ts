// The devices that a page has: those that compute in JavaScript by this package alone. The others say that they need Node.
// Stands in for device-openers.ts in a bundle for pages.
import { tilesDevice } from '../codegen/schedule/index.js';
import { type Device, interpreterDevice } from '../src/checking/index.js';
import { fail } from '../src/diagnostics/index.js';
import { optimise } from '../src/passes/index.js';
import { afterPasses } from './after-passes.js';
import type * as real from './device-openers.js';
import { inTwoRuns } from './gradients.js';

const why = 'it needs Node, and this is a page';

/** @param remedy what a page does in its place */
const elsewhere =
  (name: string, remedy = `run it in Node: heddle run SPEC --device ${name}`) =>
  async (): Promise<Device> => ({
    name,
    precision: 'f32',
    availability: async () => ({ available: false, why, remedy }),
    run: async () => fail('HD4025', { device: name, reason: why, remedy }),
  });

const launcher = 'compile with the target wgsl and run the launcher, which needs nothing but WebGPU';
const module = 'compile with the target gpujs and run the module with gpu.js';

export const openers = {
  interpreter: async () => interpreterDevice(),
  gpujs: elsewhere('gpujs', module),
  'gpujs-cpu': elsewhere('gpujs-cpu', module),
  'gpujs-webgl2': elsewhere('gpujs-webgl2', module),
  'gpujs-webgpu': elsewhere('gpujs-webgpu', module),
  tiles: async () => inTwoRuns(afterPasses(tilesDevice(), optimise)),
  torch: elsewhere('torch'),
  webgpu: elsewhere('webgpu', launcher),
  wgpu: elsewhere('wgpu', launcher),
  'cuda-emulator': elsewhere('cuda-emulator'),
  'cuda-emulator-sm90a': elsewhere('cuda-emulator-sm90a'),
} satisfies typeof real.openers;

export const isSoftware: typeof real.isSoftware = async () => false;
