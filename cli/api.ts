// The library `heddle/compiler`: what the command line does, for programs. Documented in docs/api.md.
// The compiler's parts load when they are first used, as for the commands; bundled for pages, it is all one module.

import { type CheckReport, checkOnDevice } from '../driver/check.js';
import { type DeviceName, openDevice } from '../driver/devices.js';
import { type ExplainRequest, type Explanation, explainGraph } from '../driver/explain.js';
import { gradientOf } from '../driver/gradients.js';
import { runGraph } from '../driver/run.js';
import { loadSpec } from '../driver/specs.js';
import { type TargetName, type TargetOptions, targetNamed, targetOptions } from '../driver/targets.js';
import type { TuneRequest } from '../driver/tune.js';
import { holdsFile, memoryFiles, type SourceFiles } from '../dsl/frontend/index.js';
import { gradientGraph } from '../src/autodiff/index.js';
import type { AskedShape } from '../src/checking/index.js';
import { type Diagnostic, fail, nearest } from '../src/diagnostics/index.js';
import { interpret as interpretGraph } from '../src/interpreter/index.js';
import { type Graph, type SettingValue, verify } from '../src/ir/index.js';
import type { HostTensor, Precision } from '../src/tensors/index.js';
import type { Tuned } from '../targets/wgsl/tune-types.js';
import type { AblateOptions, Ablation } from './studies.js';

export type { CheckReport } from '../driver/check.js';
export { type DeviceName, type DeviceSurvey, surveyDevices as devices } from '../driver/devices.js';
export type { CallShape, Explanation, GraphText, PassStep } from '../driver/explain.js';
export { explanationText } from '../driver/explanation-text.js';
export type { TargetName } from '../driver/targets.js';
export type { TuneRequest } from '../driver/tune.js';
export type { AskedShape, CheckCase, CheckShape } from '../src/checking/index.js';
export {
  type Diagnostic,
  HeddleError,
  renderDiagnostic,
  renderError,
  type Severity,
  type SourceSpan,
  severityOf,
} from '../src/diagnostics/index.js';
export type { Graph, GraphOutput, SettingValue, TensorNode } from '../src/ir/index.js';
export { fromJson as graphFromJson, type GraphJson, toJson as graphToJson } from '../src/ir/json/index.js';
export { parse as graphFromText, print as graphToText } from '../src/ir/text/index.js';
export {
  type Dtype,
  type HostTensor,
  hostTensor,
  type Precision,
  readSafetensors,
  type Safetensors,
  writeSafetensors,
} from '../src/tensors/index.js';
export type { StudyRecord } from '../studies/record/study.js';
export type { Tuned, TunedCall } from '../targets/wgsl/tune-types.js';
export type { AblateOptions, Ablation, StudyProgress } from './studies.js';

/** Tensors by name: `q`, `k`, `v`, parameters and tables of the spec; shapes as declared, batch first. */
export type Tensors = ReadonlyMap<string, HostTensor> | Readonly<Record<string, HostTensor>>;

/** A spec's graph, as `compile` gives it, or what holds one. */
export type Compilable = Graph | { readonly graph: Graph };

export interface CompileOptions {
  /** The export to compile; needed where the file has several specs. */
  readonly export?: string | undefined;
  /** Settings over the spec's defaults. */
  readonly settings?: Readonly<Record<string, SettingValue>> | undefined;
  /** Texts by path, in place of the disk: the spec and what it imports. A page has nothing else to read. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** What to compile to, 'gpujs' unless told; see `heddle compile --help`. */
  readonly target?: TargetName | undefined;
  /** What kernels store queries, keys, values and outputs as: 'f32' unless told, 'f16', for cuda also 'bf16'. */
  readonly dtype?: TargetOptions['dtype'];
  /** For cuda: the least device that kernels are to run on: sm_80, sm_89, sm_90, sm_120; or sm_90a alone. */
  readonly arch?: TargetOptions['arch'];
  /** For cuda: 'torch' adds a Python package that makes the kernels an operator of PyTorch. */
  readonly bind?: TargetOptions['bind'];
  /** For wgsl, cuda and graph: a forward launcher that keeps what gradients need, and a backward launcher. */
  readonly backward?: boolean | undefined;
  /** The schedule of a WGSL kernel: 'online', 'two-pass', 'slab', 'decode' or 'materialised'; chosen by an estimate unless told. */
  readonly schedule?: TargetOptions['schedule'];
  /** The tiles of WGSL and CUDA kernels: rows of scores and keys of a step; the largest that fit unless told. */
  readonly tiles?: TargetOptions['tiles'];
}

