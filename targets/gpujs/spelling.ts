// How each scalar operation is said in a gpu.js kernel, which computes in float32 on most backends, and in the module's
// own JavaScript, which computes in float64. Both tables are typed by OperationName: a missing entry does not compile.
import type { OperationName, ScalarType } from '../../src/ir/index.js';
import { atom, binary, type Code, call, conditional, level, numeral, unary } from './code.js';

export interface SpellingContext {
  /** The type of the operands. */
  readonly type: ScalarType;
  /** A name or number that stands for `code`: for operands that are used more than once. */
  readonly once: (code: Code) => Code;
}

export type Spelling = (operands: readonly Code[], context: SpellingContext) => Code;
export type Spellings = Readonly<Record<OperationName, Spelling>>;

const infix =
  (operator: string, at: number): Spelling =>
  ([x, y]) =>
    binary(x!, operator, y!, at);
const math =
  (name: string): Spelling =>
  (operands) =>
    call(`Math.${name}`, ...operands);
const same: Spelling = ([x]) => x!;
const not = (x: Code): Code => unary('!', x);

const half = numeral(0.5);
const zero = numeral(0);
const one = numeral(1);
const lowest = numeral(Number.NEGATIVE_INFINITY);

const absorbingMultiply: Spelling = ([x, y], { once }) => {
  const factor = once(x!);
  return conditional(binary(factor, '===', zero, level.equal), zero, binary(factor, '*', y!, level.multiply));
};
const exponentialDifference: Spelling = ([x, m], { once }) => {
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
} as const satisfies Partial<Spellings>;

export const hostSpelling: Spellings = {
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

/**
 * gpu.js computes x − trunc(x / y) · y, in which a quotient that is rounded up to an integer leaves the remainder on the
 * wrong side of 0, or hides it. So y is split in halves that multiply exactly (Dekker, A floating-point technique for
 * extending the available precision, 1971), and one step towards 0 is undone. Exact for quotients below 2^12.
 */
function floatRemainder(x: Code, y: Code, once: SpellingContext['once']): Code {
  const minus = (from: Code, what: Code) => binary(from, '-', what, level.add);
  const times = (one: Code, other: Code) => binary(one, '*', other, level.multiply);
  const split = once(times(y, numeral(2 ** 12 + 1)));
  const upper = once(minus(split, minus(split, y)));
  const lower = once(minus(y, upper));
  const quotient = once(call('Math.trunc', binary(x, '/', y, level.multiply)));
  const rest = once(minus(minus(x, times(quotient, upper)), times(quotient, lower)));
  const step = once(conditional(binary(x, '<', zero, level.compare), unary('-', y), y));
  const isBeyondZero = binary(times(rest, step), '<', zero, level.compare);
  const isTooLarge = binary(call('Math.abs', rest), '>=', y, level.compare);
  return conditional(
    isBeyondZero,
    binary(rest, '+', step, level.add),
    conditional(isTooLarge, minus(rest, step), rest),
  );
}

export const kernelSpelling: Spellings = {
  ...common,
  remainder: ([x, y], { type, once }) =>
    type === 'int' ? binary(x!, '%', y!, level.multiply) : floatRemainder(once(x!), once(call('Math.abs', y!)), once),
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
    return conditional(binary(fraction, '>=', half, level.compare), binary(below, '+', one, level.add), below);
  },
  // The middle of the unit keeps the quotient away from integers, where a division that is not correctly rounded errs.
  floorDivide: ([x, y]) => call('Math.floor', binary(binary(x!, '+', half, level.add), '/', y!, level.multiply)),
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
