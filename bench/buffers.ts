// Buffers of the benchmark's device: made with what they hold,
// and read back.
import type { StorageDtype } from '../targets/wgsl/buffers.js';
import { decode, encode } from '../targets/wgsl/host-data.js';

// Flags of GPUBufferUsage and GPUMapMode, as numbers of the specification.
const STORAGE = 0x80;
const COPY_FROM = 0x04;
const COPY_TO = 0x08;
const MAP_READ = 0x01;

/** What a buffer holds: so many numbers of a type. */
export interface Contents {
  readonly dtype: StorageDtype;
  readonly count: number;
}

const bytesOf = ({ dtype, count }: Contents): number => Math.ceil((count * (dtype === 'f16' ? 2 : 4)) / 4) * 4;

/** A buffer that kernels read and write, with zeros unless told. */
export function storageBuffer(device: GPUDevice, label: string, contents: Contents, data?: Float64Array): GPUBuffer {
  const buffer = device.createBuffer({ label, size: bytesOf(contents), usage: STORAGE | COPY_FROM | COPY_TO });
  if (data) device.queue.writeBuffer(buffer, 0, encode(data, contents.dtype) as ArrayBufferView<ArrayBuffer>);
  return buffer;
}

export async function download(
  device: GPUDevice,
  buffer: GPUBuffer,
  { dtype, count }: Contents,
): Promise<Float64Array> {
  const staging = device.createBuffer({ size: buffer.size, usage: MAP_READ | COPY_TO });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(MAP_READ);
  const data = decode(staging.getMappedRange().slice(0), dtype, count);
  staging.destroy();
  return data;
}
