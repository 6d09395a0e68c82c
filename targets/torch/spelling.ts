// How each scalar operation is said in PyTorch, on tensors and on numbers that a call knows before it computes.
// The table is typed by OperationName: a missing entry does not compile.
import type { OperationName } from '../../src/ir/index.js';
import { type Code, call, infix, level, member, prefix, within } from './python.js';

/** An operand: its text, and whether it is a number of Python's own. */
export interface Operand {
  readonly code: Code;
  readonly isNumber: boolean;
}

export interface SpellingContext {
  readonly isFloat: boolean;
  /** Whether integer operands are known not to be negative. */
  readonly areNatural: boolean;
  /** Whether a zero cotangent must be kept from an infinite derivative. */
  readonly absorbs: boolean;
  /** The name of a helper, which the module will then hold. */
  readonly helper: (name: string) => string;
  /** A number as a tensor without axes, where PyTorch takes no number. */
  readonly asTensor: (operand: Operand) => Code;
}

export interface Spelling {
  /** On numbers alone; without it, numbers are made tensors first. */
  readonly number?: (operands: readonly Code[], context: SpellingContext) => Code;
  readonly tensor: (operands: readonly Operand[], context: SpellingContext) => Code;
}

const codes = (operands: readonly Operand[]): readonly Code[] => operands.map(({ code }) => code);

const operator = (symbol: string, at: number, absorbing?: string): Spelling => ({
  number: ([x, y]) => infix(x!, symbol, y!, at),
  tensor: (operands, context) => {
    const [x, y] = codes(operands);
    if (absorbing !== undefined && context.absorbs) return call(context.helper(absorbing), x!, y!);
    return infix(x!, symbol, y!, at);
  },
});

/** A function of PyTorch of one tensor; `absorbing` is the helper with a derivative that absorbs. */
const unary = (name: string, absorbing?: string): Spelling => ({
  tensor: ([x], context) =>
    absorbing !== undefined && context.absorbs ? call(context.helper(absorbing), x!.code) : call(name, x!.code),
});

const helper = (name: string): Spelling => ({
  tensor: (operands, context) => call(context.helper(name), ...codes(operands)),
});

/** A function of PyTorch of two tensors, the second of which may be a number. */
const binary = (name: string, absorbing: string): Spelling => ({
  tensor: ([x, y], context) =>
    context.absorbs
      ? call(context.helper(absorbing), x!.code, y!.code)
      : call(name, context.asTensor(x!), context.asTensor(y!)),
});

const extreme = (name: 'maximum' | 'minimum', bound: 'min' | 'max', builtin: 'min' | 'max'): Spelling => ({
  number: (operands) => call(builtin, ...operands),
  tensor: ([x, y]) => {
    if (y!.isNumber) return member(x!.code, `clamp(${bound}=${y!.code.text})`);
    if (x!.isNumber) return member(y!.code, `clamp(${bound}=${x!.code.text})`);
    return call(`torch.${name}`, x!.code, y!.code);
  },
});

const logic = (word: string, wordLevel: number, symbol: string, symbolLevel: number): Spelling => ({
  number: ([x, y]) => infix(x!, word, y!, wordLevel),
  tensor: (operands) => {
    const [x, y] = codes(operands);
    return infix(x!, symbol, y!, symbolLevel);
  },
});

const compare = (symbol: string): Spelling => operator(symbol, level.compare);
const bits = (symbol: string, at: number): Spelling => operator(symbol, at);

