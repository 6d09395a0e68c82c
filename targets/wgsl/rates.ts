// How fast WebGPU devices do what programs are made of: no kernel uses matrix units, so that all arithmetic is plain; tensors
// in half precision are half as many bytes.
import { plainRates, type Rates } from '../../codegen/schedule/index.js';
import { bytesOf, storageDtype } from './buffers.js';

const stored = (dtype: 'f32' | 'f16'): Rates => ({
  ...plainRates,
  bytesOf: (buffer) => bytesOf[storageDtype(buffer, dtype)],
});

export const wgslRates: Readonly<Record<'f32' | 'f16', Rates>> = { f32: stored('f32'), f16: stored('f16') };

/**
 * By which alternatives are told apart, as their tiles differ more. An operand in workgroup memory is read in the time of an operation or
 * two, and a tap of a stencil finds its operand in a register more often than not: measured on lavapipe and SwiftShader.
 */
export const choiceRates = (dtype: 'f32' | 'f16'): Rates => {
  const rates = wgslRates[dtype];
  return { ...rates, operations: { ...rates.operations, operand: 1 / 1.5, stencil: 1.5 } };
};
