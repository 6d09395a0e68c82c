// A job: WGSL kernels over named buffers, in the words of WebGPU and nothing else. Every device runs the same jobs.
// Also what comes back: outputs, times, and what a device is and has granted.

/** How a kernel sees a buffer: `var<storage, read>`, `var<storage, read_write>` or `var<uniform>`. */
export type BindingKind = 'read' | 'read_write' | 'uniform';

export interface Binding {
  /** 0 unless told. */
  readonly group?: number | undefined;
  readonly binding: number;
  readonly kind: BindingKind;
  /** The buffer's name. */
  readonly buffer: string;
}

/** One dispatch of a compute entry point. Dispatches run in order, each seeing what those before it wrote. */
export interface Dispatch {
  readonly entryPoint: string;
  readonly bindings: readonly Binding[];
  /** Workgroups along x, y and z; missing ones are 1. */
  readonly workgroups: readonly number[];
  /** Values of `override` declarations, by name or id. */
  readonly constants?: Readonly<Record<string, number>> | undefined;
}

export interface JobBuffer {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What it holds at first; shorter than `size` leaves the rest as `fill` says. */
  readonly data?: ArrayBuffer | ArrayBufferView | undefined;
  /** What it holds where no data is given: zeros unless told, or `poison`, a NaN in f32 and in f16. */
  readonly fill?: 'zero' | 'poison' | undefined;
  /** Whether its contents are wanted after the last dispatch. */
  readonly read?: boolean | undefined;
}

export interface Job {
  /** What diagnostics call the kernel, as `flash.wgsl`. */
  readonly label?: string | undefined;
  readonly wgsl: string;
  readonly buffers: readonly JobBuffer[];
  readonly dispatches: readonly Dispatch[];
}

/** The word that fills poisoned buffers: a NaN as f32, and two NaNs as f16. Whoever reads it shows it. */
export const POISON = 0x7fc17fc1;

export interface Measurement {
  /** Timed runs. All dispatches run once in each; the buffers keep what the run before left in them. 5 unless told. */
  readonly repeats?: number | undefined;
  /** Runs before the first timed one. 1 unless told. */
  readonly warmups?: number | undefined;
}

/** Milliseconds of each timed run, in order. */
export interface Timing {
  /** From submission until the device says that it is done, on the clock of the host. */
  readonly wall: readonly number[];
  /** The sum over dispatches by the device's own timestamps; absent where it has none. */
  readonly device?: readonly number[] | undefined;
  /** The same for each dispatch: `dispatches[d][run]`. */
  readonly dispatches?: readonly (readonly number[])[] | undefined;
}

export interface MeasuredJob {
  readonly outputs: Map<string, ArrayBuffer>;
  readonly timing: Timing;
  /** Bytes of all buffers of the job. */
  readonly bytes: number;
}

/** What answers the jobs of a device, and what it has granted. */
export interface DeviceFacts {
  /** `dawn`, `wgpu`, or that of a page's browser. */
  readonly implementation: 'dawn' | 'wgpu' | 'page';
  /** The adapter in words, as its driver tells. */
  readonly adapter: string;
  /** Whether a processor plays the device. */
  readonly software: boolean;
  /** Where the driver comes from: the system, or a package of npm. */
  readonly driver: 'system' | 'npm';
  /** The optional features granted, sorted; only those that compute shaders can use. */
  readonly features: readonly string[];
  /** The limits granted: all that the adapter has. */
  readonly limits: Readonly<Record<string, number>>;
  /** Lanes of a subgroup, at least and at most; absent where there are no subgroups. */
  readonly subgroupSize?: readonly [number, number] | undefined;
  /**
   * A defect of some drivers: an invocation that has gone through so many iterations, those of all its loops together,
   * leaves each further loop after one, silently. Absent where loops run to their end.
   */
  readonly iterationLimit?: number | undefined;
}
