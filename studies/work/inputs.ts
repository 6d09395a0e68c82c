// Random inputs of a call: what the checks draw for the spec, and for its gradient graph gradients of the outputs beside them.
// The same seed and shape give the same numbers for every variant that has an input of that name.
import { randomInputs } from '../../src/checking/index.js';
import { staticSize } from '../../src/ir/axis.js';
import type { CallSizes, Graph } from '../../src/ir/index.js';
import { type HostTensor, hostTensor, type Precision, Random, roundTo } from '../../src/tensors/index.js';
import type { StudyCall } from './call-shape.js';

export function inputsOf(graph: Graph, call: StudyCall, seed: number, precision: Precision): Map<string, HostTensor> {
  const { batch, queries, keys, rows } = call;
  const sizes: CallSizes = { batch, queries, keys };
  const inputs = randomInputs(graph, sizes, seed, precision);
  const lengths: Readonly<Record<string, number>> = { batch, query: rows, key: keys, position: keys };
  for (const { name, role, domain } of graph.inputs) {
    if (role !== 'cotangent') continue;
    const random = new Random(seed).fork(name);
    const shape = domain.map((axis) => staticSize(axis) ?? lengths[axis.kind]!);
    const count = shape.reduce((product, size) => product * size, 1);
    const data = Float64Array.from({ length: count }, () => roundTo(precision, random.normal()));
    inputs.set(name, hostTensor(shape, data));
  }
  return inputs;
}
