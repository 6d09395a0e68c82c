// The ways a random spec, or its gradient, is run: tiles interpreted, gpu.js modules, PyTorch, WGSL kernels, CUDA emulated, and each
// alternative of a WGSL launcher. Each says what it gives, by which schedule, or for what reason no schedule takes the spec.

import { type ScheduleKind, schedule } from '../../codegen/schedule/index.js';
import { interpretProgram } from '../../codegen/tile/interpreter/interpret.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { inTwoRuns } from '../../driver/gradients.js';
import type { Device } from '../../src/checking/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { type BoundCall, bindInputs } from '../../src/interpreter/index.js';
import { type Graph, history, isGradientGraph } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { compileCuda } from '../../targets/cuda/compile.js';
import { emulatorAvailability, runCuda } from '../../targets/cuda/device/index.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { compileWgsl } from '../../targets/wgsl/compile.js';
import { type KernelDevice, webgpuDevice, wgpuDevice } from '../../targets/wgsl/device/index.js';
import { emitWgsl, fit as fitWgsl } from '../../targets/wgsl/index.js';
import { runWgsl } from '../../targets/wgsl/run.js';
import type { RandomSpec } from './random-spec.js';

export const pathNames = ['tiles', 'gpujs', 'torch', 'webgpu', 'cuda', 'alternatives'] as const;

export type PathName = (typeof pathNames)[number];

/** Those that run unless told: alternatives are several compilations each. */
export const usualPaths: readonly PathName[] = pathNames.filter((name) => name !== 'alternatives');

export type Tensors = ReadonlyMap<string, HostTensor>;

export interface Computed {
  readonly outputs: Tensors;
  /** The schedule, or the alternative. */
  readonly kind?: string | undefined;
}

/**
 * What a spec is not taken for: nothing computes it, nothing that does fits, the schedule that was drawn is not for it, its
 * kernels have much text, or there is nothing to run them on.
 */
export type Obstacle = 'no schedule' | 'none fits' | 'another kind of schedule' | 'emitted only' | 'no device';

/** No disagreement, but counted. */
export class NotTaken extends Error {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle, message: string) {
    super(message);
    this.obstacle = obstacle;
  }
}

export interface Path {
  /** What it gives: once, or once for each alternative. @throws NotTaken with the reason. */
  readonly run: (spec: RandomSpec, inputs: Tensors) => Promise<readonly Computed[]>;
  readonly close: () => Promise<void>;
}

/** Characters of WGSL: what is longer than half of all. Software devices take a second to compile twice as much, and soon many. */
const LARGE = 20_000;

/** Milliseconds: far more than a driver needs to compile and run a small kernel, with the machine shared. */
const JOB_TIMEOUT = 240_000;

/** The devices that WGSL runs on. */
const wgslDevices = { webgpu: webgpuDevice, wgpu: wgpuDevice } as const;

export type WgslDeviceName = keyof typeof wgslDevices;

export const wgslDeviceNames = Object.keys(wgslDevices) as readonly WgslDeviceName[];

/** Which of the ways to open, and what of the spec at hand is run where that takes long. */
export interface PathOptions {
  readonly names: readonly PathName[];
  /** Where WGSL runs; on Dawn unless told. */
  readonly device?: WgslDeviceName | undefined;
  /** Whether WebGPU runs it though its kernels have much text. */
  readonly takesLarge: () => boolean;
  /** Whether its CUDA is compiled for the emulation. */
  readonly takesCuda: () => boolean;
}

/** Opens them. They hold WebAssembly memories and worker processes until they are closed. */
export function openPaths({
  names,
  device = 'webgpu',
  takesLarge,
  takesCuda,
}: PathOptions): Readonly<Partial<Record<PathName, Path>>> {
  const holdsNothing = async (): Promise<void> => {};
  const openers: Readonly<Record<PathName, () => Path>> = {
    tiles: () => ({ run: inRuns(runTiles), close: holdsNothing }),
    gpujs: () => {
      const gpujs = gpujsDevice('webasm');
      return { run: atOnce(gpujs), close: gpujs.close };
    },
    torch: () => ({ run: atOnce(torchDevice()), close: holdsNothing }),
    webgpu: () => {
      const webgpu = wgslDevices[device]({ timeout: JOB_TIMEOUT });
      return { run: inRuns((run, inputs) => runWebgpu({ webgpu, takesLarge }, run, inputs)), close: webgpu.close };
    },
    alternatives: () => {
      const webgpu = wgslDevices[device]({ timeout: JOB_TIMEOUT });
      return { run: (spec, inputs) => runAlternatives({ webgpu, takesLarge }, spec, inputs), close: webgpu.close };
    },
    cuda: () => ({ run: inRuns((run, inputs) => runCudaKernels(takesCuda, run, inputs)), close: holdsNothing }),
  };
  return Object.fromEntries(names.map((name) => [name, openers[name]()]));
}

const atOnce =
  (device: Device): Path['run'] =>
  async ({ compared, shape: { rows } }, inputs) => {
    const found = await device.availability();
    if (!found.available) throw new NotTaken('no device', found.why);
    return [{ outputs: await device.run(optimise(compared), inputs, { rows }) }];
  };

/** One run of kernels: those of a spec, or of one of the two graphs of its gradient. */
interface Run {
  readonly graph: Graph;
  readonly rows: number | undefined;
  readonly spec: RandomSpec;
  /** The schedule that was drawn, which is that of a forward run. */
  readonly kind: ScheduleKind | undefined;
}

