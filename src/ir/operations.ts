// The scalar operations of element expressions: one table with arity, typing and meaning in float64.
// Targets spell each of these in a table typed by `OperationName`, so that a missing spelling does not compile.

export type ScalarType = 'int' | 'float' | 'bool';

/**
 * How an operation is typed:
 * - numeric: integers give an integer, anything else is promoted to floats;
 * - float: operands are promoted, the result is a float;
 * - integer: integers only; compare: promoted operands, a truth value; logic: truth values only;
 * - toFloat, toInteger: the two conversions; select: a truth value and two operands of one type.
 */
export type Typing = 'numeric' | 'float' | 'integer' | 'compare' | 'logic' | 'toFloat' | 'toInteger' | 'select';

interface Operation {
  readonly arity: 1 | 2 | 3;
  readonly typing: Typing;
  /** The meaning in float64; truth values are 0 and 1. */
  readonly evaluate: (...operands: number[]) => number;
}

const operation = (arity: 1 | 2 | 3, typing: Typing, evaluate: (...operands: number[]) => number): Operation => ({
  arity,
  typing,
  evaluate,
});
const truth = (value: boolean): number => (value ? 1 : 0);

export const operations = {
  add: operation(2, 'numeric', (x, y) => x + y),
  subtract: operation(2, 'numeric', (x, y) => x - y),
  multiply: operation(2, 'numeric', (x, y) => x * y),
  /** The remainder of JavaScript: it has the sign of the dividend. An integer divisor is never 0. */
  remainder: operation(2, 'numeric', (x, y) => x % y),
  minimum: operation(2, 'numeric', Math.min),
  maximum: operation(2, 'numeric', Math.max),
  negate: operation(1, 'numeric', (x) => -x),
  absolute: operation(1, 'numeric', Math.abs),
  sign: operation(1, 'numeric', Math.sign),

  divide: operation(2, 'float', (x, y) => x / y),
  power: operation(2, 'float', (x, y) => x ** y),
  arcTangent2: operation(2, 'float', Math.atan2),
  squareRoot: operation(1, 'float', Math.sqrt),
  cubeRoot: operation(1, 'float', Math.cbrt),
  exponential: operation(1, 'float', Math.exp),
  exponentialMinusOne: operation(1, 'float', Math.expm1),
  logarithm: operation(1, 'float', Math.log),
  logarithm2: operation(1, 'float', Math.log2),
  logarithm10: operation(1, 'float', Math.log10),
  logarithmOnePlus: operation(1, 'float', Math.log1p),
  sine: operation(1, 'float', Math.sin),
  cosine: operation(1, 'float', Math.cos),
  tangent: operation(1, 'float', Math.tan),
  arcSine: operation(1, 'float', Math.asin),
  arcCosine: operation(1, 'float', Math.acos),
  arcTangent: operation(1, 'float', Math.atan),
  hyperbolicSine: operation(1, 'float', Math.sinh),
  hyperbolicCosine: operation(1, 'float', Math.cosh),
  hyperbolicTangent: operation(1, 'float', Math.tanh),
  floor: operation(1, 'float', Math.floor),
  ceiling: operation(1, 'float', Math.ceil),
  /** Half goes up, towards +Infinity, as in JavaScript. */
  round: operation(1, 'float', Math.round),
  truncate: operation(1, 'float', Math.trunc),
  /** x · y, and exactly 0 where x is 0 whatever y is: a zero cotangent contributes nothing. */
  absorbingMultiply: operation(2, 'float', (x, y) => (x === 0 ? 0 : x * y)),
  /** e^(x − m), and 0 where x is −Infinity whatever m is: a hidden key has no weight even in a row without visible keys. */
  exponentialDifference: operation(2, 'float', (x, m) => (x === Number.NEGATIVE_INFINITY ? 0 : Math.exp(x - m))),
  /** x, which counts as a constant when gradients are made: for what a result does not depend on, such as what softmax is taken relative to. */
  stopGradient: operation(1, 'float', (x) => x),

  /** ⌊x / y⌋ exactly; y is a positive constant. */
  floorDivide: operation(2, 'integer', (x, y) => Math.floor(x / y)),
  bitAnd: operation(2, 'integer', (x, y) => x & y),
  bitOr: operation(2, 'integer', (x, y) => x | y),
  bitExclusiveOr: operation(2, 'integer', (x, y) => x ^ y),
  shiftLeft: operation(2, 'integer', (x, y) => x << y),
  shiftRight: operation(2, 'integer', (x, y) => x >> y),
  bitNot: operation(1, 'integer', (x) => ~x),

  equal: operation(2, 'compare', (x, y) => truth(x === y)),
  notEqual: operation(2, 'compare', (x, y) => truth(x !== y)),
  less: operation(2, 'compare', (x, y) => truth(x < y)),
  lessOrEqual: operation(2, 'compare', (x, y) => truth(x <= y)),
  greater: operation(2, 'compare', (x, y) => truth(x > y)),
  greaterOrEqual: operation(2, 'compare', (x, y) => truth(x >= y)),

  and: operation(2, 'logic', (x, y) => truth(x !== 0 && y !== 0)),
  or: operation(2, 'logic', (x, y) => truth(x !== 0 || y !== 0)),
  not: operation(1, 'logic', (x) => truth(x === 0)),

  toFloat: operation(1, 'toFloat', (x) => x),
  /** The integer that a float provably is. */
  toInteger: operation(1, 'toInteger', (x) => x),
  /** condition ? x : y; the side not taken is never observed. */
  select: operation(3, 'select', (condition, x, y) => (condition !== 0 ? x : y)),
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
