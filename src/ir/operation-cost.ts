// What a scalar operation costs, coarsely: the passes ask whether work may be repeated, the cost model counts it.
// Indices, comparisons and choices are free beside arithmetic; the transcendental ones run on a slower unit everywhere.
import { type Expression, parts } from './expression.js';
import type { OperationName } from './operations.js';

export type OperationCost = 'free' | 'cheap' | 'heavy';

export const operationCost = {
  add: 'cheap',
  subtract: 'cheap',
  multiply: 'cheap',
  remainder: 'heavy',
  minimum: 'cheap',
  maximum: 'cheap',
  negate: 'cheap',
  absolute: 'cheap',
  sign: 'cheap',
  divide: 'cheap',
  power: 'heavy',
  arcTangent2: 'heavy',
  squareRoot: 'heavy',
  cubeRoot: 'heavy',
  exponential: 'heavy',
  exponentialMinusOne: 'heavy',
  logarithm: 'heavy',
  logarithm2: 'heavy',
  logarithm10: 'heavy',
  logarithmOnePlus: 'heavy',
  sine: 'heavy',
  cosine: 'heavy',
  tangent: 'heavy',
  arcSine: 'heavy',
  arcCosine: 'heavy',
  arcTangent: 'heavy',
  hyperbolicSine: 'heavy',
  hyperbolicCosine: 'heavy',
  hyperbolicTangent: 'heavy',
  floor: 'cheap',
  ceiling: 'cheap',
  round: 'cheap',
  truncate: 'cheap',
  absorbingMultiply: 'cheap',
  exponentialDifference: 'heavy',
  stopGradient: 'free',
  floorDivide: 'free',
  bitAnd: 'free',
  bitOr: 'free',
  bitExclusiveOr: 'free',
  shiftLeft: 'free',
  shiftRight: 'free',
  bitNot: 'free',
  equal: 'free',
  notEqual: 'free',
  less: 'free',
  lessOrEqual: 'free',
  greater: 'free',
  greaterOrEqual: 'free',
  and: 'free',
  or: 'free',
  not: 'free',
  toFloat: 'free',
  toInteger: 'free',
  select: 'free',
} as const satisfies Record<OperationName, OperationCost>;

/** Operations on integers make indices, whatever they are on floats. */
export function costOf(expression: Expression): OperationCost {
  return expression.kind === 'apply' && expression.type === 'float' ? operationCost[expression.operation] : 'free';
}

/** Whether evaluating `root` again elsewhere is worth avoiding: it holds a sum, a maximum or a heavy operation. */
export function isExpensive(root: Expression): boolean {
  return anyPart(root, (part) => part.kind === 'accumulate' || costOf(part) === 'heavy');
}

/** At most this much arithmetic may be repeated where a value is used more than once. */
const TRIVIAL_OPERATIONS = 3;

/** Whether `root` is so little arithmetic that repeating it costs less than keeping its value. */
export function isTrivial(root: Expression): boolean {
  let operations = 0;
  anyPart(root, (part) => {
    if (costOf(part) !== 'free') operations += 1;
    return false;
  });
  return operations <= TRIVIAL_OPERATIONS && !isExpensive(root);
}

/** Whether some part of `root`, each object looked at once, passes the test. */
export function anyPart(root: Expression, test: (part: Expression) => boolean): boolean {
  const seen = new Set<Expression>();
  const visit = (expression: Expression): boolean => {
    if (seen.has(expression)) return false;
    seen.add(expression);
    return test(expression) || parts(expression).some(visit);
  };
  return visit(root);
}
