// How each scalar operation is said in WGSL, for one value or for four columns at once. Floats are f32, integers i32.
// The table is typed by OperationName: a missing entry does not compile.
import type { OperationName, ScalarType } from '../../../src/ir/index.js';
import {
  alike,
  binary,
  type Code,
  call,
  comparison,
  floatCode,
  integerCode,
  level,
  splat,
  typeName,
  within,
} from './code.js';
import type { HelperName, Helpers } from './helpers.js';

export interface SpellingContext {
  readonly helpers: Helpers;
  /** A name for a value that is used more than once. */
  readonly once: (code: Code) => Code;
}

export type Spelling = (operands: readonly Code[], context: SpellingContext) => Code;
export type Spellings = Readonly<Record<OperationName, Spelling>>;

const arithmetic =
  (operator: string, at: number): Spelling =>
  ([x, y]) =>
    binary(x!, operator, y!, x!.type, at);

/** A function that WGSL has, whose result has the type of its operands. */
const builtin =
  (name: string): Spelling =>
  (operands) =>
    call(name, alike(operands), operands[0]!.type);

const helper =
  (name: HelperName): Spelling =>
  (operands, { helpers }) => {
    const all = alike(operands);
    return call(helpers.use(name, all[0]!.wide), all, all[0]!.type);
  };

const ofTruth = (code: Code): Code =>
  code.type === 'bool' ? call('select', alike([integerCode(0), integerCode(1), code]), 'int') : code;

/** Truth values are ordered as 0 and 1. */
const compared =
  (operator: string): Spelling =>
  ([x, y]) =>
    comparison(ofTruth(x!), operator, ofTruth(y!));

/** && and || are for scalars; & and | do the same for four truth values. */
const logic =
  (scalar: string, wide: string): Spelling =>
  (operands) => {
    const [x, y] = alike(operands) as [Code, Code];
    return binary(x, x.wide ? wide : scalar, y, 'bool', level.loose);
  };

const bits =
  (operator: string): Spelling =>
  (operands) => {
    const [x, y] = alike(operands) as [Code, Code];
    return binary(x, operator, y, 'int', level.loose);
  };

/** The distance is taken modulo 32, as in JavaScript; WGSL wants it unsigned. */
const shift =
  (operator: string): Spelling =>
  (operands) => {
    const [x, y] = alike(operands) as [Code, Code];
    const unsigned = `${y.wide ? 'vec4u' : 'u32'}(${y.text})`;
    const distance = { ...y, text: `(${unsigned} & ${y.wide ? 'vec4u(31u)' : '31u'})`, level: level.atom };
    return binary(x, operator, distance, 'int', level.loose);
  };

const unary =
  (operator: string): Spelling =>
  ([x]) => ({ ...x!, text: `${operator}${within(x!, level.atom)}`, level: level.unary });

const convert =
  (type: ScalarType): Spelling =>
  ([x]) => ({ ...call(typeName(type, x!.wide), [x!], type), wide: x!.wide });

const zeroLike = (x: Code): Code => (x.wide ? splat(floatCode(0)) : floatCode(0));

/** select(no, yes, condition); four conditions choose between vectors. */
function choose(condition: Code, yes: Code, no: Code): Code {
  const sides = alike([no, yes, ...(condition.wide ? [condition] : [])]);
  const [n, y] = sides as [Code, Code];
  return { ...call('select', [n, y, condition], yes.type), wide: n.wide };
}

/** log2(e) and the like are left to the device. */
const scaledLogarithm =
  (name: string, factor: number): Spelling =>
  ([x]) =>
    binary(call(name, [x!], 'float'), '*', floatCode(factor), 'float', level.multiply);

export const spellings: Spellings = {
  add: arithmetic('+', level.add),
  subtract: arithmetic('-', level.add),
  multiply: arithmetic('*', level.multiply),
  // Of integers, % has the sign of the dividend, as in JavaScript.
  remainder: (operands, context) =>
    operands[0]!.type === 'int'
      ? arithmetic('%', level.multiply)(operands, context)
      : helper('float_remainder')(operands, context),
  minimum: builtin('min'),
  maximum: builtin('max'),
  negate: unary('-'),
  absolute: builtin('abs'),
  sign: builtin('sign'),

  divide: arithmetic('/', level.multiply),
  power: helper('power'),
  arcTangent2: builtin('atan2'),
  squareRoot: builtin('sqrt'),
  cubeRoot: helper('cube_root'),
  exponential: builtin('exp'),
  exponentialMinusOne: helper('exponential_minus_one'),
  logarithm: builtin('log'),
  logarithm2: builtin('log2'),
  logarithm10: scaledLogarithm('log2', Math.LN2 / Math.LN10),
  logarithmOnePlus: helper('logarithm_one_plus'),
  sine: helper('sine'),
  cosine: helper('cosine'),
  tangent: helper('tangent'),
  arcSine: helper('arc_sine'),
  arcCosine: helper('arc_cosine'),
  arcTangent: builtin('atan'),
  hyperbolicSine: helper('hyperbolic_sine'),
  hyperbolicCosine: builtin('cosh'),
  hyperbolicTangent: helper('hyperbolic_tangent'),
  floor: builtin('floor'),
  ceiling: builtin('ceil'),
  round: helper('round_half_up'),
  truncate: builtin('trunc'),
  absorbingMultiply: ([x, y], { once }) => {
    const factor = once(x!);
    const product = binary(factor, '*', y!, 'float', level.multiply);
    return choose(comparison(factor, '==', zeroLike(factor)), zeroLike(product), product);
  },
  exponentialDifference: helper('exponential_difference'),
  stopGradient: ([x]) => x!,

  floorDivide: helper('floor_divide'),
  bitAnd: bits('&'),
  bitOr: bits('|'),
  bitExclusiveOr: bits('^'),
  shiftLeft: shift('<<'),
  shiftRight: shift('>>'),
  bitNot: unary('~'),

  equal: ([x, y]) => comparison(x!, '==', y!),
  notEqual: ([x, y]) => comparison(x!, '!=', y!),
  less: compared('<'),
  lessOrEqual: compared('<='),
  greater: compared('>'),
  greaterOrEqual: compared('>='),

  and: logic('&&', '&'),
  or: logic('||', '|'),
  not: unary('!'),

  toFloat: convert('float'),
  toInteger: convert('int'),
  select: ([condition, yes, no]) => choose(condition!, yes!, no!),
};
