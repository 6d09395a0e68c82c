// CUDA as a device for score graphs: compiles a graph, and runs what was emitted on the emulation of a GPU.
// The same file, launcher and workspace that a user gets are what is run.
import type { Device } from '../../src/checking/index.js';
import { bindInputs } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import { type CompileCudaOptions, type CompiledCuda, compileCuda } from './compile.js';
import { emulatorAvailability, runCuda } from './device/index.js';

export interface CudaDeviceOptions
  extends Pick<CompileCudaOptions, 'dtype' | 'architecture' | 'schedule' | 'tiles' | 'limits' | 'warpColumns'> {
  readonly name?: string;
  /**
   * Which alternative runs: the one that a launcher would take, or one by its place. Unless told there is the first and no other: kernels
   * are compiled by a compiler of the host, which takes as long for each.
   */
  readonly takes?: 'chosen' | number;
}

/** Runs optimised score graphs as emitted CUDA on the host. */
export function cudaEmulator(options: CudaDeviceOptions = {}): Device {
  const compiled = new WeakMap<Graph, CompiledCuda>();
  const single = options.takes === undefined ? true : undefined;
  const compiledOf = (graph: Graph): CompiledCuda => {
    const known = compiled.get(graph) ?? compileCuda(graph, { ...options, single });
    compiled.set(graph, known);
    return known;
  };
  return emulatorTaking(options, compiledOf);
}

function emulatorTaking(options: CudaDeviceOptions, compiledOf: (graph: Graph) => CompiledCuda): Device {
  const { name = 'cuda-emulator', dtype = 'f32', takes = 0 } = options;
  return {
    name,
    precision: dtype,
    availability: emulatorAvailability,
    run: async (graph, inputs, { rows } = {}) => {
      const call = bindInputs(graph, inputs, rows);
      const { emitted, alternatives } = compiledOf(graph);
      const alternative = takes === 'chosen' ? undefined : alternatives[takes]?.name;
      return runCuda(emitted, call.tensors, { ...call.sizes, rows: call.rows, alternative });
    },
    alternatives: (graph) =>
      compiledOf(graph).alternatives.map((each, n) =>
        emulatorTaking({ ...options, name: `${name} (${each.name})`, takes: n }, compiledOf),
      ),
  };
}
