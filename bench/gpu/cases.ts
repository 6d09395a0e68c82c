// Cases with their truth: inputs, the float64 meaning (gold) and its rounded form (low), of outputs and of gradients, computed here by the
// interpreter, so that the machine with the GPU has only to compare. One file of numbers, and a description of where each tensor lies in it.
import { gradientGraph } from '../../src/autodiff/index.js';
import { awkwardShapes, type CheckShape, furtherLows, randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../src/tensors/index.js';

/** Gradients come with what is given for each output, and with several evaluations of low along a first axis: the rule takes the worst. */
type Part = 'input' | 'gold' | 'low' | 'incoming gradient' | 'gold gradient' | 'low gradients';

export interface CaseTensor {
  readonly name: string;
  readonly part: Part;
  readonly dtype: 'float32' | 'float64' | 'int32';
  readonly shape: readonly number[];
  readonly offset: number;
}

export interface GoldenCase {
  readonly shape: CheckShape;
  readonly seed: number;
  readonly tensors: readonly CaseTensor[];
  readonly bytes: Uint8Array;
}

/** A decode step, a batch that fits no tile, and more than one tile of queries and keys. */
function shapesOf(graph: Graph): readonly CheckShape[] {
  const awkward = awkwardShapes(graph);
  return [awkward[2]!, awkward[5]!, { batch: 1, queries: 150, keys: 170, rows: 140 }];
}

export function goldenCases(graph: Graph, dtype: 'f32' | 'bf16', count: number): readonly GoldenCase[] {
  return shapesOf(graph)
    .slice(0, count)
    .map((shape, n) => goldenCase(graph, dtype, shape, n + 1));
}

/** Queries from which on an evaluation of a gradient takes seconds, and one that rounds at random has to do. */
const LARGE = 64;

function goldenCase(graph: Graph, dtype: 'f32' | 'bf16', shape: CheckShape, seed: number): GoldenCase {
  const { rows } = shape;
  const gradient = gradientGraph(graph);
  const draw = (range: 'random' | 'positive') => {
    const given = randomInputs(gradient, shape, seed, dtype, range);
    const inputs = new Map(graph.inputs.map(({ name }) => [name, given.get(name)!]));
    return {
      inputs,
      given,
      gold: interpret(graph, inputs, { rows }),
      goldGradients: interpret(gradient, given, { rows }),
    };
  };
  const first = draw('random');
  const isComparable = [...first.gold.values(), ...first.goldGradients.values()].every(
    ({ data }) => !data.some(Number.isNaN),
  );
  const { inputs, given, gold, goldGradients } = isComparable ? first : draw('positive');
  const low = interpret(graph, inputs, { rows, precision: dtype });
  const lowGradients = [
    interpret(gradient, given, { rows, precision: dtype }),
    ...furtherLows(gradient, dtype, { inputs: given, rows }, shape.queries < LARGE ? undefined : 1),
  ];

  const tensors: CaseTensor[] = [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  const add = (part: Part, name: string, { shape: extent, data }: HostTensor, kind: CaseTensor['dtype']) => {
    const array = { float32: Float32Array, float64: Float64Array, int32: Int32Array }[kind].from(data);
    const bytes = new Uint8Array(array.buffer);
    tensors.push({ name, part, dtype: kind, shape: extent, offset });
    parts.push(bytes);
    offset += bytes.byteLength;
  };
  const integers = new Set(graph.inputs.filter(({ dtype: kind }) => kind === 'int').map(({ name }) => name));
  for (const [name, tensor] of inputs) add('input', name, tensor, integers.has(name) ? 'int32' : 'float32');
  for (const [name, tensor] of gold) add('gold', name, tensor, 'float64');
  for (const [name, tensor] of low) add('low', name, tensor, 'float64');
  for (const { name, role } of gradient.inputs) {
    if (role === 'cotangent') add('incoming gradient', name, given.get(name)!, 'float32');
  }
  for (const [name, tensor] of goldGradients) {
    add('gold gradient', name, tensor, 'float64');
    // What is rounded to 16 or 32 bits is exact in 32.
    add('low gradients', name, stacked(lowGradients.map((each) => each.get(name)!)), 'float32');
  }
  return { shape, seed, tensors, bytes: Buffer.concat(parts) };
}

/** Tensors of one shape along a first axis. */
function stacked(tensors: readonly HostTensor[]): HostTensor {
  const { shape } = tensors[0]!;
  return hostTensor(
    [tensors.length, ...shape],
    tensors.flatMap(({ data }) => [...data]),
  );
}
