// The derivative of each scalar operation: what a cotangent of the result gives to each operand.
// Every rule scales with absorbingMultiply, the cotangent first, so that a zero cotangent contributes exactly 0.
import { apply, type Expression, float, type OperationName } from '../ir/index.js';

/** The cotangents of the operands, undefined for an operand that the result does not depend on smoothly. */
export type Rule = (
  cotangent: Expression,
  operands: readonly Expression[],
  result: Expression,
) => readonly (Expression | undefined)[];

const times = (x: Expression, y: Expression): Expression => apply('multiply', x, y);
const over = (x: Expression, y: Expression): Expression => apply('divide', x, y);
const plus = (x: Expression, y: Expression): Expression => apply('add', x, y);
const minus = (x: Expression, y: Expression): Expression => apply('subtract', x, y);
const negative = (x: Expression): Expression => apply('negate', x);
const squared = (x: Expression): Expression => times(x, x);
const equal = (x: Expression, y: Expression): Expression => apply('equal', x, y);
const one = float(1);
const zero = float(0);

/** cotangent · factor, 0 where the cotangent is. */
export const scaled = (cotangent: Expression, factor: Expression): Expression =>
  apply('absorbingMultiply', cotangent, factor);

/** A rule for one operand from its derivative. */
const unary =
  (derivative: (x: Expression, result: Expression) => Expression): Rule =>
  (cotangent, [x], result) => [scaled(cotangent, derivative(x!, result))];

/** The larger (or smaller) operand gets the cotangent; both get half of it where they are equal. */
const extremum =
  (wins: 'greater' | 'less'): Rule =>
  (cotangent, [x, y]) => {
    const half = times(cotangent, float(0.5));
    const share = (mine: Expression, other: Expression): Expression =>
      apply('select', apply(wins, mine, other), cotangent, apply('select', equal(mine, other), half, zero));
    return [share(x!, y!), share(y!, x!)];
  };

/** Integers, truth values and steps have no derivative. */
const none: Rule = (_, operands) => operands.map(() => undefined);

export const derivatives = {
  add: (cotangent) => [cotangent, cotangent],
  subtract: (cotangent) => [cotangent, negative(cotangent)],
  multiply: (cotangent, [x, y]) => [scaled(cotangent, y!), scaled(cotangent, x!)],
  divide: (cotangent, [, y], result) => [
    scaled(cotangent, over(one, y!)),
    scaled(cotangent, negative(over(result, y!))),
  ],
  // x % y = x − trunc(x / y) · y
  remainder: (cotangent, [x, y]) => [cotangent, scaled(cotangent, negative(apply('truncate', over(x!, y!))))],
  minimum: extremum('less'),
  maximum: extremum('greater'),
  negate: (cotangent) => [negative(cotangent)],
  absolute: unary((x) => apply('sign', x)),
  sign: none,
  power: (cotangent, [x, y], result) => [
    // At an exponent of 0 the power is constant, also where x is 0 and x^−1 is not finite.
    apply('select', equal(y!, zero), zero, scaled(cotangent, times(y!, apply('power', x!, minus(y!, one))))),
    // 0^y is constant for positive y, where the logarithm of 0 is not finite.
    apply('select', equal(x!, zero), zero, scaled(cotangent, times(result, apply('logarithm', x!)))),
  ],
  arcTangent2: (cotangent, [y, x]) => {
    const norm = plus(squared(x!), squared(y!));
    return [scaled(cotangent, over(x!, norm)), scaled(cotangent, negative(over(y!, norm)))];
  },
  squareRoot: unary((_, result) => over(float(0.5), result)),
  cubeRoot: unary((_, result) => over(one, times(float(3), squared(result)))),
  exponential: unary((_, result) => result),
  exponentialMinusOne: unary((_, result) => plus(result, one)),
  logarithm: unary((x) => over(one, x)),
  logarithm2: unary((x) => over(float(Math.LOG2E), x)),
  logarithm10: unary((x) => over(float(Math.LOG10E), x)),
  logarithmOnePlus: unary((x) => over(one, plus(one, x))),
  sine: unary((x) => apply('cosine', x)),
  cosine: unary((x) => negative(apply('sine', x))),
  tangent: unary((_, result) => plus(one, squared(result))),
  arcSine: unary((x) => over(one, apply('squareRoot', minus(one, squared(x))))),
  arcCosine: unary((x) => over(float(-1), apply('squareRoot', minus(one, squared(x))))),
  arcTangent: unary((x) => over(one, plus(one, squared(x)))),
  hyperbolicSine: unary((x) => apply('hyperbolicCosine', x)),
  hyperbolicCosine: unary((x) => apply('hyperbolicSine', x)),
  hyperbolicTangent: unary((_, result) => minus(one, squared(result))),
  floor: none,
  ceiling: none,
  round: none,
  truncate: none,
  absorbingMultiply: (cotangent, [x, y]) => [scaled(cotangent, y!), scaled(cotangent, x!)],
  exponentialDifference: (cotangent, _, result) => {
    const share = scaled(cotangent, result);
    return [share, negative(share)];
  },
  stopGradient: none,
  floorDivide: none,
  bitAnd: none,
  bitOr: none,
  bitExclusiveOr: none,
  shiftLeft: none,
  shiftRight: none,
  bitNot: none,
  equal: none,
  notEqual: none,
  less: none,
  lessOrEqual: none,
  greater: none,
  greaterOrEqual: none,
  and: none,
  or: none,
  not: none,
  toFloat: none,
  toInteger: none,
  // The side that is not taken is not observed: its cotangent is 0 and absorbs whatever its derivative is.
  select: (cotangent, [condition]) => [
    undefined,
    apply('select', condition!, cotangent, zero),
    apply('select', condition!, zero, cotangent),
  ],
} as const satisfies Readonly<Record<OperationName, Rule>>;
