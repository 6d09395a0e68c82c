// Walks over the statements of a kernel, as layouts ask for them: those of tile programs themselves.
// They are a tile program's affair, and stand there.
export { elementwiseOperands, valuesOf as operandsOf } from '../../../codegen/tile/operations.js';
export { handedOn, innerBlocks, isRing, statementsOf } from '../../../codegen/tile/walk.js';
