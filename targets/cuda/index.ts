// The face of the CUDA target: fitting and emitting tile programs. Running what is emitted needs Node and is in device/.

export { Refusal } from '../shared/refusal.js';
export { type Architecture, architectures, type CudaLimits, type CudaOptions, defaultLimits } from './emit.js';
export { type EmittedCuda, emitCuda, type ProgramDescription } from './emit-files.js';
export { type Fit, type FittedKernel, fit } from './fit.js';
export { narrow } from './narrow.js';
