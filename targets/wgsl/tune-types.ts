// The types of what a launcher finds out by timing its alternatives, as text. They are those of the JSON that an application
// stores, so that the command line reads them by the same.

/** What `tune` gives. */
export interface Tuned {
  readonly name: string;
  readonly kernels: string;
  readonly adapter: string;
  readonly calls: readonly TunedCall[];
}

export interface TunedCall {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
  readonly alternative: string;
  readonly estimated: string;
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, string>>;
}

/** The declarations, for a launcher that has several alternatives. */
export const tuneTypes = `
/** What \`tune\` has found: an application stores it as JSON, and gives it when it makes an instance. */
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
`;

/** What a launcher that chooses exports beside its plan. */
export const estimateType = `
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
`;

/** Members of an instance. */
export const tuneMembers = `
  /**
   * Times the alternatives on this device, in turns, at each of the calls, within some 2000 milliseconds unless told; building pipelines comes
   * on top. Inputs are random numbers, and integers 0, where a call brings no \`tensors\` of its own. Outputs must agree with those of the
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
  readonly tuned: { readonly isUsed: boolean; readonly reason?: string };`;
