// The face of the tensors: host tensors, their dtypes, rounding, random numbers and the safetensors format.
export { type Dtype, dtypeNames, dtypeOfPrecision, dtypes, holds, isDtype } from './dtype.js';
export { elementCount, type HostTensor, hostTensor, roundTensor, shapeText, stridesOf } from './host-tensor.js';
export { Random } from './random.js';
export { largestFinite, type Precision, roundRandomly, roundTo, smallestNormal, ulp } from './rounding.js';
export { readSafetensors, type Safetensors, writeSafetensors } from './safetensors/index.js';
