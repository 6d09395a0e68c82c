// Thrown where a tile program does not fit this target or the limits that are granted; `fit` turns it into a reason.
// The targets share one class, as they share what refuses: the arena, and the analysis of a kernel's values.

export { Refusal, refuse } from '../wgsl/refusal.js';
