// Whether a tile program fits this target and what is granted, and why not: the only authority on limits. It emits the
// program as emission does and looks at what came of it, so the two cannot disagree.
import type { TileProgram } from '../../codegen/tile/program.js';
import { Refusal } from '../shared/refusal.js';
import { type CudaOptions, type EmittedModule, emitModule } from './emit.js';
import type { ProductForm } from './emit-kernel.js';

export interface FittedKernel {
  readonly name: string;
  readonly threads: number;
  readonly sharedBytes: number;
  /** An estimate of the registers that tiles take in a thread at once. */
  readonly registers: number;
  readonly isPlain: boolean;
  readonly products: ProductForm;
}

export type Fit =
  /** With what was emitted to find that out, for those who go on to write the files. */
  | { readonly fits: true; readonly kernels: readonly FittedKernel[]; readonly module: EmittedModule }
  | { readonly fits: false; readonly reason: string };

export function fit(program: TileProgram, options: CudaOptions = {}): Fit {
  try {
    const module = emitModule(program, options);
    const { kernels } = module;
    for (const { kernel, registers, registersGranted } of kernels) {
      if (registers > registersGranted) {
        return { fits: false, reason: `${kernel.name} would take ${registers} registers a thread for its tiles` };
      }
    }
    return {
      fits: true,
      kernels: kernels.map(({ kernel, threads, sharedBytes, registers, isPlain, products }) => ({
        name: kernel.name,
        threads,
        sharedBytes,
        registers,
        isPlain,
        products,
      })),
      module,
    };
  } catch (error) {
    if (error instanceof Refusal) return { fits: false, reason: error.message };
    throw error;
  }
}
