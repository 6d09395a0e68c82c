// The face of the WGSL target: fitting and emitting tile programs. Running what is emitted needs Node and is in run.ts.

export { Refusal } from '../shared/refusal.js';
export type { WgslOptions } from './emit.js';
export { type EmittedWgsl, emitWgsl, type ProgramDescription } from './emit-files.js';
export { type Fit, type FittedKernel, fit } from './fit.js';
export { defaultLimits, type WgslLimits } from './limits.js';
