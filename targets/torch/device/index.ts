// The device of the PyTorch target: the emitted module in a Python process, its tensors over a pipe.
// What is tested is what is emitted; gradients are those of PyTorch's own autograd.
import type { Device } from '../../../src/checking/index.js';
import { fail } from '../../../src/diagnostics/index.js';
import { bindInputs } from '../../../src/interpreter/index.js';
import { axisSize, type Graph, isGradientGraph } from '../../../src/ir/index.js';
import {
  type Dtype,
  dtypeOfPrecision,
  type HostTensor,
  hostTensor,
  type Precision,
} from '../../../src/tensors/index.js';
import { WorkerFailure } from '../../shared/device/worker-failure.js';
import { type EmittedTorch, emitTorch } from '../emit.js';
import { availability, findPython, type PythonWorker, remedy } from './python.js';

export interface TorchDeviceOptions {
  /** The dtype of the tensors; float32 unless told. The module computes with those of 16 bits in float32. */
  readonly dtype?: Precision;
  /** What is emitted and run, the module of a graph unless told: a module of other text with the same face. */
  readonly emit?: (graph: Graph) => EmittedTorch;
}

type Tensors = ReadonlyMap<string, HostTensor>;

export interface TorchDevice extends Device {
  /**
   * The outputs, and by autograd the gradients `grad_<input>` of all float inputs, from the gradients of outputs that
   * are among `inputs` as `grad_<output>`.
   */
  readonly differentiate: (
    graph: Graph,
    inputs: Tensors,
    options?: { readonly rows?: number | undefined },
  ) => Promise<Map<string, HostTensor>>;
  /** The start values of the parameters, as the emitted torch.nn.Module makes them. */
  readonly initialise: (graph: Graph, seed: number) => Promise<Map<string, HostTensor>>;
}

/** A device in one dtype. All share one Python process. */
export function torchDevice({ dtype = 'f32', emit = emitTorch }: TorchDeviceOptions = {}): TorchDevice {
  const emittedGraphs = new WeakMap<Graph, EmittedTorch>();
  const emittedOf = (graph: Graph): EmittedTorch => {
    const emitted = emittedGraphs.get(graph) ?? emit(graph);
    emittedGraphs.set(graph, emitted);
    return emitted;
  };

  const call = async (
    graph: Graph,
    inputs: Tensors,
    asked: number | undefined,
    cotangents: readonly string[],
  ): Promise<Map<string, HostTensor>> => {
    const { tensors, rows, sizes } = bindInputs(graph, inputs, asked);
    const { manifest, files, module } = emittedOf(graph);
    const given = manifest.inputs.map(({ name, argument, dtype: kind }) => {
      const { shape, data } = tensors.get(name)!;
      return { described: { argument, shape, ...(kind === 'int' ? integers : dtypes[dtype]) }, data };
    });
    const incoming = cotangents.map((output) => {
      const { domain } = graph.outputs.find(({ name }) => name === output)!.node;
      const shape = domain.map((axis) => (axis.kind === 'query' ? rows : axisSize(axis, sizes)));
      const { data } = inputs.get(`grad_${output}`)!;
      return { described: { output, shape, ...dtypes[dtype] }, data };
    });
    const hasRows = !isGradientGraph(graph) && graph.outputs.some(({ node }) => node.domain.some(isQuery));
    const positional = new Set(['queries', 'keys', 'values', 'keysAndValues']);
    const header = {
      kind: 'run',
      source: files.get(module)!,
      function: manifest.entry,
      positional: manifest.inputs.filter(({ role }) => positional.has(role)).map(({ argument }) => argument),
      inputs: given.map(({ described }) => described),
      cotangents: incoming.map(({ described }) => described),
      outputs: manifest.outputs.map(({ name }) => name),
      rows: hasRows ? rows : null,
    };
    const payloads = [...given, ...incoming].map(({ described, data }) => bytesOf(described.dtype, data));
    const answer = await ask(header, payloads);
    const argumentsOf = new Map(manifest.inputs.map(({ name, argument }) => [argument, name]));
    return tensorsOf(answer, dtypeOfPrecision[dtype], (name, n) =>
      n < manifest.outputs.length ? name : `grad_${argumentsOf.get(name)!}`,
    );
  };

  return {
    name: dtype === 'f32' ? 'torch' : `torch-${dtype}`,
    precision: dtype,
    availability,
    run: (graph, inputs, { rows } = {}) => call(graph, inputs, rows, []),
    differentiate: (graph, inputs, { rows } = {}) => {
      const names = graph.outputs.map(({ name }) => name).filter((name) => inputs.has(`grad_${name}`));
      return call(graph, inputs, rows, names);
    },
    initialise: async (graph, seed) => {
      const { manifest, files, module } = emittedOf(graph);
      const header = { kind: 'initialise', source: files.get(module)!, module: manifest.module, seed };
      return tensorsOf(await ask(header, []), 'F32', (name) => name);
    },
  };
}

const isQuery = ({ kind }: { readonly kind: string }): boolean => kind === 'query';

type Stored = 'float32' | 'float64' | 'int64';

/** How floats cross the pipe, and what they are made there. */
const dtypes: Readonly<Record<Precision, { readonly dtype: Stored; readonly as: string }>> = {
  f64: { dtype: 'float64', as: 'float64' },
  f32: { dtype: 'float32', as: 'float32' },
  f16: { dtype: 'float32', as: 'float16' },
  bf16: { dtype: 'float32', as: 'bfloat16' },
};
const integers = { dtype: 'int64', as: 'int64' } as const;

function bytesOf(dtype: Stored, data: Float64Array): Uint8Array {
  const array = {
    float32: () => Float32Array.from(data),
    float64: () => data,
    int64: () => BigInt64Array.from(data, BigInt),
  }[dtype]();
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

interface Answer {
  readonly header: Record<string, unknown>;
  readonly payloads: readonly Uint8Array[];
}

function tensorsOf(
  { header, payloads }: Answer,
  dtype: Dtype,
  nameOf: (name: string, n: number) => string,
): Map<string, HostTensor> {
  const described = header['tensors'] as readonly { readonly name: string; readonly shape: readonly number[] }[];
  return new Map(
    described.map(({ name, shape }, n) => {
      const bytes = payloads[n]!;
      const data = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
      return [nameOf(name, n), hostTensor(shape, data, dtype)] as const;
    }),
  );
}

/** @throws HeddleError HD6401 without PyTorch, HD6402 where it refuses a call. */
async function ask(header: Record<string, unknown>, payloads: readonly Uint8Array[]): Promise<Answer> {
  const python = await findPython();
  if ('why' in python) fail('HD6401', { why: python.why, remedy });
  return answered(python, header, payloads);
}

async function answered(
  { worker }: PythonWorker,
  header: Record<string, unknown>,
  payloads: readonly Uint8Array[],
): Promise<Answer> {
  try {
    return await worker.ask({ header, payloads: [...payloads] });
  } catch (error) {
    if (error instanceof WorkerFailure) fail('HD6402', { problem: error.message });
    throw error;
  }
}
