// The ways a random spec is run: tiles interpreted, gpu.js modules, PyTorch, WGSL kernels. Each says what it gives, and by which
// schedule, or for what reason no schedule takes the spec.

import { type ScheduleKind, schedule } from '../../codegen/schedule/index.js';
import { interpretProgram } from '../../codegen/tile/interpreter/interpret.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { type BoundCall, bindInputs } from '../../src/interpreter/index.js';
import { type Graph, history } from '../../src/ir/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { compileWgsl } from '../../targets/wgsl/compile.js';
import { type KernelDevice, webgpuDevice } from '../../targets/wgsl/device/index.js';
import { emitWgsl, fit as fitWgsl } from '../../targets/wgsl/index.js';
import { runWgsl } from '../../targets/wgsl/run.js';
import type { RandomSpec } from './random-spec.js';

export const pathNames = ['tiles', 'gpujs', 'torch', 'webgpu'] as const;

export type PathName = (typeof pathNames)[number];

export type Tensors = ReadonlyMap<string, HostTensor>;

export interface Computed {
  readonly outputs: Tensors;
  readonly kind?: ScheduleKind;
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
  /** @throws NotTaken with the reason. */
  readonly run: (optimised: Graph, spec: RandomSpec, inputs: Tensors) => Promise<Computed>;
  readonly close: () => Promise<void>;
}

/** Characters of WGSL: what is longer than half of all. Software devices take a second to compile twice as much, and soon many. */
const LARGE = 20_000;

/** Milliseconds: far more than a driver needs to compile and run a small kernel, with the machine shared. */
const JOB_TIMEOUT = 240_000;

/**
 * Opens all of them. They hold WebAssembly memories and a worker process until they are closed.
 * @param takesLarge whether WebGPU runs the spec at hand though its kernels have much text
 */
export function openPaths(takesLarge: () => boolean): Readonly<Record<PathName, Path>> {
  const gpujs = gpujsDevice('webasm');
  const webgpu = webgpuDevice({ timeout: JOB_TIMEOUT });
  return {
    tiles: { run: runTiles, close: async () => {} },
    gpujs: {
      run: async (graph, { shape: { rows } }, inputs) => ({ outputs: await gpujs.run(graph, inputs, { rows }) }),
      close: gpujs.close,
    },
    torch: { run: runTorch, close: async () => {} },
    webgpu: {
      run: (graph, spec, inputs) => runWebgpu({ webgpu, takesLarge }, graph, spec, inputs),
      close: webgpu.close,
    },
  };
}

async function runTiles(graph: Graph, spec: RandomSpec, inputs: Tensors): Promise<Computed> {
  const { kind, tiles, alwaysPartial } = spec;
  const scheduled = taking(kind, () => schedule(graph, { kind, candidates: [tiles] }));
  const { tensors, sizes } = callOf(graph, spec, inputs);
  return { outputs: interpretProgram(scheduled.program, tensors, sizes, { alwaysPartial }), kind: scheduled.kind };
}

const torch = torchDevice();

async function runTorch(graph: Graph, { shape: { rows } }: RandomSpec, inputs: Tensors): Promise<Computed> {
  const found = await torch.availability();
  if (!found.available) throw new NotTaken('no device', found.why);
  return { outputs: await torch.run(graph, inputs, { rows }) };
}

interface WebgpuPath {
  readonly webgpu: KernelDevice;
  readonly takesLarge: () => boolean;
}

async function runWebgpu(
  { webgpu, takesLarge }: WebgpuPath,
  graph: Graph,
  spec: RandomSpec,
  inputs: Tensors,
): Promise<Computed> {
  const { scheduled, emitted } = taking(spec.kind, () => compile(graph, spec));
  if (emitted.wgsl.length > LARGE && !takesLarge()) throw new NotTaken('emitted only', 'its kernels are large');
  const { tensors, sizes } = callOf(graph, spec, inputs);
  const run = () => runWgsl(webgpu, emitted, tensors, sizes);
  const outputs = await run();
  // Invocations that race for memory give one result or another.
  if (!sameBits(outputs, await run())) throw new Error('a second run gives other bits');
  return { outputs, kind: scheduled.kind };
}

function compile(graph: Graph, { kind, wgslTiles }: RandomSpec) {
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
  return { scheduled, emitted: emitWgsl(program, description, {}, fitted.get(program)?.module) };
}

function callOf(graph: Graph, { shape: { rows } }: RandomSpec, inputs: Tensors) {
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
