// A contender of the benchmark: something that computes a workload on the one device that all share.
// Calls submit work and do not wait for it; the benchmark waits for the queue.
import type { HostTensor } from '../src/tensors/index.js';
import type { Workload } from './workloads.js';

export interface Contender {
  readonly name: string;
  /** What is measured, in a sentence. */
  readonly what: string;
  readonly prepare: (workload: Workload, length: number, inputs: ReadonlyMap<string, HostTensor>) => Promise<Prepared>;
}

export interface Prepared {
  /** What was taken of several: schedule and tiles. */
  readonly detail?: string;
  /** Computes once, from buffers on the device into buffers on the device. The next call follows when it has answered. */
  readonly call: () => void | Promise<void>;
  /** Waits until what was called is submitted, where a call does not; the queue is waited for afterwards. */
  readonly submitted?: () => Promise<void>;
  /** The output of the last call; of gradients each, in the order of the inputs that the spec declares. */
  readonly outputs: () => Promise<readonly ArrayLike<number>[]>;
  readonly release: () => void;
}
