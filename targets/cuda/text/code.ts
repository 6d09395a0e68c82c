// Pieces of C++ expressions: those that the targets share, with the types and numbers of CUDA.
// Every value is one scalar here; what a thread holds of a tile is an array that loops run over.
import type { ScalarType } from '../../../src/ir/index.js';
import { atom, type Code, level, shortestFloat } from '../../shared/text/code.js';

export {
  atom,
  binary,
  type Code,
  call,
  comparison,
  integerCode,
  level,
  plusConstant,
  truthCode,
  within,
} from '../../shared/text/code.js';

export const typeNames: Readonly<Record<ScalarType, string>> = { float: 'float', int: 'int', bool: 'bool' };

/** The shortest decimal that reads back as the same float; infinities by their name in <math.h>. */
export function floatText(value: number): string {
  if (value === Number.NEGATIVE_INFINITY) return '-INFINITY';
  if (value === Number.POSITIVE_INFINITY) return 'INFINITY';
  if (Number.isNaN(value)) return 'NAN';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return floatText(single);
  return `${Object.is(single, -0) ? '-' : ''}${shortestFloat(single)}f`;
}

export function floatCode(value: number): Code {
  const text = floatText(value);
  return { ...atom(text, 'float'), level: text.startsWith('-') ? level.unary : level.atom };
}
