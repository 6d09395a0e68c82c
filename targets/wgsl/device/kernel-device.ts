// A device that runs jobs: what a caller sees of it, and how a job becomes a request to a worker process.
// Which worker, and where its driver comes from, is the business of dawn.ts and wgpu.ts.

import type { Availability } from '../../../src/checking/index.js';
import { fail } from '../../../src/diagnostics/index.js';
import { WorkerFailure } from '../../shared/device/worker-failure.js';
import type { WorkerProcess } from '../../shared/device/worker-process.js';
import type { Tuned } from '../tune-types.js';
import { refuse } from './failures.js';
import { type DeviceFacts, type Job, type MeasuredJob, type Measurement, POISON, type Timing } from './job.js';

export interface KernelDevice {
  readonly name: string;
  readonly availability: () => Promise<Availability>;
  /** What the device is, and what it has granted. Throws a HeddleError where there is none. */
  readonly facts: () => Promise<DeviceFacts>;
  /** Runs a job; the contents of the buffers that are to be read, by name. Throws a HeddleError. */
  readonly runJob: (job: Job) => Promise<Map<string, ArrayBuffer>>;
  /** Runs a job several times and tells how long it takes. Throws a HeddleError. */
  readonly measureJob: (job: Job, measurement?: Measurement) => Promise<MeasuredJob>;
  /** Makes a job ready and runs it once; its buffers stay on the device until it is released. Throws a HeddleError. */
  readonly holdJob: (job: Job) => Promise<HeldJob>;
  /** Has a launcher time its alternatives at one call. Throws a HeddleError. @param name what diagnostics call it */
  readonly tune: (request: TuneRequest, name: string) => Promise<Tuned>;
  /** Ends the worker process. The device can be used again. */
  readonly close: () => Promise<void>;
}

/** A launcher that times its alternatives, for so long. */
export interface TuneRequest {
  readonly launcher: string;
  readonly factory: string;
  readonly call: Readonly<Record<'batch' | 'queries' | 'keys' | 'rows', number>>;
  readonly milliseconds: number;
}

/** A job whose pipelines and buffers are on the device. */
export interface HeldJob {
  /** Runs it once more. Throws a HeddleError, also where the device has been started anew since. */
  readonly time: () => Promise<Timing>;
  readonly release: () => Promise<void>;
}

/** A device that was found, or why there is none. */
export type Found =
  | { readonly available: true; readonly facts: DeviceFacts; readonly worker: WorkerProcess }
  | { readonly available: false; readonly why: string; readonly remedy: string };

/** The device `name`, looked for once, when it is first needed. */
export function kernelDevice(name: string, find: () => Promise<Found>): KernelDevice {
  let found: Promise<Found> | undefined;
  const lookFor = () => {
    found ??= find();
    return found;
  };
  const need = async () => {
    const device = await lookFor();
    if (!device.available) return fail('HD6801', { device: name, why: device.why, remedy: device.remedy });
    return device;
  };
  const ask = async (job: Job, measure?: { repeats: number; warmups: number }) =>
    askWorker((await need()).worker, name, job, measure);
  return {
    name,
    availability: async () => {
      const device = await lookFor();
      return device.available ? { available: true, detail: inWords(device.facts) } : device;
    },
    facts: async () => (await need()).facts,
    runJob: async (job) => (await ask(job)).outputs,
    measureJob: (job, { repeats = 5, warmups = 1 } = {}) => ask(job, { repeats, warmups }),
    holdJob: async (job) => holdInWorker((await need()).worker, name, job),
    tune: async (request, label) => tuneInWorker((await need()).worker, name, { request, label }),
    close: async () => {
      const device = await found;
      found = undefined;
      if (device?.available) await device.worker.close();
    },
  };
}

