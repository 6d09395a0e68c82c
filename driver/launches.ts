// How often each kernel of a program is launched in a call, and by how many blocks: what fills a device, and how many waves of blocks it
// takes. Of a band, the second one is looked at, which has rows of others above its own.
import { bufferAxis, type LaunchSizes } from '../codegen/tile/interpreter/memory.js';
import { decisionsOf, type Kernel, type TileProgram } from '../codegen/tile/program.js';
import type { Scalar } from '../codegen/tile/types.js';
import { evaluate } from '../src/ir/index.js';

export interface KernelLaunches {
  readonly name: string;
  readonly launches: number;
  /** Blocks of a launch. */
  readonly blocks: number;
}

/** The launches of every kernel, in the order of the program. */
export function launchesOf(program: TileProgram, sizes: LaunchSizes): readonly KernelLaunches[] {
  const known = new Map<string, number>([['R', sizes.rows]]);
  const numberOf = (scalar: Scalar): number =>
    evaluate(scalar, { variable: (name) => known.get(name), length: (of) => bufferAxis({ kind: of }, sizes).size })!;
  for (const { variable, value } of decisionsOf(program)) known.set(variable, numberOf(value));
  const blocksOf = ({ grid }: Kernel): number =>
    grid.reduce((all, { from, to, step }) => all * Math.max(0, Math.ceil((numberOf(to) - numberOf(from)) / step)), 1);
  return program.launches.flatMap((each): readonly KernelLaunches[] => {
    if (each.launch === 'kernel') return [{ name: each.kernel.name, launches: 1, blocks: blocksOf(each.kernel) }];
    const { variable, from, to, step } = each.axis;
    const [first, size] = [numberOf(from), numberOf(step.value)];
    const launches = Math.ceil((numberOf(to) - first) / size);
    known.set(variable, first + (launches > 1 ? size : 0));
    return each.kernels.map((kernel) => ({ name: kernel.name, launches, blocks: blocksOf(kernel) }));
  });
}