/** As devices with kernels run them: a spec at once, a gradient forward and backward. */
const inRuns =
  (runner: (run: Run, inputs: Tensors) => Promise<Computed>): Path['run'] =>
  async (spec, inputs) => {
    let first: Computed | undefined;
    const device = inTwoRuns({
      name: 'kernels',
      precision: 'f32',
      availability: async () => ({ available: true, detail: '' }),
      run: async (asked, tensors, { rows } = {}) => {
        const kind = isGradientGraph(asked) ? undefined : spec.kind;
        const computed = await runner({ graph: optimise(asked), rows, spec, kind }, tensors);
        first ??= computed;
        return computed.outputs;
      },
    });
    const outputs = await device.run(spec.compared, inputs, { rows: spec.shape.rows });
    return [{ ...first, outputs }];
  };

async function runTiles(run: Run, inputs: Tensors): Promise<Computed> {
  const { graph, kind, spec } = run;
  const scheduled = taking(kind, () => schedule(graph, { kind, candidates: [spec.tiles] }));
  const { tensors, sizes } = callOf(run, inputs);
  const { alwaysPartial } = spec;
  return { outputs: interpretProgram(scheduled.program, tensors, sizes, { alwaysPartial }), kind: scheduled.kind };
}

interface WebgpuPath {
  readonly webgpu: KernelDevice;
  readonly takesLarge: () => boolean;
}

async function runWebgpu({ webgpu, takesLarge }: WebgpuPath, asked: Run, inputs: Tensors): Promise<Computed> {
  const { scheduled, emitted } = taking(asked.kind, () => compile(asked));
  if (emitted.wgsl.length > LARGE && !takesLarge()) throw new NotTaken('emitted only', 'its kernels are large');
  const { tensors, sizes } = callOf(asked, inputs);
  return { outputs: await runTwice(() => runWgsl(webgpu, emitted, tensors, sizes)), kind: scheduled.kind };
}

/** Every alternative of the launcher of a spec, forced in turn. */
async function runAlternatives(
  { webgpu, takesLarge }: WebgpuPath,
  { compared, shape: { rows } }: RandomSpec,
  inputs: Tensors,
): Promise<readonly Computed[]> {
  const found = await webgpu.availability();
  if (!found.available) throw new NotTaken('no device', found.why);
  const graph = optimise(compared);
  const { alternatives, emitted } = taking(undefined, () => compileWgsl(graph));
  if (emitted.wgsl.length > LARGE && !takesLarge()) throw new NotTaken('emitted only', 'its kernels are large');
  const { tensors, sizes } = callOf({ graph, rows }, inputs);
  const computed: Computed[] = [];
  const { features } = await webgpu.facts();
  for (const { name, variant } of alternatives) {
    if (variant?.features.some((each) => !features.includes(each))) continue;
    try {
      const outputs = await runTwice(() => runWgsl(webgpu, emitted, tensors, { ...sizes, alternative: name }));
      computed.push({ outputs, kind: name });
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }
  return computed;
}

/** Invocations that race for memory give one result or another. */
async function runTwice(run: () => Promise<Tensors>): Promise<Tensors> {
  const outputs = await run();
  if (!sameBits(outputs, await run())) throw new Error('a second run gives other bits');
  return outputs;
}

async function runCudaKernels(takesCuda: () => boolean, run: Run, inputs: Tensors): Promise<Computed> {
  const found = await emulatorAvailability();
  if (!found.available) throw new NotTaken('no device', found.why);
  const { scheduled, emitted } = taking(run.kind, () => compileCuda(run.graph, { schedule: run.kind }));
  if (!takesCuda()) throw new NotTaken('emitted only', 'its kernels are compiled for few specs');
  const { tensors, sizes } = callOf(run, inputs);
  return { outputs: await runCuda(emitted, tensors, sizes), kind: scheduled.kind };
}

function compile({ graph, kind, spec: { wgslTiles } }: Run) {
  if (wgslTiles === undefined) return compileWgsl(graph, { schedule: kind });
  const fitted = new Map<TileProgram, ReturnType<typeof fitWgsl> & { fits: true }>();
  const scheduled = schedule(graph, {
    kind,
    candidates: [wgslTiles],
    fit: (program) => {
      const found = fitWgsl(program);
      if (!found.fits) return { fits: false, why: found.reason };
      fitted.set(program, found);
      return { fits: true };
    },
  });
  const { program } = scheduled;
  const description = { name: graph.name, settings: graph.settings, history: history(graph) };
  return { scheduled, emitted: emitWgsl(program, description, {}, fitted.get(program)) };
}

function callOf({ graph, rows }: Pick<Run, 'graph' | 'rows'>, inputs: Tensors) {
  const { tensors, sizes, rows: bound }: BoundCall = bindInputs(graph, inputs, rows);
  return { tensors, sizes: { ...sizes, rows: bound } };
}

function taking<Value>(kind: ScheduleKind | undefined, attempt: () => Value): Value {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    const codes = error.diagnostics.map(({ code }) => code);
    if (codes.some((code) => code !== 'HD6201' && code !== 'HD6202')) throw error;
    if (/nothing in scope/.test(error.message)) throw error;
    const isUnserved = codes.includes('HD6201');
    const obstacle = !isUnserved ? 'none fits' : kind === undefined ? 'no schedule' : 'another kind of schedule';
    throw new NotTaken(obstacle, error.diagnostics.map(({ message }) => message).join('; '));
  }
}

function sameBits(one: Tensors, other: Tensors): boolean {
  return [...one].every(([name, { data }]) => {
    const again = other.get(name)!.data;
    return again.length === data.length && data.every((value, n) => Object.is(value, again[n]));
  });
}
