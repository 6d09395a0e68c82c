// Buffers of the benchmark's device: made with what they hold,
// and read back.

// Flags of GPUBufferUsage and GPUMapMode, as numbers of the specification.
const STORAGE = 0x80;
const COPY_FROM = 0x04;
const COPY_TO = 0x08;
const MAP_READ = 0x01;

/** A buffer of so many floats that kernels read and write, with zeros unless told. */
export function storageBuffer(device: GPUDevice, label: string, count: number, data?: ArrayLike<number>): GPUBuffer {
  const buffer = device.createBuffer({ label, size: 4 * count, usage: STORAGE | COPY_FROM | COPY_TO });
  if (data) device.queue.writeBuffer(buffer, 0, Float32Array.from(data));
  return buffer;
}

export async function download(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({ size: buffer.size, usage: MAP_READ | COPY_TO });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(MAP_READ);
  const data = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return data;
}