/** Has a worker run a job for the device `name`, and waits `atLeast` so many milliseconds. Throws a HeddleError. */
export async function askWorker(
  worker: WorkerProcess,
  name: string,
  job: Job,
  measure?: { repeats: number; warmups: number },
  atLeast?: number,
): Promise<MeasuredJob> {
  const { header, payloads } = requestOf(job, name, measure);
  try {
    const reply = await worker.ask({ header, payloads }, atLeast);
    const wanted = job.buffers.filter(({ read }) => read);
    return {
      outputs: new Map(wanted.map(({ name: buffer }, i) => [buffer, reply.payloads[i]!.buffer as ArrayBuffer])),
      timing: (reply.header['timing'] ?? { wall: [] }) as Timing,
      bytes: reply.header['bytes'] as number,
    };
  } catch (error) {
    if (error instanceof WorkerFailure) refuse(error.problem, { device: name, job });
    throw error;
  }
}

async function tuneInWorker(
  worker: WorkerProcess,
  name: string,
  { request, label }: { readonly request: TuneRequest; readonly label: string },
): Promise<Tuned> {
  try {
    return (await worker.ask({ header: { tune: request }, payloads: [] })).header['tuned'] as Tuned;
  } catch (error) {
    if (error instanceof WorkerFailure) {
      refuse(error.problem, { device: name, job: { label, wgsl: '' } });
    }
    throw error;
  }
}

async function holdInWorker(worker: WorkerProcess, name: string, job: Job): Promise<HeldJob> {
  const ask = async (message: Parameters<WorkerProcess['ask']>[0]) => {
    try {
      return await worker.ask(message);
    } catch (error) {
      if (error instanceof WorkerFailure) refuse(error.problem, { device: name, job });
      throw error;
    }
  };
  const { header, payloads } = requestOf(job, name);
  const { held } = (await ask({ header: { ...header, keep: 'hold' }, payloads })).header;
  return {
    time: async () => (await ask({ header: { again: held }, payloads: [] })).header['timing'] as Timing,
    release: async () => {
      await ask({ header: { release: held }, payloads: [] });
    },
  };
}

function requestOf(job: Job, device: string, measure?: { repeats: number; warmups: number }) {
  const names = new Set<string>();
  const payloads: Uint8Array[] = [];
  const buffers = job.buffers.map(({ name, size, data, fill = 'zero', read = false }) => {
    const refused = (problem: string): never => fail('HD6803', { device, kernel: labelOf(job), problem });
    if (names.has(name)) refused(`there are two buffers ${name}`);
    names.add(name);
    if (!Number.isSafeInteger(size) || size < 0) refused(`buffer ${name} has a size of ${size} bytes`);
    if (data === undefined) return { name, size, fill, read };
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    if (bytes.length > size) refused(`buffer ${name} has ${size} bytes and data of ${bytes.length}`);
    return { name, size, fill, read, data: payloads.push(bytes) - 1 };
  });
  const { wgsl, dispatches } = job;
  return { header: { wgsl, buffers, dispatches, poison: POISON, ...(measure ? { measure } : {}) }, payloads };
}

export const labelOf = ({ label }: { readonly label?: string | undefined }): string => label ?? 'kernel.wgsl';

function inWords({ adapter, software, driver, features, iterationLimit }: DeviceFacts): string {
  const kind = software ? `software${driver === 'npm' ? ' from npm' : ''}` : 'hardware';
  const optional = features.filter((name) => name === 'shader-f16' || name === 'subgroups');
  const defects = iterationLimit === undefined ? [] : [`leaves loops after ${iterationLimit} iterations`];
  return [`${adapter} (${kind})`, ...optional, ...defects].join(', ');
}

/** What a worker says of its adapter, as facts; nothing where it has none. */
export function factsOf(
  greeting: Record<string, unknown>,
  origin: Pick<DeviceFacts, 'implementation' | 'driver'>,
): DeviceFacts | undefined {
  const adapter = greeting['adapter'] as Record<'vendor' | 'architecture' | 'device' | 'description', string> & {
    software: boolean;
  };
  if (!adapter) return undefined;
  const { vendor, architecture, device, description, software } = adapter;
  return {
    ...origin,
    adapter: description || [vendor, architecture, device].filter(Boolean).join(' '),
    software,
    features: [...(greeting['features'] as string[])].sort(),
    limits: greeting['limits'] as Record<string, number>,
    ...(greeting['subgroupSize'] ? { subgroupSize: greeting['subgroupSize'] as [number, number] } : {}),
  };
}
