// sinks, compiled by heddle golden to WGSL: f16, no subgroups, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash e871b14b374b1638 of all below. Made by a compiler: change the spec, not this file.

/** Sizes of a call: B, Tq, Tk and R, the number of last rows that the output holds (Tq unless told). */
export interface Sizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows?: number;
}

/** A tensor on the device: dense, or from an offset on with strides, both in elements; the last axis is contiguous. */
export type DeviceTensor =
  | GPUBuffer
  | { readonly buffer: GPUBuffer; readonly offset?: number; readonly strides?: readonly number[] };

export interface DeviceTensors {
  /** [batch, 2, queries, 8] */
  readonly "q": DeviceTensor;
  /** [batch, 1, keys, 8] */
  readonly "k": DeviceTensor;
  /** [batch, 1, keys, 8] */
  readonly "v": DeviceTensor;
  /** [2] */
  readonly "sink": DeviceTensor;
  /** [batch, 2, rows, 8] */
  readonly "out": DeviceTensor;
  /** [batch, 2, rows] */
  readonly "lse": DeviceTensor;
}

export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export interface Inputs {
  /** [batch, 2, queries, 8] */
  readonly "q": HostTensor;
  /** [batch, 1, keys, 8] */
  readonly "k": HostTensor;
  /** [batch, 1, keys, 8] */
  readonly "v": HostTensor;
  /** [2] */
  readonly "sink": HostTensor;
}

export interface Outputs {
  /** [batch, 2, rows, 8] */
  readonly "out": { readonly shape: number[]; readonly data: Float32Array };
  /** [batch, 2, rows] */
  readonly "lse": { readonly shape: number[]; readonly data: Float32Array };
}

export interface Plan {
  readonly dispatches: readonly {
    readonly entryPoint: string;
    readonly bindings: readonly (readonly [binding: number, tensor: string])[];
    readonly workgroups: readonly [number, number, number];
    /** The uniform at binding 0. */
    readonly launch: Int32Array;
  }[];
  readonly workspace: readonly { readonly name: string; readonly bytes: number; readonly offset: number }[];
  readonly workspaceBytes: number;
  /** Inputs that are copied into one buffer, in elements. */
  readonly packed: readonly { readonly name: string; readonly offset: number; readonly elements: number }[];
  readonly packedElements: number;
  readonly tensors: Readonly<
    Record<string, { readonly role: 'input' | 'output'; readonly dtype: 'f32' | 'f16' | 'i32'; readonly shape: number[] }>
  >;
}

export interface Places {
  readonly strides?: Readonly<Record<string, readonly number[]>>;
  readonly offsets?: Readonly<Record<string, number>>;
}

export interface Instance {
  /** Dispatches into `encoder`, or into `pass`, or submits. Throws a RangeError for sizes that are impossible. */
  dispatch(
    tensors: DeviceTensors,
    sizes: Sizes,
    options?: {
      readonly encoder?: GPUCommandEncoder;
      readonly pass?: GPUComputePassEncoder;
      /** At least workspaceBytes(sizes); the instance keeps one of its own unless told. */
      readonly workspace?: GPUBuffer;
    },
  ): void;
  /** Uploads, dispatches and reads back. `rows` is R. */
  run(tensors: Inputs, options?: { readonly rows?: number }): Promise<Outputs>;
  planLaunch: typeof planLaunch;
  workspaceBytes(sizes: Sizes): number;
  destroy(): void;
}

/** The kernels. */
export const wgsl: string;

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch(sizes: Sizes, places?: Places): Plan;

/** Checks the device's features and limits and builds the pipelines. */
export function createSinks(device: GPUDevice): Promise<Instance>;
