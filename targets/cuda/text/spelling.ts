// How each scalar operation is said in C++ for CUDA and for the host alike. Floats are float, integers int.
// The table is typed by OperationName: a missing entry does not compile.
import { LEAST_NORMAL, type OperationName } from '../../../src/ir/index.js';
import type { Spelling, Spellings } from '../../shared/text/expressions.js';
import { arithmetic, comparisons, operators } from '../../shared/text/spelling.js';
import { binary, call, comparison, floatCode, level, within } from './code.js';

/** A function whose result has the type of its operands: one name for floats, one for integers. */
const named =
  (floats: string, integers = floats): Spelling =>
  (operands) =>
    call(operands[0]!.type === 'int' ? integers : floats, operands, operands[0]!.type);

/** Operations that are functions of one name. */
const functionNames = {
  arcTangent2: 'atan2f',
  squareRoot: 'sqrtf',
  cubeRoot: 'cbrtf',
  exponential: 'expf',
  exponentialMinusOne: 'expm1f',
  logarithm: 'logf',
  logarithm2: 'log2f',
  logarithm10: 'log10f',
  logarithmOnePlus: 'log1pf',
  sine: 'sinf',
  cosine: 'cosf',
  tangent: 'tanf',
  arcSine: 'asinf',
  arcCosine: 'acosf',
  arcTangent: 'atanf',
  hyperbolicSine: 'sinhf',
  hyperbolicCosine: 'coshf',
  hyperbolicTangent: 'tanhf',
  floor: 'floorf',
  ceiling: 'ceilf',
  round: 'round_half_up',
  truncate: 'truncf',
  absorbingMultiply: 'absorbing_multiply',
  exponentialDifference: 'exponential_difference',
  floorDivide: 'floor_divide',
  shiftLeft: 'shift_left',
  shiftRight: 'shift_right',
} as const satisfies Partial<Record<OperationName, string>>;

const functions = Object.fromEntries(
  Object.entries(functionNames).map(([operation, name]) => [operation, named(name)]),
) as Readonly<Record<keyof typeof functionNames, Spelling>>;

const infix =
  (operator: string, type: 'int' | 'bool'): Spelling =>
  ([x, y]) =>
    binary(x!, operator, y!, type, level.loose);

const isNumber = (text: string): boolean => /^\d+(\.\d+)?(e[-+]?\d+)?f$/.test(text);

function hasReciprocal(text: string): boolean {
  const size = isNumber(text) ? Number.parseFloat(text) : 0;
  return size >= LEAST_NORMAL && size <= 1 / LEAST_NORMAL;
}

export const spellings: Spellings = {
  ...operators,
  ...functions,
  ...comparisons(),
  // Of integers, % has the sign of the dividend, as in JavaScript.
  remainder: (operands, context) =>
    operands[0]!.type === 'int' ? arithmetic('%', level.multiply)(operands, context) : call('fmodf', operands, 'float'),
  minimum: named('smaller', 'least'),
  maximum: named('larger', 'most'),
  absolute: named('fabsf', 'size_of'),
  sign: named('sign_of', 'sign'),
  // A quotient by a constant is a product: the division of a device takes many instructions, and gains half a last place.
  // That holds where the reciprocal is a normal number: that of 1e-40 is infinite, that of 3e38 loses places.
  divide: ([x, y], context) =>
    hasReciprocal(y!.text)
      ? binary(x!, '*', floatCode(1 / Number.parseFloat(y!.text)), 'float', level.multiply)
      : arithmetic('/', level.multiply)([x!, y!], context),
  power: ([x, y]) => call(isNumber(y!.text.replace(/^-/, '')) ? 'powf' : 'power', [x!, y!], 'float'),
  bitAnd: infix('&', 'int'),
  bitOr: infix('|', 'int'),
  bitExclusiveOr: infix('^', 'int'),
  equal: ([x, y]) => comparison(x!, '==', y!),
  notEqual: ([x, y]) => comparison(x!, '!=', y!),
  and: infix('&&', 'bool'),
  or: infix('||', 'bool'),
  toFloat: ([x]) => call('static_cast<float>', [x!], 'float'),
  toInteger: ([x]) => call('to_integer', [x!], 'int'),
  select: ([condition, yes, no]) => ({
    ...yes!,
    text: `(${within(condition!, level.unary)} ? ${yes!.text} : ${no!.text})`,
    level: level.atom,
  }),
};
