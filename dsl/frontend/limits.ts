// How much work one spec may ask of the frontend. Each limit ends in a diagnostic, so no spec hangs or exhausts memory.
// They are far above what specs in practice need: the largest example takes about a thousand steps.

/** Iterations of one loop, or elements of one array. */
export const MOST_ITERATIONS = 4096;

/** Calls of functions inside calls of functions. */
export const DEEPEST_INLINING = 64;

/** Levels of syntax: operands of one chain of operators, calls as arguments of calls. */
export const DEEPEST_SYNTAX = 1000;

/** Syntax nodes evaluated for one configuration of a spec, loops and calls unrolled. */
export const MOST_STEPS = 1_000_000;

/** Characters of one string. */
export const LONGEST_STRING = 65_536;

/** Combinations of the grid of a study. */
export const MOST_COMBINATIONS = 1024;
