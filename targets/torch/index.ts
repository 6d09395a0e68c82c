// The face of the PyTorch target: emitting. The device that runs what is emitted needs Node and Python: see device/.
export { type EmitOptions, type EmittedTorch, emitTorch } from './emit.js';
export type { Manifest } from './manifest.js';