export interface Compiled {
  /** The spec as a score graph, as it is written: what `interpret`, `run`, `explain` and `check` take. */
  readonly graph: Graph;
  /** What may be a mistake in the spec, as reads of heads that do not exist; empty as a rule. `renderDiagnostic` shows one to people. */
  readonly warnings: readonly Diagnostic[];
  /** The files of the target by name, the main one first. Nothing is written to disk. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Compiles a spec from its TypeScript file, which is type-checked and read, never run.
 * @param path The file; relative paths start at the current folder.
 * @throws HeddleError with a diagnostic for each thing that is wrong with the file, the settings or the target.
 */
export async function compile(path: string, options: CompileOptions = {}): Promise<Compiled> {
  const target = targetNamed(options.target ?? 'gpujs');
  const chosen = targetOptions(target, {
    dtype: options.dtype,
    schedule: options.schedule,
    tiles: options.tiles,
    arch: options.arch,
    bind: options.bind,
    backward: options.backward ? true : undefined,
  });
  const files = options.files && textsWith(path, options.files);
  const { graph, warnings } = await loadSpec(path, { export: options.export, settings: options.settings, files });
  return { graph, warnings, files: new Map(await target.emit(graph, chosen)) };
}

/** @throws HeddleError HD4101 where the spec is not among the texts. */
function textsWith(path: string, texts: Readonly<Record<string, string>>): SourceFiles {
  const files = memoryFiles(texts);
  if (!holdsFile(files, path)) fail('HD4101', { path, suggestion: nearest(path, Object.keys(texts)) });
  return files;
}

export interface InterpretOptions {
  /** R, how many of the last rows to compute; as many as the rows of queries allow unless told. */
  readonly rows?: number | undefined;
  /** Rounds every node once to this precision; 'f64', the meaning, unless told. */
  readonly precision?: Precision | undefined;
  /** Compute `grad_<input>` for every differentiable input from the `grad_<output>` among the inputs. */
  readonly backward?: boolean | undefined;
}

/**
 * What a spec means: its outputs by name, computed in float64 by the reference interpreter.
 * @throws HeddleError HD7xxx where the tensors do not fit the spec.
 */
export function interpret(spec: Compilable, inputs: Tensors, options: InterpretOptions = {}): Map<string, HostTensor> {
  const tensors = tensorMap(inputs);
  const graph = options.backward ? gradientOf(graphOf(spec), [...tensors.keys()]) : graphOf(spec);
  return interpretGraph(graph, tensors, { rows: options.rows, precision: options.precision });
}

export interface RunOptions {
  /** What to run on, 'interpreter' unless told; `devices()` lists what there is. */
  readonly device?: DeviceName | undefined;
  readonly rows?: number | undefined;
  readonly backward?: boolean | undefined;
}

/**
 * Runs a spec on a device and gives its outputs by name.
 * @throws HeddleError for a device that is unknown or cannot run here, and where the tensors do not fit the spec.
 */
export async function run(
  spec: Compilable,
  inputs: Tensors,
  options: RunOptions = {},
): Promise<ReadonlyMap<string, HostTensor>> {
  const device = await openDevice(options.device ?? 'interpreter');
  return runGraph(graphOf(spec), tensorMap(inputs), {
    device,
    rows: options.rows,
    backward: options.backward ?? false,
  });
}

/**
 * What a spec becomes and what it costs: its graph before and after each pass, footprints, history, parameters, FLOPs
 * and bytes. `explanationText` shows it to people.
 * @throws HeddleError HD4024 for an unknown pass.
 */
export function explain(spec: Compilable, options: ExplainRequest = {}): Explanation {
  return explainGraph(graphOf(spec), options);
}

export interface CheckOptions {
  /** The devices to check, 'gpujs' unless told. */
  readonly devices?: readonly DeviceName[] | undefined;
  /** The seed of the first case; 1 unless told. */
  readonly seed?: number | undefined;
  /** The sizes to run at; awkward ones for the spec unless told. */
  readonly shapes?: readonly AskedShape[] | undefined;
  /** How many cases to run; one for each shape unless told. */
  readonly cases?: number | undefined;
  /** Check the gradients of all inputs in place of the outputs. */
  readonly backward?: boolean | undefined;
}

/**
 * Checks devices against the interpreter on random inputs, with the dependency probe; one report for each device.
 * A check that fails is a report, not an error.
 * @throws HeddleError for a device that is unknown or cannot run here.
 */
export async function check(spec: Compilable, options: CheckOptions = {}): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const name of options.devices ?? ['gpujs']) {
    reports.push(await checkOnDevice(graphOf(spec), await openDevice(name), options));
  }
  return reports;
}

/**
 * Times the alternatives of a WGSL launcher on a device here, 'webgpu' unless told, as `heddle tune` does: the package, and what an
 * application gives to its launcher as `tuned`.
 * @throws HeddleError for a spec whose launcher has nothing to choose, calls that are impossible, a device that cannot run here.
 */
export async function tune(spec: Compilable, options: Partial<TuneRequest> = {}): Promise<TuneResult> {
  const { tuneOnDevice } = await import('../driver/tune.js');
  const { emitted, tuned } = await tuneOnDevice(graphOf(spec), { device: 'webgpu', ...options });
  return { files: emitted.files, tuned };
}

export interface TuneResult {
  readonly files: ReadonlyMap<string, string>;
  readonly tuned: Tuned;
}

/**
 * Compiles, checks and times the variants of a study and writes report.html, study.json, study.csv, study.md and kernels
 * into its folder, as `heddle ablate` does. A variant or a check that fails is part of the record, not an error.
 * @param path The file of the study; relative paths start at the current folder.
 * @throws HeddleError for a study that cannot be read, unknown devices, targets and variants, a folder that cannot be written to.
 */
export async function ablate(path: string, options: AblateOptions = {}): Promise<Ablation> {
  const { ablateStudy } = await import('./studies.js');
  return ablateStudy(path, options);
}

/** The gradient of a spec as a graph of its own: `grad_<output>` in, `grad_<input>` out. */
export function gradient(spec: Compilable): Graph {
  return gradientGraph(graphOf(spec));
}

const sound = new WeakSet<Graph>();

/** The graph, which a program may have built or read without having it checked. @throws HeddleError HD50xx. */
function graphOf(spec: Compilable): Graph {
  const graph = 'graph' in spec ? spec.graph : spec;
  if (!sound.has(graph)) verify(graph);
  sound.add(graph);
  return graph;
}

const tensorMap = (tensors: Tensors): ReadonlyMap<string, HostTensor> =>
  tensors instanceof Map ? tensors : new Map(Object.entries(tensors));
