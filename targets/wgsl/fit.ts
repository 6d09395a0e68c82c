// Whether a tile program fits this target and what is granted, and why not: the only authority on limits. It emits the
// program as emission does and looks at what came of it, so the two cannot disagree.
import type { TileProgram } from '../../codegen/tile/program.js';
import { refuse } from '../shared/refusal.js';
import { printed } from '../shared/text/lines.js';
import { fitOf, type Fit as SharedFit } from '../shared/tile/program.js';
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

export type Fit = SharedFit<EmittedModule, FittedKernel>;

/**
 * The longest kernel in characters. One of 300,000 is compiled in 25 seconds by Dawn with SwiftShader on two cores; one of
 * 800,000 ended the process.
 */
const LONGEST_KERNEL = 400_000;

export const fit = (program: TileProgram, options: WgslOptions = {}): Fit =>
  fitOf(() => {
    const module = emitModule(program, options);
    for (const { kernel, head, entries } of module.kernels) {
      const characters = [...head, ...printed(entries), '}'].join('\n').length;
      if (characters <= LONGEST_KERNEL) continue;
      const [long, most] = [characters, LONGEST_KERNEL].map((length) => Math.round(length / 1000));
      refuse(`${kernel.name} would be ${long} kB of WGSL, and drivers take minutes or fail over more than ${most} kB`);
    }
    const kernels = module.kernels.map(({ kernel, threads, workgroupBytes, registers, buffers }) => ({
      name: kernel.name,
      threads: threads.rows * threads.columns,
      workgroupBytes,
      registers,
      bindings: bindingsOf(module.buffers, buffers),
    }));
    return { kernels, module };
  });
