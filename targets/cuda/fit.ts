// Whether a tile program fits this target and what is granted, and why not: the only authority on limits. It emits the
// program as emission does and looks at what came of it, so the two cannot disagree.
import type { TileProgram } from '../../codegen/tile/program.js';
import { refuse } from '../shared/refusal.js';
import { fitOf, type Fit as SharedFit } from '../shared/tile/program.js';
import { type CudaOptions, type EmittedModule, emitModule } from './emit.js';
import type { EmittedKernel } from './emit-kernel.js';

/** What each kernel takes; how many registers, as an estimate of what tiles take in a thread at once. */
export type FittedKernel = Pick<EmittedKernel, 'threads' | 'sharedBytes' | 'registers' | 'isPlain' | 'products'> & {
  readonly name: string;
};

export type Fit = SharedFit<EmittedModule, FittedKernel>;

export const fit = (program: TileProgram, options: CudaOptions = {}): Fit =>
  fitOf(() => {
    const module = emitModule(program, options);
    const kernels = module.kernels.map(({ kernel: { name }, registersGranted, ...own }) => {
      if (own.registers > registersGranted)
        refuse(`${name} would take ${own.registers} registers a thread for its tiles`);
      const { threads, sharedBytes, registers, isPlain, products } = own;
      return { name, threads, sharedBytes, registers, isPlain, products };
    });
    return { kernels, module };
  });
