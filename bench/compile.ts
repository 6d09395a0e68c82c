// From the name of a workload to what measures it: the spec of examples/ as a user would load it, and its launchers, emitted.
// Needs Node. What comes of it crosses to other processes and to browsers as JSON.
import { join } from 'node:path';
import type { Scheduled, ScheduleKind } from '../codegen/schedule/index.js';
import { loadSpec } from '../driver/specs.js';
import { gradientGraph, trainingPair } from '../src/autodiff/index.js';
import { type Graph, history, isGradientGraph, toJson } from '../src/ir/index.js';
import { optimise } from '../src/passes/index.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import type { WgslLimits } from '../targets/wgsl/index.js';
import {
  type BenchDtype,
  HEAD_DIM,
  HEADS,
  KEY_TAPS,
  type LauncherFile,
  type LauncherKind,
  type PackedWorkload,
  QUERY_TAPS,
  type WorkloadName,
} from './workloads.js';

export interface CompileRequest {
  readonly dtype: BenchDtype;
  /** The limits that a device has granted: without them nothing is fitted to them. */
  readonly granted?: Readonly<Record<string, number>> | undefined;
  /** The kinds of launchers to emit, of those that serve; all unless told. */
  readonly kinds?: readonly LauncherKind[];
  /** Where the text of a launcher goes, and its address; an address that holds the text, unless told. */
  readonly place?: (name: string, text: string) => string;
}

/** Whether a kind of launcher says something about a workload that others do not. */
const serves: Readonly<Record<LauncherKind, (name: WorkloadName, request: CompileRequest) => boolean>> = {
  chosen: () => true,
  materialised: () => true,
  // Blocks that hold all heads are short of the workgroup memory that every device has.
  granted: ({ form, isGradient }, { granted }) =>
    granted !== undefined && Boolean(form.preMixing || form.postMixing || isGradient),
};

const schedules: Readonly<Record<LauncherKind, ScheduleKind | undefined>> = {
  chosen: undefined,
  materialised: 'materialised',
  granted: undefined,
};

export async function compileWorkload(name: WorkloadName, request: CompileRequest): Promise<PackedWorkload> {
  const { heads = HEADS, headDim = HEAD_DIM } = name;
  const { dtype, kinds = Object.keys(serves) as LauncherKind[] } = request;
  const { graph } = await loadSpec(join('examples', 'mta.ts'), { settings: settingsOf(name, heads, headDim) });
  const ofOutput: Graph = name.isGradient
    ? { ...graph, outputs: graph.outputs.filter((o) => o.name === 'out') }
    : graph;
  const launchers = kinds
    .filter((kind) => serves[kind](name, request))
    .map((kind) => [kind, graphsOf(name, ofOutput).map((each) => emitted(each, { name, kind }, request))] as const);
  return {
    ...name,
    heads,
    headDim,
    dtype,
    history: history(ofOutput),
    computed: toJson(name.isGradient ? gradientGraph(ofOutput) : graph),
    launchers: Object.fromEntries(launchers),
  };
}

function settingsOf({ form }: WorkloadName, heads: number, headDim: number) {
  return {
    heads,
    headDim,
    preQueryKernel: form.preConvolution ? QUERY_TAPS : 0,
    preKeyKernel: form.preConvolution ? KEY_TAPS : 0,
    preMix: form.preMixing ? heads : 0,
    postQueryKernel: form.postConvolution ? QUERY_TAPS : 0,
    postKeyKernel: form.postConvolution ? KEY_TAPS : 0,
    postMix: form.postMixing ? heads : 0,
    norm: form.normAndGate ? 'rms' : 'none',
    gate: form.normAndGate ? 'scalar' : 'none',
  };
}

/** One graph, or the two of a step of training. */
function graphsOf({ isGradient }: WorkloadName, graph: Graph): readonly Graph[] {
  if (!isGradient) return [optimise(graph)];
  const { forward, backward } = trainingPair(graph);
  return [forward, backward];
}

interface Place {
  readonly name: WorkloadName;
  readonly kind: LauncherKind;
}

function emitted(
  graph: Graph,
  { name, kind }: Place,
  { dtype, granted, place = inAddress }: CompileRequest,
): LauncherFile {
  const schedule = schedules[kind];
  const { scheduled, emitted } = compileWgsl(graph, {
    dtype,
    schedule: schedule && scheduleOf(schedule, graph),
    limits: kind === 'granted' && granted ? limitsOf(granted) : undefined,
  });
  const part = isGradientGraph(graph) ? '-backward' : '';
  const module = place(`${name.name}-${dtype}-${kind}${part}.js`, emitted.files.get(emitted.launcher)!);
  return { module, factory: emitted.factory, detail: describe(scheduled) };
}

const inAddress = (_: string, text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

/** Gradients have schedules of their own. */
const scheduleOf = (schedule: ScheduleKind, graph: Graph): ScheduleKind =>
  schedule === 'materialised' && isGradientGraph(graph) ? 'gradient-materialised' : schedule;

function describe({ kind, tiles }: Scheduled): string {
  const { keys } = tiles.ofOwners ?? {};
  const ofKeys = keys === undefined ? '' : `, keys ${keys.rows}×${keys.columns}`;
  return `${kind}, ${tiles.rows}×${tiles.columns}${ofKeys}`;
}

const limitsOf = (granted: Readonly<Record<string, number>>): WgslLimits => ({
  workgroupBytes: granted['maxComputeWorkgroupStorageSize']!,
  invocations: granted['maxComputeInvocationsPerWorkgroup']!,
  storageBuffers: granted['maxStorageBuffersPerShaderStage']!,
});
