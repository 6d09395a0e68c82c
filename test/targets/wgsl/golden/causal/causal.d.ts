// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4, causal_split_decode 1 × 32, causal_combine_decode 4 × 8, causal_split_decode2 1 × 32, causal_combine_decode2 4 × 8, causal_online2 8 × 8.
// heads=2 headDim=8
// Hash 98e2afbeb8714345 of all below. Made by a compiler: change the spec, not this file.

/** A class of WebGPU as the types of the DOM or of @webgpu/types declare it; any object in a program that has neither. */
type WebGpu<Name extends string> = typeof globalThis extends Readonly<Record<Name, { readonly prototype: infer Class }>>
  ? Class
  : object;
type GPUAdapter = WebGpu<'GPUAdapter'>;
type GPUBuffer = WebGpu<'GPUBuffer'>;
type GPUCommandEncoder = WebGpu<'GPUCommandEncoder'>;
type GPUComputePassEncoder = WebGpu<'GPUComputePassEncoder'>;
type GPUDevice = WebGpu<'GPUDevice'>;

/** Sizes of a call: B, Tq, Tk and R, the number of last rows that the output holds (unless told all whose history is given). */
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
  /** [batch, 2, keys, 8] */
  readonly "k": DeviceTensor;
  /** [batch, 2, keys, 8] */
  readonly "v": DeviceTensor;
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
  /** [batch, 2, keys, 8] */
  readonly "k": HostTensor;
  /** [batch, 2, keys, 8] */
  readonly "v": HostTensor;
}

export interface Outputs {
  /** [batch, 2, rows, 8] */
  readonly "out": { readonly shape: number[]; readonly data: Float32Array };
  /** [batch, 2, rows] */
  readonly "lse": { readonly shape: number[]; readonly data: Float32Array };
}

/** Kernels that give the same: a launch takes those of one alternative. */
export interface Alternative {
  readonly name: string;
  readonly schedule: string;
  /** Rows of scores and keys of a step. */
  readonly tiles: readonly [rows: number, keys: number];
  /** What a device must grant for it, beside what every launch needs. */
  readonly limits: Readonly<Record<string, number>>;
  /** What a device must have for it, beside what every launch needs. Such ones are taken where they are asked for or tuned. */
  readonly features: readonly string[];
}

export interface Plan {
  /** The name of the alternative that is taken. */
  readonly alternative: string;
  /** Rows of output. */
  readonly rows: number;
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
  /** What each binding takes. */
  readonly bytes: Readonly<Record<string, number>>;
  /** The least that a device must grant for this launch, beside what every launch needs. */
  readonly limits: {
    readonly maxStorageBufferBindingSize: number;
    readonly maxBufferSize: number;
    readonly maxComputeWorkgroupsPerDimension: number;
  };
  readonly tensors: Readonly<
    Record<string, { readonly role: 'input' | 'output'; readonly dtype: 'f32' | 'f16' | 'i32'; readonly shape: number[] }>
  >;
}

export interface Places {
  readonly strides?: Readonly<Record<string, readonly number[]>>;
  readonly offsets?: Readonly<Record<string, number>>;
}

/** What `tune` has found: an application stores it as JSON, and gives it when it makes an instance. */
export interface Tuned {
  readonly name: string;
  /** Of which kernels, by a fingerprint, and on which adapter it was found. */
  readonly kernels: string;
  readonly adapter: string;
  readonly calls: readonly TunedCall[];
}

export interface TunedCall {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
  /** What calls with the same nearest powers of two of batch, rows and keys take from then on. */
  readonly alternative: string;
  /** What they take otherwise. */
  readonly estimated: string;
  /** The median time of each alternative. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Why an alternative was not timed, or its outputs not believed. */
  readonly refused: Readonly<Record<string, string>>;
}

