// How each scalar operation is said in WGSL, for one value or for four columns at once. Floats are f32, integers i32.
// The table is typed by OperationName: a missing entry does not compile.
import {
  excludesZero,
  type FloatRange,
  isFiniteRange,
  LEAST_NORMAL,
  type OperationName,
  type ScalarType,
} from '../../../src/ir/index.js';
import type { SpellingContext as ExpressionContext, Spellings } from '../../shared/text/expressions.js';
import { arithmetic, comparisons, operators, prefixed } from '../../shared/text/spelling.js';
import { alike, binary, type Code, call, comparison, floatCode, integerCode, level, splat, typeName } from './code.js';
import type { HelperName, Helpers } from './helpers.js';

interface SpellingContext extends ExpressionContext {
  readonly helpers: Helpers;
}

type Spelling = (operands: readonly Code[], context: SpellingContext) => Code;

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

/**
 * & and |, of truth values too, one or four: && and || are branches, and with each further branch in a loop a software driver may
 * take twice as long to compile it.
 */
const bits =
  (operator: string, type: 'int' | 'bool' = 'int'): Spelling =>
  (operands) => {
    const [x, y] = alike(operands) as [Code, Code];
    return binary(x, operator, y, type, level.loose);
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

// ── Guards ──────────────────────────────────────────────────────────────────────────────────────────

/** A builtin where nothing odd can meet it, a function that knows the edges elsewhere. */
const guarded =
  (name: string, edges: HelperName, isTame: (ranges: readonly FloatRange[]) => boolean): Spelling =>
  (operands, context) =>
    isTame(context.ranges) ? builtin(name)(operands, context) : helper(edges)(operands, context);

const isNumber: (range: FloatRange | undefined) => boolean = (range) => range?.mayBeNaN === false;
const isNormal = (range: FloatRange | undefined): boolean => isNumber(range) && range!.low >= LEAST_NORMAL;

/**
 * The larger or smaller of two numbers, NaN where one of them is. Beside a number that is not 0 one comparison does,
 * which NaN on the other side fails, so that it stays.
 */
const extreme =
  (name: 'minimum' | 'maximum', operator: '<=' | '>='): Spelling =>
  ([x, y], context) => {
    if (x!.type === 'int') return builtin(name === 'minimum' ? 'min' : 'max')([x!, y!], context);
    const plain = context.ranges.map((range) => isNumber(range) && excludesZero(range));
    const zero = context.ranges.map((range) => isNumber(range) && range.low === 0 && range.high === 0);
    const at = plain[1] || zero[1] ? 1 : plain[0] || zero[0] ? 0 : undefined;
    if (at === undefined) return helper(name)([x!, y!], context);
    const bound = at === 1 ? y! : x!;
    const other = context.once(at === 1 ? x! : y!);
    if (plain[at] && isNumber(context.ranges[1 - at])) {
      return builtin(name === 'minimum' ? 'min' : 'max')([other, bound], context);
    }
    // Of +0 and −0 the one that is the larger or the smaller, whichever side it stands on.
    const isUpper = Object.is(context.ranges[at]!.low, 0);
    const keepsOther = zero[at] && isUpper === (name === 'minimum');
    return choose(comparison(other, keepsOther ? operator.slice(0, 1) : operator, bound), bound, other);
  };

/** Products in place of a small whole power, of the reciprocal where it is negative. */
function wholePower(x: Code, exponent: number, { once }: SpellingContext): Code {
  const times = (one: Code, other: Code): Code => once(binary(one, '*', other, 'float', level.multiply));
  const base = once(exponent < 0 ? binary(splatLike(floatCode(1), x), '/', x, 'float', level.multiply) : x);
  const powers = new Map([[1, base]]);
  const powerOf = (n: number): Code => {
    const found = powers.get(n) ?? times(powerOf(Math.floor(n / 2)), powerOf(Math.ceil(n / 2)));
    powers.set(n, found);
    return found;
  };
  return powerOf(Math.abs(exponent));
}
const splatLike = (code: Code, like: Code): Code => (like.wide ? splat(code) : code);

/** Powers of so much at most are products. */
const MOST_FACTORS = 8;

const power: Spelling = (operands, context) => {
  const [x, y] = context.ranges;
  const exponent = y && y.low === y.high && !y.mayBeNaN ? y.low : undefined;
  if (exponent && Number.isInteger(exponent) && Math.abs(exponent) <= MOST_FACTORS) {
    return wholePower(operands[0]!, exponent, context);
  }
  return guarded('pow', 'power', () => isNormal(x) && isFiniteRange(x!) && isFiniteRange(y!))(operands, context);
};

/** A divisor below the normal numbers would be flushed to 0: both sides are scaled. */
const divide: Spelling = ([x, y], context) => {
  const value = context.ranges[1];
  const isTiny = value && value.low === value.high && value.low !== 0 && Math.abs(value.low) < LEAST_NORMAL;
  const [dividend, divisor] = isTiny
    ? [binary(x!, '*', floatCode(2 ** 64), 'float', level.multiply), floatCode(Math.fround(value.low) * 2 ** 64)]
    : [x!, y!];
  return arithmetic('/', level.multiply)([dividend, divisor], context);
};

const opposable = (x: Code, { ranges }: SpellingContext): Code =>
  ranges[0] && ranges[0].low > -(2 ** 31) ? x : call('max', alike([x, integerCode(-(2 ** 31 - 1))]), 'int');

const spellings: Readonly<Record<OperationName, Spelling>> = {
  ...operators,
  // Truth values are ordered as 0 and 1.
  ...comparisons((x, operator, y) => comparison(ofTruth(x), operator, ofTruth(y))),
  // Of integers, % has the sign of the dividend, as in JavaScript.
  remainder: (operands, context) =>
    operands[0]!.type === 'int'
      ? arithmetic('%', level.multiply)(operands, context)
      : helper('float_remainder')(operands, context),
  minimum: extreme('minimum', '>='),
  maximum: extreme('maximum', '<='),
  // The least integer has no opposite.
  absolute: ([x], context) => builtin('abs')([x!.type === 'int' ? opposable(x!, context) : x!], context),
  sign: (operands, context) =>
    operands[0]!.type === 'int' ? builtin('sign')(operands, context) : helper('sign_of')(operands, context),

  divide,
  power,
  arcTangent2: helper('arc_tangent_2'),
  squareRoot: builtin('sqrt'),
  cubeRoot: helper('cube_root'),
  exponential: guarded('exp', 'exponential', ([x]) => isNumber(x)),
  exponentialMinusOne: helper('exponential_minus_one'),
  logarithm: guarded('log', 'logarithm', ([x]) => isNormal(x)),
  logarithm2: guarded('log2', 'logarithm_2', ([x]) => isNormal(x)),
  logarithm10: helper('logarithm_10'),
  logarithmOnePlus: helper('logarithm_one_plus'),
  sine: helper('sine'),
  cosine: helper('cosine'),
  tangent: helper('tangent'),
  arcSine: helper('arc_sine'),
  arcCosine: helper('arc_cosine'),
  arcTangent: helper('arc_tangent'),
  hyperbolicSine: helper('hyperbolic_sine'),
  hyperbolicCosine: helper('hyperbolic_cosine'),
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

  floorDivide: helper('floor_divide'),
  bitAnd: bits('&'),
  bitOr: bits('|'),
  bitExclusiveOr: bits('^'),
  shiftLeft: shift('<<'),
  shiftRight: shift('>>'),

  equal: ([x, y]) => comparison(x!, '==', y!),
  // NaN differs from itself, which implementations of != forget.
  notEqual: ([x, y]) => (x!.type === 'float' ? prefixed('!', comparison(x!, '==', y!)) : comparison(x!, '!=', y!)),

  and: bits('&', 'bool'),
  or: bits('|', 'bool'),

  toFloat: convert('float'),
  toInteger: ([x], context) => {
    const limits = [-(2 ** 31), 2 ** 31 - 128].map(floatCode);
    const isSafe = context.ranges[0] && Math.max(-context.ranges[0].low, context.ranges[0].high) < 2 ** 31;
    return convert('int')([isSafe ? x! : call('clamp', alike([x!, ...limits]), 'float')], context);
  },
  select: ([condition, yes, no]) => choose(condition!, yes!, no!),
};

/** The table with the functions of a module, which `helpers` remembers. */
export const spellingsWith = (helpers: Helpers): Spellings =>
  Object.fromEntries(
    Object.entries(spellings).map(([operation, spell]) => [
      operation,
      (operands: readonly Code[], { once, ranges }: ExpressionContext) => spell(operands, { helpers, once, ranges }),
    ]),
  ) as Spellings;
