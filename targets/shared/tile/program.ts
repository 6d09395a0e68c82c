// What emission asks of a tile program, whatever the target: its kernels with the variables that launches give them, what they
// write, and whether all of it fits.
import { type Kernel, repetitionVariables, type TileProgram } from '../../../codegen/tile/program.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import { Refusal, refuse } from '../refusal.js';

/** A kernel with the variables of the repetition that it is launched in. */
export interface LaunchedKernel {
  readonly kernel: Kernel;
  readonly scalars: readonly string[];
}

/** A program of a module, and its kernels before one is written. */
export interface PlannedProgram<Planned> {
  readonly program: TileProgram;
  readonly kernels: readonly Planned[];
}

/** The kernels of a program, in the order of its launches. */
export const kernelsOf = ({ launches }: TileProgram): readonly LaunchedKernel[] =>
  launches.flatMap((launch) =>
    launch.launch === 'kernel'
      ? [{ kernel: launch.kernel, scalars: [] }]
      : launch.kernels.map((kernel) => ({ kernel, scalars: repetitionVariables(launch.axis) })),
  );

/** The variables of all repetitions: fields of the launch behind the sizes. */
export const variablesOf = (program: TileProgram): readonly string[] => [
  ...new Set(kernelsOf(program).flatMap(({ scalars }) => scalars)),
];

/** The buffers that a kernel writes. */
export const writtenBy = ({ body }: Kernel): ReadonlySet<Buffer> =>
  new Set(statementsOf(body).flatMap((each) => (each.statement === 'store' ? [each.buffer] : [])));

/** The buffers that some kernel writes. @throws Refusal where two kernels have one name */
export function writtenBuffers(program: TileProgram): ReadonlySet<Buffer> {
  const names = new Set<string>();
  const written = new Set<Buffer>();
  for (const { kernel } of kernelsOf(program)) {
    if (names.has(kernel.name)) refuse(`two kernels are called ${kernel.name}`);
    names.add(kernel.name);
    for (const buffer of writtenBy(kernel)) written.add(buffer);
  }
  return written;
}

export type Fit<Module, Fitted> =
  /** With what was emitted to find that out, for those who go on to write the files. */
  | { readonly fits: true; readonly kernels: readonly Fitted[]; readonly module: Module }
  | { readonly fits: false; readonly reason: string };

/** What `emit` gives, or the reason why it refuses to. */
export function fitOf<Module, Fitted>(
  emit: () => { readonly kernels: readonly Fitted[]; readonly module: Module },
): Fit<Module, Fitted> {
  try {
    return { fits: true, ...emit() };
  } catch (error) {
    if (error instanceof Refusal) return { fits: false, reason: error.message };
    throw error;
  }
}
