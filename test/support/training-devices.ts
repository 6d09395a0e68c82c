// Devices of kernels at tiles of a test's own, which run gradients as a training step does: a forward run that keeps, a backward run.
// So small that short sequences have several blocks, and that nothing searches for the best ones.
import { schedule, type TileSizes } from '../../codegen/schedule/index.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { inTwoRuns } from '../../driver/gradients.js';
import type { Device } from '../../src/checking/index.js';
import { bindInputs } from '../../src/interpreter/index.js';
import { type Graph, history } from '../../src/ir/index.js';
import type { HostTensor, Precision } from '../../src/tensors/index.js';
import { runCuda } from '../../targets/cuda/device/index.js';
import { type CudaOptions, emitCuda } from '../../targets/cuda/index.js';
import { narrow } from '../../targets/cuda/narrow.js';
import type { ProgramDescription } from '../../targets/shared/description.js';
import type { KernelDevice } from '../../targets/wgsl/device/index.js';
import { emitWgsl } from '../../targets/wgsl/index.js';
import { type RunSizes, runWgsl } from '../../targets/wgsl/run.js';

type Tensors = ReadonlyMap<string, HostTensor>;
/** Emits a program, and gives what runs it. */
type Runner = (
  program: TileProgram,
  description: ProgramDescription,
) => (inputs: Tensors, sizes: RunSizes) => Promise<Tensors>;

export const onWgsl =
  (device: KernelDevice, dtype: 'f32' | 'f16'): Runner =>
  (program, description) => {
    const emitted = emitWgsl(program, description, { dtype });
    return (inputs, sizes) => runWgsl(device, emitted, inputs, sizes);
  };

export const onCuda =
  (options: CudaOptions): Runner =>
  (program, description) => {
    const emitted = emitCuda(narrow(program, options.dtype ?? 'f32'), description, options);
    return (inputs, sizes) => runCuda(emitted, inputs, sizes);
  };

/** What runs programs, and the tiles of those. */
export interface AtTiles {
  readonly name: string;
  readonly precision: Precision;
  readonly availability: Device['availability'];
  readonly runner: Runner;
  readonly tiles: TileSizes;
}

/** A device of programs at some tiles, which runs gradients as a training step does. */
export function trainingDevice({ name, precision, availability, runner, tiles }: AtTiles): Device {
  const runners = new Map<Graph, ReturnType<Runner>>();
  const runnerOf = (graph: Graph): ReturnType<Runner> => {
    const { program } = schedule(graph, { candidates: [tiles] });
    return runner(program, { name: graph.name, settings: {}, history: history(graph) });
  };
  return inTwoRuns({
    name,
    precision,
    availability,
    run: async (graph, inputs, { rows } = {}) => {
      const run = runners.get(graph) ?? runnerOf(graph);
      runners.set(graph, run);
      const call = bindInputs(graph, inputs, rows);
      return run(call.tensors, { ...call.sizes, rows: call.rows });
    },
  });
}
