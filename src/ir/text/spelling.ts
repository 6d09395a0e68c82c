// How operations are spelled in the text form, and how tightly they bind: one table for the printer and the parser.
// The spellings are those of JavaScript where it has one; `//` is exact integer division as in Python.
import type { OperationName } from '../operations.js';

/** How tightly the parts of an expression bind, loosest first. */
export const binding = {
  conditional: 1,
  or: 2,
  and: 3,
  comparison: 4,
  additive: 5,
  /** `sum(c0 < 4) x * y`: takes products with it, no further terms. */
  accumulation: 6,
  multiplicative: 7,
  unary: 8,
  power: 9,
  atom: 10,
} as const;

export type Binding = (typeof binding)[keyof typeof binding];

export type Spelling =
  | {
      readonly form: 'infix';
      readonly symbol: string;
      readonly binds: Binding;
      readonly left: Binding;
      readonly right: Binding;
    }
  | { readonly form: 'prefix'; readonly symbol: string }
  | { readonly form: 'call'; readonly name: string }
  | { readonly form: 'conditional' };

/** Left-associative: equal binding on the left, a tighter one on the right. */
const chain = (symbol: string, binds: Binding): Spelling => ({
  form: 'infix',
  symbol,
  binds,
  left: binds,
  right: (binds + 1) as Binding,
});
const comparison = (symbol: string): Spelling => ({
  form: 'infix',
  symbol,
  binds: binding.comparison,
  left: binding.additive,
  right: binding.additive,
});
const prefix = (symbol: string): Spelling => ({ form: 'prefix', symbol });
const call = (name: string): Spelling => ({ form: 'call', name });

export const spelling: Readonly<Record<OperationName, Spelling>> = {
  add: chain('+', binding.additive),
  subtract: chain('-', binding.additive),
  multiply: chain('*', binding.multiplicative),
  divide: chain('/', binding.multiplicative),
  floorDivide: chain('//', binding.multiplicative),
  remainder: chain('%', binding.multiplicative),
  power: { form: 'infix', symbol: '**', binds: binding.power, left: binding.atom, right: binding.unary },
  negate: prefix('-'),

  equal: comparison('=='),
  notEqual: comparison('!='),
  less: comparison('<'),
  lessOrEqual: comparison('<='),
  greater: comparison('>'),
  greaterOrEqual: comparison('>='),

  and: chain('&&', binding.and),
  or: chain('||', binding.or),
  not: prefix('!'),
  select: { form: 'conditional' },

  minimum: call('minimum'),
  maximum: call('maximum'),
  absolute: call('abs'),
  sign: call('sign'),
  arcTangent2: call('atan2'),
  squareRoot: call('sqrt'),
  cubeRoot: call('cbrt'),
  exponential: call('exp'),
  exponentialMinusOne: call('expm1'),
  logarithm: call('log'),
  logarithm2: call('log2'),
  logarithm10: call('log10'),
  logarithmOnePlus: call('log1p'),
  sine: call('sin'),
  cosine: call('cos'),
  tangent: call('tan'),
  arcSine: call('asin'),
  arcCosine: call('acos'),
  arcTangent: call('atan'),
  hyperbolicSine: call('sinh'),
  hyperbolicCosine: call('cosh'),
  hyperbolicTangent: call('tanh'),
  floor: call('floor'),
  ceiling: call('ceil'),
  round: call('round'),
  truncate: call('trunc'),
  absorbingMultiply: call('absorb'),
  exponentialDifference: call('expdiff'),
  stopGradient: call('stopGradient'),
  bitAnd: call('bitAnd'),
  bitOr: call('bitOr'),
  bitExclusiveOr: call('bitXor'),
  shiftLeft: call('shiftLeft'),
  shiftRight: call('shiftRight'),
  bitNot: call('bitNot'),
  toFloat: call('float'),
  toInteger: call('int'),
};

/** The sizes that only a call knows. */
export const lengthNames = { batch: 'B', query: 'Tq', key: 'Tk' } as const;

/** Words that no index variable may be called, because they mean something else where a variable may stand. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...Object.values(lengthNames),
  'true',
  'false',
  'Infinity',
  'NaN',
  'let',
]);

export const isIdentifier = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);

/** A name as it stands when it is an identifier, in double quotes otherwise. */
export const spellName = (name: string): string =>
  isIdentifier(name) && !reservedWords.has(name) ? name : JSON.stringify(name);

/** A float so that it cannot be taken for an integer, and reads back as the same double: 2.0, -0.0, 1e-7, -Infinity. */
export function spellFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
