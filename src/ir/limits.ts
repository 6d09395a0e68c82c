// How large a graph may be, whoever makes it. Each bound ends in a diagnostic, so that no graph hangs the compiler.
// The bounds on nodes and levels keep every walk over a graph within the stack of a JavaScript engine.
import { type Expression, parts } from './expression.js';

export const MOST_NODES = 4096;
/** Heads of a value. Models have up to 128; mixing writes out as many terms as there are pairs of heads. */
export const MOST_HEADS = 1024;
/** Features of a vector. Models have up to 576; kernels split a vector into slices of a few dozen. */
export const MOST_FEATURES = 65_536;
/** Entries of a tensor along any other axis. */
export const LARGEST_EXTENT = 2 ** 31 - 1;
/** Levels of an expression, sharing not counted: leaves have height 1. */
export const MOST_HEIGHT = 500;

const heights = new WeakMap<Expression, number>();

/** The height of an expression whose parts were asked for before it, or are within bounds. */
export function heightOf(expression: Expression): number {
  let height = heights.get(expression);
  if (height === undefined) {
    height = 1;
    for (const part of parts(expression)) height = Math.max(height, heightOf(part) + 1);
    heights.set(expression, height);
  }
  return height;
}
