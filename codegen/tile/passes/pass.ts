// What a pass over tile programs is: a program that computes the same, said in another way.
// A pass that finds nothing to change gives the very program back.
import type { Kernel, TileProgram } from '../program.js';

export interface TilePass {
  /** As people say it, and as options name it with dashes. */
  readonly name: string;
  readonly run: (program: TileProgram) => TileProgram;
}

/** The program with each of its kernels changed by itself. */
export function eachKernel(program: TileProgram, change: (kernel: Kernel) => Kernel): TileProgram {
  const launches = program.launches.map((launch) => {
    if (launch.launch === 'kernel') {
      const kernel = change(launch.kernel);
      return kernel === launch.kernel ? launch : { ...launch, kernel };
    }
    const kernels = launch.kernels.map(change);
    return kernels.every((kernel, n) => kernel === launch.kernels[n]) ? launch : { ...launch, kernels };
  });
  return launches.every((launch, n) => launch === program.launches[n]) ? program : { ...program, launches };
}
