// CUDA as a device for score graphs: compiles a graph, and runs what was emitted on the emulation of a GPU.
// The same file, launcher and workspace that a user gets are what is run.
import type { Device } from '../../src/checking/index.js';
import { bindInputs } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import { type CompileCudaOptions, type CompiledCuda, compileCuda } from './compile.js';
import { emulatorAvailability, runCuda } from './device/index.js';

export interface CudaDeviceOptions
  extends Pick<CompileCudaOptions, 'dtype' | 'architecture' | 'schedule' | 'limits' | 'warpColumns'> {
  readonly name?: string;
}

/** Runs optimised score graphs as emitted CUDA on the host. */
export function cudaEmulator(options: CudaDeviceOptions = {}): Device {
  const compiled = new WeakMap<Graph, CompiledCuda>();
  return {
    name: options.name ?? 'cuda-emulator',
    precision: options.dtype ?? 'f32',
    availability: emulatorAvailability,
    run: async (graph, inputs, { rows } = {}) => {
      const call = bindInputs(graph, inputs, rows);
      let known = compiled.get(graph);
      if (!known) {
        known = compileCuda(graph, options);
        compiled.set(graph, known);
      }
      return runCuda(known.emitted, call.tensors, { ...call.sizes, rows: call.rows });
    },
  };
}
