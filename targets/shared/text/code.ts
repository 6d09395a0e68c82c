// Pieces of expressions that know their type, their width and how tightly they bind, in the languages that bind as C does.
// Sums and products of whole numbers are folded, so that the same index has one text.
import type { ScalarType } from '../../../src/ir/index.js';

/** How tightly an expression's outermost operator binds; larger binds tighter. */
export const level = { atom: 4, unary: 3, multiply: 2, add: 1, loose: 0 } as const;

export interface Code {
  readonly text: string;
  readonly level: number;
  readonly type: ScalarType;
  /** Whether it is a vector of neighbours, where the target has those. */
  readonly wide: boolean;
  /** Of a sum of something and a whole number: both. */
  readonly sum?: { readonly of: Code; readonly constant: number };
}

export const atom = (text: string, type: ScalarType, wide = false): Code => ({ text, level: level.atom, type, wide });

/** `code` as an operand that must bind at least as tightly as `least`. */
export const within = (code: Code, least: number): string => (code.level >= least ? code.text : `(${code.text})`);

/** A left-associative operation. Sums and products take a scalar beside a vector as it is. */
export function binary(x: Code, operator: string, y: Code, type: ScalarType, at: number): Code {
  const folded = type === 'int' ? foldIntegers(x.text, operator, y.text) : undefined;
  if (folded !== undefined) return integerCode(folded);
  const least = at === level.loose ? level.unary : at;
  const text = `${within(x, least)} ${operator} ${within(y, at === level.loose ? level.unary : at + 1)}`;
  return { text, level: at, type, wide: x.wide || y.wide };
}

const folds: Readonly<Record<string, (x: number, y: number) => number>> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
};

/** What numbers come to, and sums with 0: the same index has one text, by which it is known again. */
function foldIntegers(x: string, operator: string, y: string): number | undefined {
  const isNumber = /^-?\d{1,9}$/;
  const fold = folds[operator];
  if (!fold || !isNumber.test(x) || !isNumber.test(y)) return undefined;
  const value = fold(Number(x), Number(y));
  return Math.abs(value) < 2 ** 31 ? value + 0 : undefined;
}

/** A comparison: its sides may be sums. */
export function comparison(x: Code, operator: string, y: Code): Code {
  const text = `${within(x, level.add)} ${operator} ${within(y, level.add)}`;
  return { text, level: level.loose, type: 'bool', wide: x.wide || y.wide };
}

export const call = (name: string, operands: readonly Code[], type: ScalarType): Code =>
  atom(
    `${name}(${operands.map(({ text }) => text).join(', ')})`,
    type,
    operands.some(({ wide }) => wide),
  );

/** The shortest decimal that reads back as the same float of 32 bits. */
export function shortestFloat(single: number): string {
  if (Number.isInteger(single) && Math.abs(single) < 1e9) return `${single}.0`;
  for (let digits = 1; ; digits += 1) {
    const text = String(Number(single.toPrecision(digits)));
    if (digits === 9 || Math.fround(Number(text)) === single) return /[.e]/.test(text) ? text : `${text}.0`;
  }
}

export const integerCode = (value: number): Code => ({
  text: String(value),
  level: value < 0 ? level.unary : level.atom,
  type: 'int',
  wide: false,
});
export const truthCode = (value: boolean): Code => atom(String(value), 'bool');

/** x + constant, without a sum of nothing. */
export function plusConstant(x: Code, constant: number): Code {
  if (constant === 0) return x;
  if (x.sum) return plusConstant(x.sum.of, x.sum.constant + constant);
  const term = integerCode(Math.abs(constant));
  return { ...binary(x, constant > 0 ? '+' : '-', term, 'int', level.add), sum: { of: x, constant } };
}
