// How fast CUDA devices do what programs are made of, relative to their plain arithmetic in float32, for the estimates that
// order schedules. Figures are those of an H100 SXM by its data sheet; an A100's are within a third of them.
import type { Rates } from '../../codegen/schedule/index.js';
import { bytesOf, elementTypes, type StorageDtype, storageDtype } from './buffers.js';

/** 67 TFLOP/s in float32 on plain cores, and some 5.5 TB/s between the second cache and the multiprocessors. */
const perByte = 12;
/** Three microseconds for a launch that follows another one. */
const perLaunch = 2e8;

const stored = (dtype: StorageDtype): Pick<Rates, 'bytesOf' | 'perByte' | 'perLaunch'> => ({
  perByte,
  perLaunch,
  bytesOf: (buffer) => bytesOf[elementTypes[storageDtype(buffer, dtype)]],
});

/**
 * Tensor cores do 2048 multiply-adds in 16 bits a clock and multiprocessor where plain cores do 128. A stencil of 11 keys is a banded
 * product of 32, of which a third is of use.
 */
const onTensorCores: Rates['operations'] = { product: 16, stencil: 5, plain: 1, operand: Number.POSITIVE_INFINITY };
const onPlainCores: Rates['operations'] = { product: 1, stencil: 1, plain: 1, operand: Number.POSITIVE_INFINITY };

export const cudaRates: Readonly<Record<StorageDtype, Rates>> = {
  f32: { operations: onPlainCores, ...stored('f32') },
  f16: { operations: onTensorCores, ...stored('f16') },
  bf16: { operations: onTensorCores, ...stored('bf16') },
};
