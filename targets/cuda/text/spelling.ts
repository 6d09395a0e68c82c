// How each scalar operation is said in C++ for CUDA and for the host alike. Floats are float, integers int.
// The table is typed by OperationName: a missing entry does not compile.
import { LEAST_NORMAL, type OperationName } from '../../../src/ir/index.js';
import { binary, type Code, call, comparison, floatCode, level, within } from './code.js';

export interface SpellingContext {
  /** A name for a value that is used more than once. */
  readonly once: (code: Code) => Code;
}

export type Spelling = (operands: readonly Code[], context: SpellingContext) => Code;
export type Spellings = Readonly<Record<OperationName, Spelling>>;

const arithmetic =
  (operator: string, at: number): Spelling =>
  ([x, y]) =>
    binary(x!, operator, y!, x!.type, at);

/** A function whose result has the type of its operands: one name for floats, one for integers. */
const named =
  (floats: string, integers = floats): Spelling =>
  (operands) =>
    call(operands[0]!.type === 'int' ? integers : floats, operands, operands[0]!.type);

const infix =
  (operator: string): Spelling =>
  ([x, y]) =>
    binary(x!, operator, y!, 'int', level.loose);

const logic =
  (operator: string): Spelling =>
  ([x, y]) =>
    binary(x!, operator, y!, 'bool', level.loose);

const compared =
  (operator: string): Spelling =>
  ([x, y]) =>
    comparison(x!, operator, y!);

const unary =
  (operator: string): Spelling =>
  ([x]) => ({ ...x!, text: `${operator}${within(x!, level.atom)}`, level: level.unary });

const cast =
  (type: 'float'): Spelling =>
  ([x]) =>
    call(`static_cast<${type}>`, [x!], type);

const isNumber = (text: string): boolean => /^\d+(\.\d+)?(e[-+]?\d+)?f$/.test(text);

function hasReciprocal(text: string): boolean {
  const size = isNumber(text) ? Number.parseFloat(text) : 0;
  return size >= LEAST_NORMAL && size <= 1 / LEAST_NORMAL;
}

export const spellings: Spellings = {
  add: arithmetic('+', level.add),
  subtract: arithmetic('-', level.add),
  multiply: arithmetic('*', level.multiply),
  // Of integers, % has the sign of the dividend, as in JavaScript.
  remainder: (operands, context) =>
    operands[0]!.type === 'int' ? arithmetic('%', level.multiply)(operands, context) : call('fmodf', operands, 'float'),
  minimum: named('smaller', 'least'),
  maximum: named('larger', 'most'),
  negate: unary('-'),
  absolute: named('fabsf', 'size_of'),
  sign: named('sign_of', 'sign'),

  // A quotient by a constant is a product: the division of a device takes many instructions, and gains half a last place.
  // That holds where the reciprocal is a normal number: that of 1e-40 is infinite, that of 3e38 loses places.
  divide: ([x, y], context) =>
    hasReciprocal(y!.text)
      ? binary(x!, '*', floatCode(1 / Number.parseFloat(y!.text)), 'float', level.multiply)
      : arithmetic('/', level.multiply)([x!, y!], context),
  power: ([x, y]) => call(isNumber(y!.text.replace(/^-/, '')) ? 'powf' : 'power', [x!, y!], 'float'),
  arcTangent2: named('atan2f'),
  squareRoot: named('sqrtf'),
  cubeRoot: named('cbrtf'),
  exponential: named('expf'),
  exponentialMinusOne: named('expm1f'),
  logarithm: named('logf'),
  logarithm2: named('log2f'),
  logarithm10: named('log10f'),
  logarithmOnePlus: named('log1pf'),
  sine: named('sinf'),
  cosine: named('cosf'),
  tangent: named('tanf'),
  arcSine: named('asinf'),
  arcCosine: named('acosf'),
  arcTangent: named('atanf'),
  hyperbolicSine: named('sinhf'),
  hyperbolicCosine: named('coshf'),
  hyperbolicTangent: named('tanhf'),
  floor: named('floorf'),
  ceiling: named('ceilf'),
  round: named('round_half_up'),
  truncate: named('truncf'),
  absorbingMultiply: named('absorbing_multiply'),
  exponentialDifference: named('exponential_difference'),
  stopGradient: ([x]) => x!,

  floorDivide: named('floor_divide'),
  bitAnd: infix('&'),
  bitOr: infix('|'),
  bitExclusiveOr: infix('^'),
  shiftLeft: named('shift_left'),
  shiftRight: named('shift_right'),
  bitNot: unary('~'),

  equal: compared('=='),
  notEqual: compared('!='),
  less: compared('<'),
  lessOrEqual: compared('<='),
  greater: compared('>'),
  greaterOrEqual: compared('>='),

  and: logic('&&'),
  or: logic('||'),
  not: unary('!'),

  toFloat: cast('float'),
  toInteger: ([x]) => call('to_integer', [x!], 'int'),
  select: ([condition, yes, no]) => ({
    ...yes!,
    text: `(${within(condition!, level.unary)} ? ${yes!.text} : ${no!.text})`,
    level: level.atom,
  }),
};
