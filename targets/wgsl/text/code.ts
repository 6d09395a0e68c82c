// Pieces of WGSL expressions: those that the targets share, with the types, numbers and vectors of WGSL.
// A value is one scalar, or wide: a vector of the four neighbouring columns that a thread holds.
import type { ScalarType } from '../../../src/ir/index.js';
import { atom, type Code, comparison as compare, level, shortestFloat } from '../../shared/text/code.js';

export {
  atom,
  binary,
  type Code,
  call,
  integerCode,
  level,
  plusConstant,
  truthCode,
  within,
} from '../../shared/text/code.js';

/** The entries of a wide value. */
export const parts = ['x', 'y', 'z', 'w'] as const;

/** The WGSL type of a value. */
export const typeNames: Readonly<Record<ScalarType, readonly [scalar: string, wide: string]>> = {
  float: ['f32', 'vec4f'],
  int: ['i32', 'vec4i'],
  bool: ['bool', 'vec4<bool>'],
};
export const typeName = (type: ScalarType, wide: boolean): string => typeNames[type][wide ? 1 : 0];

/** The same value in each of four columns. */
export const splat = (code: Code): Code =>
  code.wide ? code : atom(`${typeName(code.type, true)}(${code.text === '0.0' ? '' : code.text})`, code.type, true);

/** All of them wide where one is. */
export function alike(codes: readonly Code[]): readonly Code[] {
  return codes.some(({ wide }) => wide) ? codes.map(splat) : codes;
}

/** A comparison: both sides wide where one is. */
export function comparison(x: Code, operator: string, y: Code): Code {
  const [left, right] = alike([x, y]) as [Code, Code];
  return compare(left, operator, right);
}

/** −Infinity: no constant is infinite, so that its bits come with the launch. */
const MINUS_INFINITY = 'bitcast<f32>(launch.minus_infinity)';

/** The shortest decimal that reads back as the same f32. */
export function floatText(value: number): string {
  if (value === Number.NEGATIVE_INFINITY) return MINUS_INFINITY;
  if (value === Number.POSITIVE_INFINITY) return `-${MINUS_INFINITY}`;
  return shortestFloat(Math.fround(value));
}

export const floatCode = (value: number): Code => {
  const text = floatText(value);
  return { text, level: text.startsWith('-') ? level.unary : level.atom, type: 'float', wide: false };
};
