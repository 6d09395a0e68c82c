// Types of t5, compiled by heddle golden for gpu.js.
// B, Tq and Tk are the batch, the rows of queries that are given and the positions; R ≤ Tq rows come back.

/** Dense and row-major: the last axis runs fastest. Float32Array is taken as it is, others are converted. */
export interface TensorIn {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export interface TensorOut {
  readonly shape: number[];
  readonly data: Float32Array;
}

export interface T5Inputs {
  /** [B, 4, Tq, 16]: queries, at the positions Tk − Tq … Tk − 1 */
  readonly q: TensorIn;
  /** [B, 4, Tk, 16]: keys */
  readonly k: TensorIn;
  /** [B, 4, Tk, 16]: values */
  readonly v: TensorIn;
  /** [32, 4]: parameter */
  readonly bias: TensorIn;
}

export interface T5Outputs {
  /** [B, 4, R, 16] */
  readonly out: TensorOut;
  /** [B, 4, R] */
  readonly lse: TensorOut;
}

/**
 * webasm and cpu run everywhere, with the arithmetic of JavaScript rounded to float32. The others need a graphics device,
 * and all but headlessgl a browser; functions such as exp and log are as accurate there as the device makes them.
 */
export type Mode = 'webasm' | 'cpu' | 'webgpu' | 'webgl2' | 'webgl' | 'headlessgl';

export interface Options {
  /** 'webasm' by default. */
  readonly mode?: Mode;
  /** Split large kernels over worker threads in mode webasm. */
  readonly threads?: boolean;
  /** For how many sizes kernels are kept; 4 by default. */
  readonly kept?: number;
}

export interface T5 {
  readonly mode: Mode;
  /**
   * Computes the outputs; any sizes, up to 8388608 positions. `rows` is R; by default as many as the given rows of
   * queries allow, which must be rows max(0, Tk − R − 0) … Tk − 1.
   * @throws TypeError for a missing tensor, RangeError for wrong shapes or too few rows (the promise rejects)
   */
  run(tensors: T5Inputs, options?: { readonly rows?: number }): Promise<T5Outputs>;
  destroy(): Promise<void>;
}

/** softmax(q·kᵀ + bias[bucket(i − j), h]) · v */
export declare function createT5(options?: Options): T5;
