// A device: something that can compute a graph's outputs. The interpreter is one, each way to run a target another.
// Checks, the command line and the benchmarks know devices by this interface alone.
import type { Graph } from '../ir/index.js';
import type { HostTensor, Precision } from '../tensors/index.js';

/** Whether a device can run here; where not, why, and what would make it. */
export type Availability =
  | { readonly available: true; readonly detail: string }
  | { readonly available: false; readonly why: string; readonly remedy: string };

/** A call whose inputs and kernels are on the device already, to be run again and again. */
export interface PreparedCall {
  /** Runs it once and says how many milliseconds its kernels took, by the device's clock where it has one. */
  readonly time: () => Promise<number>;
  readonly release: () => Promise<void>;
}

export interface Device {
  readonly name: string;
  /** The precision that its inputs are rounded to and that its error is judged by. */
  readonly precision: Precision;
  readonly availability: () => Promise<Availability>;
  /** Computes the outputs of `graph` by name; `rows` is R, the number of last rows wanted. */
  readonly run: (
    graph: Graph,
    inputs: ReadonlyMap<string, HostTensor>,
    options?: { readonly rows?: number | undefined },
  ) => Promise<ReadonlyMap<string, HostTensor>>;
  /** Makes a call ready for its time to be taken; absent where a run cannot be told apart from getting ready for it. */
  readonly prepare?: (
    graph: Graph,
    inputs: ReadonlyMap<string, HostTensor>,
    options?: { readonly rows?: number | undefined },
  ) => Promise<PreparedCall>;
  /** The device with each of the kernels between which it chooses for a graph; absent, or one, where there is no choice. */
  readonly alternatives?: (graph: Graph) => readonly Device[];
}
