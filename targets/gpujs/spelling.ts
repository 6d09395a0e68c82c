// How each scalar operation is said in a gpu.js kernel, which computes in float32 on most backends, and in the module's
// own JavaScript, which computes in float64. Both tables are typed by OperationName: a missing entry does not compile.
import type { OperationName, ScalarType } from '../../src/ir/index.js';
import { atom, binary, type Code, call, conditional, level, numeral, unary } from './code.js';

export interface SpellingContext {
  /** The type of the operands. */
  readonly type: ScalarType;
  /** A name or number that stands for `code`: for operands that are used more than once. */
  readonly once: (code: Code) => Code;
  /** A number that starts as `start` and takes so many steps; `once` names what a step uses more than once. */
  readonly repeat: (start: Code, times: number, step: (value: Code, once: (code: Code) => Code) => Code) => Code;
}

export type Spelling = (operands: readonly Code[], context: SpellingContext) => Code;
export type Spellings = Readonly<Record<OperationName, Spelling>>;
/** Of the module's own JavaScript, which has all operations and repeats nothing. */
type HostSpelling = (operands: readonly Code[], context: Omit<SpellingContext, 'repeat'>) => Code;

const infix =
  (operator: string, at: number): HostSpelling =>
  ([x, y]) =>
    binary(x!, operator, y!, at);
const math =
  (name: string): HostSpelling =>
  (operands) =>
    call(`Math.${name}`, ...operands);
const same: HostSpelling = ([x]) => x!;
const not = (x: Code): Code => unary('!', x);

const half = numeral(0.5);
const zero = numeral(0);
const one = numeral(1);
const lowest = numeral(Number.NEGATIVE_INFINITY);

const absorbingMultiply: HostSpelling = ([x, y], { once }) => {
  const factor = once(x!);
  return conditional(binary(factor, '===', zero, level.equal), zero, binary(factor, '*', y!, level.multiply));
};
const exponentialDifference: HostSpelling = ([x, m], { once }) => {
  const from = once(x!);
  const difference = binary(from, '-', m!, level.add);
  return conditional(binary(from, '===', lowest, level.equal), zero, call('Math.exp', difference));
};

/** What kernels and the module itself say alike. */
const common = {
  add: infix('+', level.add),
  subtract: infix('-', level.add),
  multiply: infix('*', level.multiply),
  minimum: math('min'),
  maximum: math('max'),
  negate: ([x]) => unary('-', x!),
  absolute: math('abs'),
  sign: math('sign'),
  divide: infix('/', level.multiply),
  power: math('pow'),
  arcTangent2: math('atan2'),
  squareRoot: math('sqrt'),
  cubeRoot: math('cbrt'),
  exponential: math('exp'),
  exponentialMinusOne: math('expm1'),
  logarithm: math('log'),
  logarithm2: math('log2'),
  logarithm10: math('log10'),
  logarithmOnePlus: math('log1p'),
  sine: math('sin'),
  cosine: math('cos'),
  tangent: math('tan'),
  arcSine: math('asin'),
  arcCosine: math('acos'),
  arcTangent: math('atan'),
  hyperbolicSine: math('sinh'),
  hyperbolicCosine: math('cosh'),
  hyperbolicTangent: math('tanh'),
  floor: math('floor'),
  ceiling: math('ceil'),
  truncate: math('trunc'),
  absorbingMultiply,
  exponentialDifference,
  stopGradient: same,
  bitAnd: infix('&', level.bitAnd),
  bitOr: infix('|', level.bitOr),
  bitExclusiveOr: infix('^', level.bitExclusiveOr),
  shiftLeft: infix('<<', level.shift),
  shiftRight: infix('>>', level.shift),
  bitNot: ([x]) => unary('~', x!),
  and: infix('&&', level.and),
  or: infix('||', level.or),
  not: ([x]) => not(x!),
  toFloat: same,
  toInteger: same,
} as const satisfies Partial<Record<OperationName, HostSpelling>>;

export const hostSpelling: Readonly<Record<OperationName, HostSpelling>> = {
  ...common,
  remainder: infix('%', level.multiply),
  round: math('round'),
  floorDivide: ([x, y]) => call('Math.floor', binary(x!, '/', y!, level.multiply)),
  equal: infix('===', level.equal),
  notEqual: infix('!==', level.equal),
  less: infix('<', level.compare),
  lessOrEqual: infix('<=', level.compare),
  greater: infix('>', level.compare),
  greaterOrEqual: infix('>=', level.compare),
  select: ([condition, x, y]) => conditional(condition!, x!, y!),
};

/** gpu.js takes the truth value of `a <= b` for a number: truth values are compared, and kept, as 0 and 1. */
const asNumber = (truth: Code): Code => conditional(truth, one, zero);

