// The devices that specs run on, by name: opening one, and what each is.
// Modules are loaded when a device is opened, so that naming one costs nothing.
import type { Availability, Device } from '../src/checking/index.js';
import { fail } from '../src/diagnostics/index.js';
import { isSoftware, openers } from './device-openers.js';
import type { TargetName } from './targets.js';
import { failUnknown } from './unknown-name.js';

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
