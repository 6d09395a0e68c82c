// Which kernels a call starts that wants some of a program's outputs only: those that write one of them, or what such kernels read.
// A launcher of gradients starts no others, and a binding gives memory to all that they write.
import type { Kernel, TileProgram } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { accessesOf, statementsOf } from '../../codegen/tile/walk.js';
import { kernelsOf, writtenBy } from '../shared/tile/program.js';

export interface ServedOutputs {
  /** The outputs that the kernel writes: they are given all or none where it is started. */
  readonly writes: readonly Buffer[];
  /** The outputs that need the kernel: those, and what is made of its part of the workspace. */
  readonly serves: readonly Buffer[];
}

/** What each kernel is there for. Outputs stand in the order of the program's buffers. */
export function servedOutputs(program: TileProgram): ReadonlyMap<Kernel, ServedOutputs> {
  const kernels = kernelsOf(program).map(({ kernel }) => kernel);
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  const reads = new Map(kernels.map((kernel) => [kernel, readBy(kernel)]));
  const serves = new Map(
    kernels.map((kernel) => [kernel, new Set(outputs.filter((each) => writtenBy(kernel).has(each)))]),
  );
  // Until nothing is added: bands go round, so that a kernel may read what a later one writes.
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const kernel of kernels) {
      const own = serves.get(kernel)!;
      const before = own.size;
      for (const other of kernels) {
        if (![...writtenBy(kernel)].some((each) => reads.get(other)!.has(each))) continue;
        for (const output of serves.get(other)!) own.add(output);
      }
      isGrowing ||= own.size > before;
    }
  }
  return new Map(
    kernels.map((kernel) => {
      const written = writtenBy(kernel);
      const writes = outputs.filter((each) => written.has(each));
      return [kernel, { writes, serves: outputs.filter((each) => serves.get(kernel)!.has(each)) }];
    }),
  );
}

const readBy = ({ body }: Kernel): ReadonlySet<Buffer> =>
  new Set(
    statementsOf(body)
      .flatMap(accessesOf)
      .flatMap(({ is, buffer }) => (is === 'read' ? [buffer] : [])),
  );
