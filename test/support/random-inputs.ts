// Inputs for any graph: moderate numbers from a seed, whole numbers where integers are declared.
// What one tensor holds depends on its name and the seed alone, so that graphs with fewer inputs get the same numbers.
import { axisSize, type CallSizes, type Graph } from '../../src/ir/index.js';
import { type HostTensor, hostTensor, Random } from '../../src/tensors/index.js';

/** @param sizes with R where incoming gradients have fewer rows than there are of queries */
export function randomInputs(
  graph: Graph,
  sizes: CallSizes & { readonly rows?: number },
  seed: number,
): Map<string, HostTensor> {
  const random = new Random(seed);
  return new Map(
    graph.inputs.map((input) => {
      const own = random.fork(input.name);
      const queries = input.role === 'cotangent' ? (sizes.rows ?? sizes.queries) : sizes.queries;
      const tensor = hostTensor(input.domain.map((axis) => axisSize(axis, { ...sizes, queries })));
      let last = 0;
      for (let at = 0; at < tensor.data.length; at += 1) {
        // Integers are document numbers: they stay or go up by one, from one position to the next.
        if (input.dtype === 'int') last = (last + own.integer(0, 1)) % 5;
        tensor.data[at] = input.dtype === 'int' ? last : own.normal(0, 0.7);
      }
      return [input.name, tensor] as const;
    }),
  );
}
