// Numbers of the host as the bytes of a buffer, and back.
// Numbers of 16 bits are rounded to nearest, ties to even, as the rest of the compiler rounds them.
import { type Dtype, fromBits, toBits } from '../../../src/tensors/dtype.js';
import type { ElementType } from '../buffers.js';

/** The dtypes of tensors on the host. */
export const dtypeNames: Readonly<Record<ElementType, Dtype>> = {
  float: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int: 'I32',
};
const precisions = { float16: 'f16', bfloat16: 'bf16' } as const;

export function encode(data: Float64Array, element: ElementType): Buffer {
  switch (element) {
    case 'float':
      return Buffer.from(Float32Array.from(data).buffer);
    case 'int':
      return Buffer.from(Int32Array.from(data).buffer);
    case 'float16':
    case 'bfloat16':
      return Buffer.from(Uint16Array.from(data, (value) => toBits(precisions[element], value)).buffer);
  }
}

export function decode(bytes: Buffer, place: number, element: ElementType, count: number): Float64Array {
  const at = (n: number): number => {
    switch (element) {
      case 'float':
        return bytes.readFloatLE(place + 4 * n);
      case 'int':
        return bytes.readInt32LE(place + 4 * n);
      case 'float16':
      case 'bfloat16':
        return fromBits(precisions[element], bytes.readUInt16LE(place + 2 * n));
    }
  };
  return Float64Array.from({ length: count }, (_, n) => at(n));
}