const compared =
  (operator: string, at: number): Spelling =>
  ([x, y], { type }) =>
    type === 'bool' ? binary(asNumber(x!), operator, asNumber(y!), at) : binary(x!, operator, y!, at);

const minus = (from: Code, what: Code): Code => binary(from, '-', what, level.add);
const times = (x: Code, y: Code): Code => binary(x, '*', y, level.multiply);
const powerOfTwo = (exponent: Code): Code => call('Math.pow', numeral(2), exponent);
const least = (x: Code, y: Code): Code => binary(x, '<', y, level.compare);

/**
 * x modulo y, of sizes whose quotient is below 2^12: y is split in halves that multiply exactly (Dekker, A floating-point
 * technique for extending the available precision, 1971), and a quotient that was rounded to a wrong integer is put right.
 */
function shortRemainder(x: Code, y: Code, once: SpellingContext['once']): Code {
  const split = once(times(y, numeral(2 ** 12 + 1)));
  const upper = once(minus(split, minus(split, y)));
  const lower = once(minus(y, upper));
  const quotient = once(call('Math.trunc', binary(x, '/', y, level.multiply)));
  const rest = once(minus(minus(x, times(quotient, upper)), times(quotient, lower)));
  const isTooLarge = binary(rest, '>=', y, level.compare);
  return conditional(least(rest, zero), binary(rest, '+', y, level.add), conditional(isTooLarge, minus(rest, y), rest));
}

/** Steps after which nothing is left of the quotient of any two floats: each takes 10 of 278 bits off. */
const MOST_STEPS = 28;

/**
 * gpu.js computes x − trunc(x / y) · y, which is wrong where the quotient is large or rounded up to an integer. Here
 * the size of x is reduced by y times a power of two, close enough for a short remainder, until it is below y.
 */
function floatRemainder(x: Code, divisor: Code, { once, repeat }: SpellingContext): Code {
  const y = once(call('Math.abs', divisor));
  const size = repeat(once(call('Math.abs', x)), MOST_STEPS, (rest, name) => {
    const distance = minus(call('Math.log2', rest), call('Math.log2', y));
    const power = name(call('Math.max', numeral(0), minus(call('Math.floor', distance), numeral(10))));
    // Multiplied by 2^12 for the split, large numbers would be infinite.
    const scale = name(conditional(least(numeral(1e30), rest), numeral(2 ** -24), one));
    // In two powers, as one may be infinite in float32.
    const first = name(call('Math.floor', times(power, half)));
    const raised = times(times(y, powerOfTwo(first)), powerOfTwo(minus(power, first)));
    const step = name(times(raised, scale));
    const shorter = binary(shortRemainder(name(times(rest, scale)), step, name), '/', scale, level.multiply);
    return conditional(least(rest, y), rest, shorter);
  });
  // The sign is that of x, of zeros too.
  const signed = conditional(least(x, zero), unary('-', size), size);
  return conditional(binary(size, '===', zero, level.equal), times(x, zero), signed);
}

/** The middle of the unit keeps the quotient away from integers, where a division that is not correctly rounded errs. */
export const floorDivide = (x: Code, y: Code): Code =>
  call('Math.floor', binary(binary(x, '+', half, level.add), '/', y, level.multiply));

export const kernelSpelling: Spellings = {
  ...common,
  remainder: ([x, y], context) =>
    context.type === 'int' ? binary(x!, '%', y!, level.multiply) : floatRemainder(context.once(x!), y!, context),
  // A power costs a call out of WebAssembly for each element; a square rounds alike.
  power: ([x, y], { once }) => {
    if (y!.text !== '2') return call('Math.pow', x!, y!);
    const base = once(x!);
    return binary(base, '*', base, level.multiply);
  },
  // Adding 0.5 before the floor, as gpu.js does, rounds up what lies just below 0.5.
  round: ([x], { once }) => {
    const value = once(x!);
    const below = once(call('Math.floor', value));
    const fraction = binary(value, '-', below, level.add);
    // What rounds up to 0 is −0.
    const above = unary('-', minus(unary('-', below), one));
    return conditional(binary(fraction, '>=', half, level.compare), above, below);
  },
  floorDivide: ([x, y]) => floorDivide(x!, y!),
  equal: compared('===', level.equal),
  notEqual: compared('!==', level.equal),
  less: compared('<', level.compare),
  lessOrEqual: compared('<=', level.compare),
  greater: compared('>', level.compare),
  greaterOrEqual: compared('>=', level.compare),
  select: ([condition, x, y], { type }) => {
    if (type !== 'bool') return conditional(condition!, x!, y!);
    const yes = binary(condition!, '&&', x!, level.and);
    const no = binary(not(condition!), '&&', y!, level.and);
    return binary(yes, '||', no, level.or);
  },
};

/** A size or start that only a call knows, in a kernel. */
export const constantOf = (name: string): Code => atom(`this.constants.${name}`);
