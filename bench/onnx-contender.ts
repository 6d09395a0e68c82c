// onnxruntime-web as a contender: plain causal attention by its operator GroupQueryAttention, whose WebGPU kernels are written by hand.
// It also writes keys and values into a cache, as every call of that operator does.
import type { InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import type { HostTensor } from '../src/tensors/index.js';
import { download, storageBuffer } from './buffers.js';
import type { Contender, Prepared } from './contender.js';
import { attentionModel } from './onnx-model.js';
import { sizesOf, type Workload } from './workloads.js';

export function onnxContender(device: GPUDevice): Contender {
  return {
    name: 'onnxruntime',
    what: 'onnxruntime-web: GroupQueryAttention, with inputs, outputs and cache in buffers on the device',
    prepare: (workload, length, inputs) => prepare(device, workload, length, inputs),
  };
}

async function prepare(
  device: GPUDevice,
  workload: Workload,
  length: number,
  inputs: ReadonlyMap<string, HostTensor>,
): Promise<Prepared> {
  const onnx = await runtime();
  const { heads, headDim, dtype } = workload;
  const { queries } = sizesOf(workload, length);
  const hasPast = queries < length;
  const session = await onnx.InferenceSession.create(attentionModel({ heads, headDim, dtype, hasPast }), {
    executionProviders: [{ name: 'webgpu', device } as InferenceSession.ExecutionProviderConfig],
  });

  const buffers: GPUBuffer[] = [];
  const onDevice = (name: string, dims: readonly number[], data?: Float64Array): Tensor => {
    const count = dims.reduce((product, each) => product * each, 1);
    const buffer = storageBuffer(device, name, { dtype, count }, data);
    buffers.push(buffer);
    return onnx.Tensor.fromGpuBuffer(buffer as never, { dataType: dtype === 'f16' ? 'float16' : 'float32', dims });
  };
  /** Rows with all their heads: the last ones of k and v where the cache has those before. */
  const rows = (name: string): Tensor => {
    const { data } = inputs.get(name)!;
    const all = rowsFirst(data, { heads, headDim, positions: name === 'q' ? queries : length });
    return onDevice(name, [1, queries, heads * headDim], all.slice(all.length - queries * heads * headDim));
  };
  const cache = (name: string): Tensor => {
    const data = hasPast ? inputs.get(name)!.data : undefined;
    return onDevice(`cache of ${name}`, [1, heads, length, headDim], data);
  };
  const integer = (value: number): Tensor => new onnx.Tensor('int32', Int32Array.of(value), [1]);
  const caches = { k: cache('k'), v: cache('v') };
  const out = onDevice('out', [1, queries, heads * headDim]);
  const feeds = {
    q: rows('q'),
    k: rows('k'),
    v: rows('v'),
    // A past in the very buffers of the present is written behind, not copied.
    ...(hasPast ? { past_k: caches.k, past_v: caches.v } : {}),
    last_keys: integer(length - 1),
    keys: integer(length),
  };
  const fetches = { out, present_k: caches.k, present_v: caches.v };
  const outBuffer = buffers[buffers.findIndex(({ label }) => label === 'out')]!;
  return {
    call: async () => {
      await session.run(feeds, fetches);
    },
    outputs: async () => {
      const data = await download(device, outBuffer, { dtype, count: queries * heads * headDim });
      return [headsFirst(data, { heads, headDim, positions: queries })];
    },
    release: () => {
      void session.release();
      for (const each of buffers) each.destroy();
    },
  };
}

interface Layout {
  readonly heads: number;
  readonly headDim: number;
  readonly positions: number;
}

/** From [head, position, D] to [position, head, D]. */
const rowsFirst = (data: ArrayLike<number>, { heads, positions, headDim }: Layout): Float64Array =>
  exchanged(data, [heads, positions, headDim]);

/** From [position, head, D] to [head, position, D]. */
const headsFirst = (data: ArrayLike<number>, { heads, positions, headDim }: Layout): Float64Array =>
  exchanged(data, [positions, heads, headDim]);

/** A tensor of three axes with the first two exchanged. */
function exchanged(data: ArrayLike<number>, [outer, inner, last]: readonly [number, number, number]): Float64Array {
  return Float64Array.from({ length: outer * inner * last }, (_, place) => {
    const row = Math.floor(place / last);
    const from = (row % outer) * inner + Math.floor(row / outer);
    return data[from * last + (place % last)]!;
  });
}

/** The library with one thread, which is enough to start kernels, and buffers written from what a device takes. */
async function runtime(): Promise<typeof import('onnxruntime-web/webgpu')> {
  const onnx = await import('onnxruntime-web/webgpu');
  onnx.env.wasm.numThreads = 1;
  copySharedMemory();
  return onnx;
}

let copies = false;

/** Dawn in Node refuses to write from shared memory, which the library's is. Browsers that share no memory have no class for it. */
function copySharedMemory(): void {
  if (copies || typeof SharedArrayBuffer === 'undefined') return;
  copies = true;
  const { prototype } = globalThis.GPUQueue;
  const { writeBuffer } = prototype;
  prototype.writeBuffer = function (this: GPUQueue, buffer, offset, data, ...range) {
    const given = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer ? copyOf(data) : data;
    return writeBuffer.call(this, buffer, offset, given, ...range);
  };
}

const copyOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
