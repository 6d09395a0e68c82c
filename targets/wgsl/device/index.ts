// The face of the WGSL devices: running and validating WGSL kernels from Node, however they were made.
//
//     const outputs = await webgpu.runJob({ label, wgsl, buffers, dispatches });    // Map<string, ArrayBuffer>
//     const { timing } = await webgpu.measureJob(job, { repeats: 5 });              // milliseconds, wall and device
//     const { features, limits, subgroupSize } = await webgpu.facts();             // what was granted: all there is
//     const diagnostics = await validate(wgsl, [{ entryPoint, bindings }], { features: ['shader-f16'] });
//
// `webgpu` is Dawn, on a GPU or else on the software device of npm; `wgpu` is wgpu in Deno. Both have `availability()`.
// Problems are thrown as HeddleErrors (HD68xx), with the line of WGSL where there is one; `validate` returns them.
// Workers start by themselves with the first job (about 0.2 s), are shared, and keep no process alive. Needs Node.
import type { Availability } from '../../../src/checking/index.js';
import { type WebgpuOptions, webgpuDevice } from './dawn.js';
import type { KernelDevice } from './kernel-device.js';
import { type WgpuOptions, wgpuDevice } from './wgpu.js';

export type {
  Binding,
  BindingKind,
  DeviceFacts,
  Dispatch,
  Job,
  JobBuffer,
  MeasuredJob,
  Measurement,
  Timing,
} from './job.js';
export { POISON } from './job.js';
export type { HeldJob, KernelDevice } from './kernel-device.js';
export {
  closeValidation,
  entryPointsOf,
  type PipelineToValidate,
  type ValidationOptions,
  validate,
} from './validate.js';
export { type WebgpuOptions, type WgpuOptions, webgpuDevice, wgpuDevice };

/** The devices that everybody shares. */
export const webgpu: KernelDevice = webgpuDevice();
export const wgpu: KernelDevice = wgpuDevice();

/** All of them, with what is here and why the others are not: what `heddle devices` shows. */
export async function describe(): Promise<ReadonlyMap<string, Availability>> {
  const all = [webgpu, wgpu].map(async (device) => [device.name, await device.availability()] as const);
  return new Map(await Promise.all(all));
}
