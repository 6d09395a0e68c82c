// How the interpreter spells each scalar operation in JavaScript. A spec is JavaScript, so this table says little more than
// that every operation means what its own language says; a test holds it to the meanings in src/ir/operations.ts.
import type { OperationName } from '../ir/index.js';

type Spelling = (x: string, y: string, z: string) => string;

const call =
  (name: string): Spelling =>
  (x) =>
    `${name}(${x})`;
const call2 =
  (name: string): Spelling =>
  (x, y) =>
    `${name}(${x}, ${y})`;
const infix =
  (operator: string): Spelling =>
  (x, y) =>
    `(${x} ${operator} ${y})`;
const itself: Spelling = (x) => x;

/** Truth values are JavaScript's own inside an expression. Operands are atoms or stand in parentheses. */
export const spellings: Readonly<Record<OperationName, Spelling>> = {
  add: infix('+'),
  subtract: infix('-'),
  multiply: infix('*'),
  remainder: infix('%'),
  minimum: call2('Math.min'),
  maximum: call2('Math.max'),
  negate: (x) => `(-(${x}))`,
  absolute: call('Math.abs'),
  sign: call('Math.sign'),
  divide: infix('/'),
  power: call2('Math.pow'),
  arcTangent2: call2('Math.atan2'),
  squareRoot: call('Math.sqrt'),
  cubeRoot: call('Math.cbrt'),
  exponential: call('Math.exp'),
  exponentialMinusOne: call('Math.expm1'),
  logarithm: call('Math.log'),
  logarithm2: call('Math.log2'),
  logarithm10: call('Math.log10'),
  logarithmOnePlus: call('Math.log1p'),
  sine: call('Math.sin'),
  cosine: call('Math.cos'),
  tangent: call('Math.tan'),
  arcSine: call('Math.asin'),
  arcCosine: call('Math.acos'),
  arcTangent: call('Math.atan'),
  hyperbolicSine: call('Math.sinh'),
  hyperbolicCosine: call('Math.cosh'),
  hyperbolicTangent: call('Math.tanh'),
  floor: call('Math.floor'),
  ceiling: call('Math.ceil'),
  round: call('Math.round'),
  truncate: call('Math.trunc'),
  absorbingMultiply: call2('absorbingMultiply'),
  exponentialDifference: call2('exponentialDifference'),
  stopGradient: itself,
  floorDivide: (x, y) => `Math.floor(${x} / ${y})`,
  bitAnd: infix('&'),
  bitOr: infix('|'),
  bitExclusiveOr: infix('^'),
  shiftLeft: infix('<<'),
  shiftRight: infix('>>'),
  bitNot: (x) => `(~${x})`,
  equal: infix('==='),
  notEqual: infix('!=='),
  less: infix('<'),
  lessOrEqual: infix('<='),
  greater: infix('>'),
  greaterOrEqual: infix('>='),
  and: infix('&&'),
  or: infix('||'),
  not: (x) => `(!${x})`,
  toFloat: itself,
  toInteger: itself,
  select: (condition, x, y) => `(${condition} ? ${x} : ${y})`,
};
