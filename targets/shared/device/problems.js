// What can go wrong inside a worker, as plain values that cross the pipe.
// The parent makes diagnostics of them; the worker knows no catalogue.
// @ts-check

/**
 * A message of a WGSL compiler. Lines and columns count from 1; 0 where the compiler names no place.
 * @typedef {{ type: string, line: number, column: number, length: number, text: string }} CompilerMessage
 */

/**
 * `wgsl`: the module does not compile; `pipeline`: a pipeline of it is refused; `job`: buffers, bindings or dispatches are;
 * `memory`: a buffer could not be had; `lost`: the device is gone; `fault`: anything else.
 * @typedef {{ kind: 'wgsl' | 'pipeline' | 'job' | 'memory' | 'lost' | 'fault', text: string, messages?: CompilerMessage[] }} Problem
 */

/** Thrown by what runs in a worker. */
export class ProblemError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.text);
    /** @readonly */
    this.problem = problem;
  }
}

/**
 * @param {Problem['kind']} kind
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(kind, error) {
  if (error instanceof ProblemError) return error.problem;
  return { kind, text: error instanceof Error ? error.message : String(error) };
}

/**
 * Runs `work` and throws what the device has found wrong with it, running out of memory included.
 * @template Result
 * @param {GPUDevice} device
 * @param {Problem['kind']} kind
 * @param {() => Result | Promise<Result>} work
 * @returns {Promise<Awaited<Result>>}
 */
export async function checked(device, kind, work) {
  device.pushErrorScope('internal');
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  /** @type {Awaited<Result> | undefined} */
  let result;
  /** @type {Problem | undefined} */
  let thrown;
  try {
    result = await work();
  } catch (error) {
    thrown = problemOf(kind, error);
  }
  const [validation, memory, internal] = await Promise.all([
    device.popErrorScope(),
    device.popErrorScope(),
    device.popErrorScope(),
  ]);
  if (memory) throw new ProblemError({ kind: 'memory', text: memory.message });
  if (validation) throw new ProblemError({ kind, text: validation.message });
  if (internal) throw new ProblemError({ kind, text: internal.message });
  if (thrown) throw new ProblemError(thrown);
  return /** @type {Awaited<Result>} */ (result);
}
