// The face of the checks: devices, the error rule, awkward shapes, random inputs and the dependency probe.
export { type CheckCase, type CheckOptions, checkCase, checkGraph, DEFAULT_SEED } from './check.js';
export type { Availability, Device, PreparedCall } from './device.js';
export { distance, frobenius, furtherLows, type Judgement, judge, judgeOutput } from './error-rule.js';
export { interpreterDevice } from './interpreter-device.js';
export { type Draw, draws, type EdgeDraw, edgeDraws, randomInputs } from './random-inputs.js';
export {
  type AskedShape,
  awkwardShapes,
  type CheckShape,
  edgeShape,
  fewShapes,
  shapeLabel,
  wholeShape,
} from './shapes.js';
export { settingVariations, type Variation } from './variations.js';
