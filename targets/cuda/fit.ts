// Whether a tile program fits this target and what is granted, and why not: the only authority on limits. Plans of
// all kernels are looked at before one is written, and what is written is what is emitted, so the two cannot disagree.
import type { TileProgram } from '../../codegen/tile/program.js';
import { refuse } from '../shared/refusal.js';
import { fitOf, type Fit as SharedFit } from '../shared/tile/program.js';
import { type CudaOptions, type EmittedModule, emitModule, planModule } from './emit.js';
import { type EmittedKernel, registersBeyond } from './emit-kernel.js';

/** What each kernel takes; how many registers, as an estimate of what tiles take in a thread at once. */
export type FittedKernel = Pick<EmittedKernel, 'threads' | 'sharedBytes' | 'registers' | 'isPlain' | 'products'> & {
  readonly name: string;
};

export type Fit = SharedFit<EmittedModule, FittedKernel>;

const refuseRegisters = (name: string, registers: number): never =>
  refuse(`${name} would take ${registers} registers a thread for its tiles`);

export const fit = (program: TileProgram, options: CudaOptions = {}): Fit =>
  fitOf(() => {
    const planned = planModule(program, options);
    for (const each of planned.programs.flatMap(({ kernels }) => kernels)) {
      const registers = registersBeyond(each, planned.options);
      if (registers !== undefined) refuseRegisters(each.kernel.name, registers);
    }
    const module = emitModule(planned);
    const kernels = module.kernels.map(({ kernel: { name }, registersGranted, ...own }) => {
      if (own.registers > registersGranted) refuseRegisters(name, own.registers);
      const { threads, sharedBytes, registers, isPlain, products } = own;
      return { name, threads, sharedBytes, registers, isPlain, products };
    });
    return { kernels, module };
  });
