// How large a graph may be, whoever makes it. Each bound ends in a diagnostic, so that no graph hangs the compiler.
// The bounds on nodes and levels keep every walk over a graph within the stack of a JavaScript engine.
import { type Counter, type Expression, parts } from './expression.js';

export const MOST_NODES = 4096;
/** Heads of a value. Models have up to 128; mixing writes out as many terms as there are pairs of heads. */
export const MOST_HEADS = 1024;
/** Features of a vector. Models have up to 576; kernels split a vector into slices of a few dozen. */
export const MOST_FEATURES = 65_536;
/** Entries of a tensor along any other axis. */
export const LARGEST_EXTENT = 2 ** 31 - 1;
/** Terms of one sum or maximum. An element takes a device as long as its terms; a matrix of 4096 × 4096 has as many. */
export const MOST_TERMS = 2 ** 24;
/** Levels of an expression, sharing not counted: leaves have height 1. */
export const MOST_HEIGHT = 500;
/** Levels of what maps become when they are fused: the rest of the room is for passes that put expressions in place of others. */
export const MOST_FUSED_HEIGHT = 250;

export const termsOf = (counters: readonly Counter[]): number =>
  counters.reduce((product, { extent }) => product * extent, 1);

const heights = new WeakMap<Expression, number>();

/** The height of an expression, found without recursion, as it may be beyond all bounds. */
export function heightOf(root: Expression): number {
  const open = [root];
  for (;;) {
    const expression = open.at(-1);
    if (expression === undefined) return heights.get(root)!;
    const missing = heights.has(expression) ? [] : parts(expression).filter((part) => !heights.has(part));
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    const below = parts(expression).map((part) => heights.get(part)!);
    heights.set(expression, 1 + Math.max(0, ...below));
    open.pop();
  }
}