export const spellings: Readonly<Record<OperationName, Spelling>> = {
  add: operator('+', level.add),
  subtract: operator('-', level.add),
  multiply: operator('*', level.multiply, '_multiply'),
  divide: operator('/', level.multiply, '_divide'),
  // Python's % has the sign of the divisor; the remainder here has that of the dividend.
  remainder: {
    number: ([x, y], { areNatural, isFloat }) => {
      if (areNatural && !isFloat) return infix(x!, '%', y!, level.multiply);
      const remainder = call('math.fmod', x!, y!);
      return isFloat ? remainder : call('int', remainder);
    },
    tensor: ([x, y], context) => {
      if (context.areNatural && !context.isFloat) return infix(x!.code, '%', y!.code, level.multiply);
      if (context.absorbs) return call(context.helper('_remainder'), x!.code, y!.code);
      return call('torch.fmod', context.asTensor(x!), y!.code);
    },
  },
  minimum: extreme('minimum', 'max', 'min'),
  maximum: extreme('maximum', 'min', 'max'),
  negate: { number: ([x]) => prefix('-', x!), tensor: ([x]) => prefix('-', x!.code) },
  absolute: { number: ([x]) => call('abs', x!), tensor: ([x]) => member(x!.code, 'abs()') },
  sign: {
    tensor: ([x], context) => call(context.isFloat ? context.helper('_sign') : 'torch.sign', x!.code),
  },
  power: {
    tensor: ([x, y], context) => {
      if (context.absorbs) return call(context.helper('_power'), x!.code, y!.code);
      if (!y!.isNumber && !x!.isNumber) return call(context.helper('_pow'), x!.code, y!.code);
      // ** binds tighter than a minus in front of it, and to the right.
      const exponent = within(y!.code, level.atom).replace(/^(\d+)\.0$/, '$1');
      return { text: `${within(x!.code, level.atom)} ** ${exponent}`, level: level.power };
    },
  },
  arcTangent2: binary('torch.atan2', '_atan2'),
  squareRoot: unary('torch.sqrt', '_sqrt'),
  cubeRoot: helper('_cbrt'),
  exponential: unary('torch.exp', '_exp'),
  exponentialMinusOne: unary('torch.expm1', '_expm1'),
  logarithm: unary('torch.log', '_log'),
  logarithm2: unary('torch.log2', '_log2'),
  logarithm10: unary('torch.log10', '_log10'),
  logarithmOnePlus: unary('torch.log1p', '_log1p'),
  sine: unary('torch.sin', '_sin'),
  cosine: unary('torch.cos', '_cos'),
  tangent: unary('torch.tan', '_tan'),
  arcSine: unary('torch.asin', '_asin'),
  arcCosine: unary('torch.acos', '_acos'),
  arcTangent: unary('torch.atan'),
  hyperbolicSine: unary('torch.sinh', '_sinh'),
  hyperbolicCosine: unary('torch.cosh', '_cosh'),
  hyperbolicTangent: unary('torch.tanh'),
  floor: unary('torch.floor'),
  ceiling: unary('torch.ceil'),
  round: helper('_round'),
  truncate: unary('torch.trunc'),
  absorbingMultiply: {
    tensor: ([x, y], context) => call(context.helper('_absorb'), context.asTensor(x!), y!.code),
  },
  exponentialDifference: {
    tensor: ([x, m], context) => {
      if (x!.isNumber) return call('torch.exp', infix(x!.code, '-', m!.code, level.add));
      return call(context.helper('_exp_difference'), x!.code, m!.code);
    },
  },
  stopGradient: { number: ([x]) => x!, tensor: ([x]) => member(x!.code, 'detach()') },
  floorDivide: operator('//', level.multiply),
  bitAnd: bits('&', level.bitAnd),
  bitOr: bits('|', level.bitOr),
  bitExclusiveOr: bits('^', level.bitExclusiveOr),
  shiftLeft: { number: helperOfNumbers('_shift_left'), tensor: helper('_shift_left').tensor },
  shiftRight: {
    number: ([x, y]) => infix(x!, '>>', infix(y!, '&', { text: '31', level: level.atom }, level.bitAnd), level.shift),
    tensor: ([x, y]) =>
      infix(x!.code, '>>', infix(y!.code, '&', { text: '31', level: level.atom }, level.bitAnd), level.shift),
  },
  bitNot: { number: ([x]) => prefix('~', x!), tensor: ([x]) => prefix('~', x!.code) },
  equal: compare('=='),
  notEqual: compare('!='),
  less: compare('<'),
  lessOrEqual: compare('<='),
  greater: compare('>'),
  greaterOrEqual: compare('>='),
  and: logic('and', level.and, '&', level.bitAnd),
  or: logic('or', level.or, '|', level.bitOr),
  not: {
    number: ([x]) => ({ text: `not ${within(x!, level.not)}`, level: level.not }),
    tensor: ([x]) => prefix('~', x!.code),
  },
  // The two conversions are the writer's: it knows the dtypes.
  toFloat: { number: ([x]) => call('float', x!), tensor: ([x]) => member(x!.code, 'to(dtype)') },
  toInteger: { tensor: ([x]) => member(x!.code, 'long()') },
  select: {
    number: ([condition, x, y]) => ({
      text: `${within(x!, level.or)} if ${within(condition!, level.or)} else ${within(y!, level.conditional)}`,
      level: level.conditional,
    }),
    tensor: ([condition, x, y], context) =>
      call(
        'torch.where',
        context.asTensor(condition!),
        x!.isNumber && y!.isNumber && context.isFloat ? context.asTensor(x!) : x!.code,
        y!.code,
      ),
  },
};

function helperOfNumbers(name: string) {
  return (operands: readonly Code[], context: SpellingContext): Code => call(context.helper(name), ...operands);
}

/** 1 / (1 + e^(−x)), written so that neither it nor its gradient can overflow. */
export const sigmoid = (x: Code): Code => call('torch.sigmoid', x);
