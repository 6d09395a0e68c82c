// Validation without a device: WGSL and its pipelines go through the whole front end of Dawn, on its null backend.
// Only the features and limits that are named are granted, so what passes here runs on whatever device has these.
import { type Diagnostic, diagnostic } from '../../../src/diagnostics/index.js';
import type { Problem } from '../../shared/device/problems.js';
import { WorkerFailure } from '../../shared/device/worker-failure.js';
import type { WorkerProcess } from '../../shared/device/worker-process.js';
import { dawnWorker, webgpuPackageMissing } from './dawn.js';
import { diagnosticsOf } from './failures.js';
import type { Binding } from './job.js';
import { labelOf } from './kernel-device.js';

export interface PipelineToValidate {
  readonly entryPoint: string;
  /** The bind group layout that must fit the module; derived from the module unless told. */
  readonly bindings?: readonly Omit<Binding, 'buffer'>[] | undefined;
  readonly constants?: Readonly<Record<string, number>> | undefined;
}

export interface ValidationOptions {
  /** What diagnostics call the module. */
  readonly label?: string | undefined;
  /** Optional features to grant, as `shader-f16` and `subgroups`; none unless told. */
  readonly features?: readonly string[] | undefined;
  /** Limits beyond the defaults of the specification. The null backend has no more than these defaults. */
  readonly limits?: Readonly<Record<string, number>> | undefined;
}

/** Longer than the front end takes for megabytes of WGSL on a busy machine. */
const TIMEOUT = 600_000;
const worker: { current?: WorkerProcess } = {};

/** All that is wrong with a module and the pipelines of it; nothing when it is valid. Calls share one worker process. */
export async function validate(
  wgsl: string,
  pipelines: readonly PipelineToValidate[] = entryPointsOf(wgsl),
  { label, features = [], limits = {} }: ValidationOptions = {},
): Promise<readonly Diagnostic[]> {
  const missing = webgpuPackageMissing();
  if (missing) return [diagnostic('HD6801', { device: 'null', why: missing.why, remedy: missing.remedy })];
  worker.current ??= dawnWorker('null', {}, TIMEOUT);
  const subject = { device: 'dawn', job: { label: labelOf({ label }), wgsl } };
  try {
    const { header } = await worker.current.ask({ header: { wgsl, pipelines, features, limits }, payloads: [] });
    return (header['problems'] as Problem[]).flatMap((problem) => diagnosticsOf(problem, subject));
  } catch (error) {
    if (!(error instanceof WorkerFailure)) throw error;
    return diagnosticsOf(error.problem, subject);
  }
}

/** Ends the worker process of `validate`, which can be called again. */
export async function closeValidation(): Promise<void> {
  await worker.current?.close();
}

/** The compute entry points of a module, found by their attributes. */
export function entryPointsOf(wgsl: string): PipelineToValidate[] {
  const code = wgsl.replace(/\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  return Array.from(code.matchAll(/@compute\b[^{;]*?\bfn\s+([\p{XID_Start}_][\p{XID_Continue}]*)/gu), ([, name]) => ({
    entryPoint: name!,
  }));
}
