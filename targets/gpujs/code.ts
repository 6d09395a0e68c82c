// Pieces of JavaScript text that know how tightly they bind, so that they are put together with few parentheses,
// and the names that emitted text uses.

import { LONGEST_NAME } from '../../src/names.js';
import type { NameRules } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';

/** Binding strength of an expression's outermost operator; larger binds tighter. */
export const level = {
  atom: 20,
  unary: 15,
  multiply: 14,
  add: 13,
  shift: 12,
  compare: 11,
  equal: 10,
  bitAnd: 9,
  bitExclusiveOr: 8,
  bitOr: 7,
  and: 6,
  or: 5,
  conditional: 3,
} as const;

export interface Code {
  readonly text: string;
  readonly level: number;
}

export const atom = (text: string): Code => ({ text, level: level.atom });

/** `code` as an operand that must bind at least as tightly as `least`. */
export const within = (code: Code, least: number): string => (code.level >= least ? code.text : `(${code.text})`);

/** A left-associative binary operation. Operators of bits get parentheses around anything but atoms, for people. */
export function binary(left: Code, operator: string, right: Code, at: number): Code {
  const bits = at === level.shift || (at <= level.bitAnd && at >= level.bitOr);
  const least = bits ? level.unary : at;
  return { text: `${within(left, least)} ${operator} ${within(right, bits ? least : at + 1)}`, level: at };
}

export const unary = (operator: string, operand: Code): Code => ({
  text: `${operator}${within(operand, level.atom)}`,
  level: level.unary,
});

export const call = (name: string, ...operands: readonly Code[]): Code =>
  atom(`${name}(${operands.map(({ text }) => text).join(', ')})`);

export const conditional = (condition: Code, yes: Code, no: Code): Code => ({
  text: `${within(condition, level.conditional + 1)} ? ${within(yes, level.conditional + 1)} : ${within(no, level.conditional + 1)}`,
  level: level.conditional,
});

/** All conditions at once; undefined where there is none. */
export const all = (conditions: readonly Code[]): Code | undefined =>
  conditions.length === 0 ? undefined : conditions.reduce((one, other) => binary(one, '&&', other, level.and));

/** A number as a JavaScript literal: its shortest form that reads back as the same double. */
export function numeral(value: number): Code {
  if (Number.isNaN(value)) return { text: '0 / 0', level: level.multiply };
  if (value === Number.POSITIVE_INFINITY) return atom('Infinity');
  return value < 0 ? unary('-', numeral(-value)) : atom(String(value + 0));
}

/** `text` as words joined in camel case; the first letter capital on request. Never empty, never starting with a digit. */
export function identifier(text: string, capital = false): Source<'javascript'> {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word, n) => (n === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
  const start = (/^[A-Za-z]/.test(joined) ? joined : `value${joined}`).slice(0, LONGEST_NAME);
  return ((capital ? start[0]!.toUpperCase() : start[0]!.toLowerCase()) + start.slice(1)) as Source<'javascript'>;
}

/** Words that JavaScript keeps for itself, in modules too. */
const keywords = [
  'arguments as async await break case catch class const continue debugger default delete do else enum eval export extends',
  'false finally for from function get if implements import in instanceof interface let new null of package private protected',
  'public return set static super switch this throw true try typeof undefined using var void while with yield',
].flatMap((line) => line.split(' '));

/** What every object has: gpu.js looks names up in objects. */
const inherited = Object.getOwnPropertyNames(Object.prototype);

/** What emitted modules use of the language, and what gpu.js reads otherwise inside of kernels. */
const used = [
  'Infinity NaN Math Array Object Number String Boolean Map Set Promise Symbol Error TypeError RangeError Float32Array globalThis',
  'isNaN isFinite parseInt parseFloat require module exports name length prototype caller',
  'kernel result constants thread output gpu GPU input color argument argumentNames argumentTypes setup run cpu user x y z w',
  'float int bool vec2 vec3 vec4 mat2 mat3 mat4 main void inout uniform varying attribute sampler2D precision lowp mediump',
  'highp discard abs acos acosh asin asinh atan atanh atan2 ceil cos cosh exp expm1 floor fround imul log log2 log10 log1p max min',
  'mod pow random round sign sin sinh sqrt tan tanh trunc cbrt clz32 hypot step mix clamp fract dot cross normalize length distance',
].flatMap((line) => line.split(' '));

/** Parameters of kernels, tables and functions of a module. One letter alone may be an input, as q is. */
export const javascriptNames: NameRules<'javascript'> = {
  language: 'javascript',
  reserved: new Set([...keywords, ...inherited, ...used].filter((word) => !/^[xyzw]$/.test(word))),
};

/** Interfaces of the declarations: types that they use or declare themselves. */
export const interfaceNames: NameRules<'javascript'> = {
  language: 'javascript',
  reserved: new Set(['Mode', 'Options', 'TensorIn', 'TensorOut', 'ArrayLike', 'Float32Array', 'Promise']),
};
