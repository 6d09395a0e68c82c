// What hand-written programs are tried with: inputs of any shape, and graphs without the outputs that a program does not write.
import type { Graph } from '../../../../src/ir/index.js';
import { type HostTensor, Random } from '../../../../src/tensors/index.js';

export interface Shape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
}

/** The graph without the output that its program does not write. */
export const withoutStatistics = (graph: Graph): Graph => ({
  ...graph,
  outputs: graph.outputs.filter(({ name }) => name !== 'lse'),
});

export function inputsOf(graph: Graph, shape: Shape): Map<string, HostTensor> {
  const random = new Random(11);
  return new Map(
    graph.inputs.map(({ name, domain }) => {
      const extents = domain.map((axis) =>
        'size' in axis
          ? axis.size
          : axis.kind === 'batch'
            ? shape.batch
            : axis.kind === 'query'
              ? shape.queries
              : shape.keys,
      );
      const tensor = random.fork(name).normalTensor(extents);
      return [name, { ...tensor, data: tensor.data.map(Math.fround) }];
    }),
  );
}
