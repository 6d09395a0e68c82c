// Whether a tile program fits this target and what is granted, and why not: the only authority on limits. It emits the
// program as emission does and looks at what came of it, so the two cannot disagree.
import type { TileProgram } from '../../codegen/tile/program.js';
import { Refusal, refuse } from '../shared/refusal.js';
import { bindingsOf, type EmittedModule, emitModule, type WgslOptions } from './emit.js';

export interface FittedKernel {
  readonly name: string;
  /** Invocations of a workgroup. */
  readonly threads: number;
  readonly workgroupBytes: number;
  /** The 32-bit registers that tiles take in a thread at the busiest statement; with too many, a kernel does not fit. */
  readonly registers: number;
  /** Storage buffers. */
  readonly bindings: number;
}

export type Fit =
  /** With what was emitted to find that out, for those who go on to write the files. */
  | { readonly fits: true; readonly kernels: readonly FittedKernel[]; readonly module: EmittedModule }
  | { readonly fits: false; readonly reason: string };

/**
 * The longest kernel in characters. One of 300,000 is compiled in 25 seconds by Dawn with SwiftShader on two cores; one of
 * 800,000 ended the process.
 */
const LONGEST_KERNEL = 400_000;

export function fit(program: TileProgram, options: WgslOptions = {}): Fit {
  try {
    const module = emitModule(program, options);
    const { kernels, buffers } = module;
    for (const { kernel, text } of kernels) {
      if (text.length > LONGEST_KERNEL) {
        const [long, most] = [text.length, LONGEST_KERNEL].map((length) => Math.round(length / 1000));
        refuse(
          `${kernel.name} would be ${long} kB of WGSL, and drivers take minutes or fail over more than ${most} kB`,
        );
      }
    }
    return {
      fits: true,
      kernels: kernels.map(({ kernel, threads, workgroupBytes, registers, buffers: used }) => ({
        name: kernel.name,
        threads: threads.rows * threads.columns,
        workgroupBytes,
        registers,
        bindings: bindingsOf(buffers, used),
      })),
      module,
    };
  } catch (error) {
    if (error instanceof Refusal) return { fits: false, reason: error.message };
    throw error;
  }
}
