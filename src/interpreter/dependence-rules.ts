// What a scalar operation's result depends on, given what its operands do: sets of sources as bits, beside the values.
// One bit stands for rounding: a zero that rounding has touched is no zero to a device that rounds otherwise.
import type { OperationName, ScalarType } from '../ir/index.js';

/** Bits below `ROUNDING`, one for each source that an element may depend on. */
export const MOST_SOURCES = 30;
/** The bit of values that a device may round otherwise than float64 does. */
export const ROUNDING = 1 << MOST_SOURCES;

const isZero = (x: number, mask: number): boolean => x === 0 && (mask & ROUNDING) === 0;
const isHidden = (x: number, mask: number): boolean => x === Number.NEGATIVE_INFINITY && (mask & ROUNDING) === 0;

/** Functions that the generated text calls: values and masks of the operands by turns, the result's value last. */
export const maskFunctions = {
  /** Rounds, unless the result is the zero of operands that are exact. */
  rounded: (mask: number, result: number): number => (isZero(result, mask) ? mask : mask | ROUNDING),
  /** −Infinity stays what it is, whatever finite number is added; so does anything to which an exact 0 is added. */
  sum(x: number, xMask: number, y: number, yMask: number, result: number): number {
    if (isHidden(x, xMask) || isZero(y, yMask))
      return xMask | (isZero(y, yMask) && !isHidden(x, xMask) ? yMask : xMask & yMask);
    if (isHidden(y, yMask) || isZero(x, xMask))
      return yMask | (isZero(x, xMask) && !isHidden(y, yMask) ? xMask : xMask & yMask);
    return maskFunctions.rounded(xMask | yMask, result);
  },
  /** 0 times anything is 0: only what changes both factors reaches the product. */
  product(x: number, xMask: number, y: number, yMask: number, result: number): number {
    const left = isZero(y, yMask) ? xMask & yMask : xMask;
    const right = isZero(x, xMask) ? xMask & yMask : yMask;
    return isZero(x, xMask) || isZero(y, yMask) ? left | right : maskFunctions.rounded(left | right, result);
  },
  quotient: (x: number, xMask: number, yMask: number, result: number): number =>
    isZero(x, xMask) ? xMask : maskFunctions.rounded(xMask | yMask, result),
  /** What underflows in float64 does so in every precision. */
  exponential: (mask: number, result: number): number => (result === 0 ? mask & ~ROUNDING : mask | ROUNDING),
  /** e^(x − m): nothing of m reaches a hidden key. */
  difference: (x: number, xMask: number, mMask: number, result: number): number =>
    isHidden(x, xMask) ? xMask : maskFunctions.exponential(xMask | mMask, result),
  /** The larger or smaller of two: rounded where the one that wins is. Near ties are left out of checks. */
  extreme: (x: number, xMask: number, yMask: number, result: number): number =>
    ((xMask | yMask) & ~ROUNDING) | ((x === result ? xMask : yMask) & ROUNDING),
  maximum(x: number, xMask: number, y: number, yMask: number, result: number): number {
    if (isHidden(x, xMask)) return yMask | xMask;
    if (isHidden(y, yMask)) return xMask | yMask;
    return maskFunctions.extreme(x, xMask, yMask, result);
  },
  /** false && x is false whatever x is. */
  conjunction: (x: boolean, xMask: number, y: boolean, yMask: number): number =>
    (y ? xMask : xMask & yMask) | (x ? yMask : xMask & yMask),
} as const;

/** An operand, or the result, in generated text. */
export interface Written {
  readonly value: string;
  readonly mask: string;
}

type MaskRule = (operands: readonly Written[], result: string) => string;

const call =
  (
    name: keyof typeof maskFunctions,
    parts: (operands: readonly Written[], result: string) => readonly string[],
  ): MaskRule =>
  (operands, result) =>
    `masks.${name}(${parts(operands, result).join(', ')})`;

const union: MaskRule = (operands) => operands.map(({ mask }) => mask).join(' | ') || '0';
const both = ([x, y]: readonly Written[]) => [x!.value, x!.mask, y!.value, y!.mask];
const rounded = call('rounded', (operands, result) => [union(operands, result), result]);
const sum = call('sum', (operands, result) => [...both(operands), result]);
const product = call('product', (operands, result) => [...both(operands), result]);
const exponential = call('exponential', ([x], result) => [x!.mask, result]);
/** Ties at a threshold are left out of checks: which side is taken does not hang on rounding. */
const comparison: MaskRule = (operands, result) => `(${union(operands, result)}) & ${~ROUNDING}`;
const conjunction = call('conjunction', (operands) => both(operands));

/** The rules on floats; on integers and truth values nothing rounds. */
const rules: Readonly<Record<OperationName, MaskRule>> = {
  add: sum,
  subtract: sum,
  multiply: product,
  absorbingMultiply: product,
  divide: call('quotient', ([x, y], result) => [x!.value, x!.mask, y!.mask, result]),
  remainder: rounded,
  minimum: call('extreme', ([x, y], result) => [x!.value, x!.mask, y!.mask, result]),
  maximum: call('maximum', (operands, result) => [...both(operands), result]),
  negate: union,
  absolute: union,
  sign: union,
  power: rounded,
  arcTangent2: rounded,
  squareRoot: rounded,
  cubeRoot: rounded,
  exponential,
  exponentialMinusOne: rounded,
  logarithm: rounded,
  logarithm2: rounded,
  logarithm10: rounded,
  logarithmOnePlus: rounded,
  sine: rounded,
  cosine: rounded,
  tangent: rounded,
  arcSine: rounded,
  arcCosine: rounded,
  arcTangent: rounded,
  hyperbolicSine: rounded,
  hyperbolicCosine: rounded,
  hyperbolicTangent: rounded,
  floor: union,
  ceiling: union,
  round: union,
  truncate: union,
  exponentialDifference: call('difference', ([x, m], result) => [x!.value, x!.mask, m!.mask, result]),
  stopGradient: union,
  floorDivide: union,
  bitAnd: union,
  bitOr: union,
  bitExclusiveOr: union,
  shiftLeft: union,
  shiftRight: union,
  bitNot: union,
  equal: comparison,
  notEqual: comparison,
  less: comparison,
  lessOrEqual: comparison,
  greater: comparison,
  greaterOrEqual: comparison,
  and: conjunction,
  or: call('conjunction', ([x, y]) => [`!${x!.value}`, x!.mask, `!${y!.value}`, y!.mask]),
  not: union,
  toFloat: union,
  toInteger: union,
  select: ([condition, x, y]) => `${condition!.mask} | (${condition!.value} ? ${x!.mask} : ${y!.mask})`,
};

/** The text of the mask of an operation's result; `result` is the text of its value. */
export function maskText(
  operation: OperationName,
  type: ScalarType,
  operands: readonly Written[],
  result: string,
): string {
  const text = rules[operation](operands, result);
  return type === 'int' ? `(${text}) & ${~ROUNDING}` : `(${text})`;
}