export interface Instance {
  readonly device: GPUDevice;
  /**
   * Dispatches into `encoder`, or into `pass`, or submits. Throws a RangeError for sizes that are impossible, and for
   * buffers and bindings beyond what they hold or the device grants. What is submitted is awaited by the promise; what is
   * encoded only until the device has validated it. Either rejects with what the device says, or where it is lost.
   *
   * Submit what you encode before you encode 448 further launches that differ in sizes, strides or offsets.
   */
  dispatch(
    tensors: DeviceTensors,
    sizes: Sizes,
    options?: {
      readonly encoder?: GPUCommandEncoder;
      readonly pass?: GPUComputePassEncoder;
      /** At least workspaceBytes(sizes); the instance keeps one of its own unless told. */
      readonly workspace?: GPUBuffer;
      /** The name of the alternative to take; unless told, the one that is estimated to take least time. */
      readonly alternative?: string;
    },
  ): Promise<void>;
  /**
   * Uploads, dispatches and reads back. `rows` is R. Rejects where tensors do not fit each other or the device, where the
   * device refuses and where it is lost.
   */
  run(tensors: Inputs, options?: { readonly rows?: number; readonly alternative?: string }): Promise<Outputs>;
  /** Builds the pipelines of a launch ahead of it, beside what the device is doing; `dispatch` builds what it lacks at once. */
  prepare(sizes: Sizes, options?: { readonly alternative?: string }): Promise<void>;
  readonly alternatives: readonly Alternative[];
  /** The name of the alternative that a launch at these sizes takes. */
  chosen(sizes: Sizes): string;
  /**
   * Times the alternatives on this device, in turns, at each of the calls, within some 2000 milliseconds unless told; building pipelines comes
   * on top. Inputs are random numbers, and integers 0, where a call brings no `tensors` of its own. Outputs must agree with those of the
   * first alternative. It changes nothing here: give what is found to a new instance.
   */
  tune(
    calls: readonly (Sizes & { readonly tensors?: Partial<Readonly<Record<keyof DeviceTensors, GPUBuffer>>> })[],
    options?: {
      readonly milliseconds?: number;
      readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly call: TunedCall }) => void;
    },
  ): Promise<Tuned>;
  /** Whether what was found before is taken, and why not. */
  readonly tuned: { readonly isUsed: boolean; readonly reason?: string };
  planLaunch: typeof planLaunch;
  workspaceBytes(sizes: Sizes, options?: { readonly alternative?: string }): number;
  /** Lets go of all buffers, and of the device where the instance has asked for it. */
  destroy(): void;
}

/** The kernels. */
export const wgsl: string;

/** Those of alternatives that need `subgroups`, under the same names. */
export function wgslWithSubgroups(): string;

export const alternatives: readonly Alternative[];

/**
 * Everything that a launch at these sizes needs; throws a RangeError where they are impossible. Unless one is named, the plan is of the
 * alternative that `tuned` has for such calls, or else of the one that is estimated to take least time `on` a device, a graphics card unless
 * told, of those that need no more than is `granted`.
 */
export function planLaunch(
  sizes: Sizes,
  places?: Places,
  options?: {
    readonly alternative?: string;
    readonly on?: EstimatedDevice;
    /** Limits of the device under their names in WebGPU; the least of all unless told. */
    readonly granted?: Readonly<Record<string, number>>;
    /** Features of the device; none unless told. */
    readonly has?: { has(feature: string): boolean };
    /** Alternatives by the classes of calls for which an instance has them, the nearest powers of two of batch, rows and keys: `0,10,12`. */
    readonly tuned?: ReadonlyMap<string, string>;
  },
): Plan;

/** What estimates know of a device: workgroups that it runs at once, and operations of one in the time that a byte takes, and that a launch takes to begin. */
export interface EstimatedDevice {
  readonly parallel: number;
  readonly perByte: number;
  /** 0 unless told. */
  readonly perLaunch?: number;
}

/** What an alternative is estimated to take at a call, in operations of one workgroup, on a graphics card unless told. */
export function estimate(
  alternative: string,
  sizes: { readonly batch: number; readonly keys: number; readonly rows: number },
  on?: EstimatedDevice,
): number;

/**
 * Readies the kernels on a device, on one that `source` grants where that is an adapter, or without it on one of the
 * browser's adapter. Pipelines are built when a launch first needs them, or by `prepare`. An adapter is asked for the features and limits that are needed and for buffers as large as it has.
 * Rejects where the device or the adapter lacks one of them, and says which.
 * `tuned` is what `tune` has given, parsed; what is of other kernels or of another adapter is ignored, and `instance.tuned` says why.
 */
export function createCausal(source?: GPUDevice | GPUAdapter, options?: { readonly tuned?: unknown }): Promise<Instance>;
export {};
