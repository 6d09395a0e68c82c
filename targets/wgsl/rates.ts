// How fast WebGPU devices do what programs are made of: no kernel uses matrix units, so that all arithmetic is plain; tensors
// in half precision are half as many bytes.
import { plainRates, type Rates } from '../../codegen/schedule/index.js';
import { bytesOf, storageDtype } from './buffers.js';

const stored = (dtype: 'f32' | 'f16'): Rates => ({
  ...plainRates,
  bytesOf: (buffer) => bytesOf[storageDtype(buffer, dtype)],
});

export const wgslRates: Readonly<Record<'f32' | 'f16', Rates>> = { f32: stored('f32'), f16: stored('f16') };
