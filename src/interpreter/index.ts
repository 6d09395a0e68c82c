// The face of the interpreter: the meaning of a graph, and the binding of inputs that every device shares.
export { type BoundCall, bindInputs } from './bind-inputs.js';
export { dependence, type InputElement } from './dependence.js';
export { MOST_SOURCES } from './dependence-rules.js';
export { type InterpretOptions, interpret } from './interpret.js';
export { requireMemory } from './memory.js';
