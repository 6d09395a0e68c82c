// Scalar expressions as CUDA: what is shared becomes a constant, sums and maxima become loops, and what may leave 32 bits is
// computed in 64.
import { type Apply, type Expression, isIntegerSum } from '../../../src/ir/index.js';
import { type Dialect, ExpressionPrinter, type LineWriter, type WideParts } from '../../shared/text/expressions.js';
import { isWideSum, type WideUse } from '../../shared/wide-integers.js';
import { atom, type Code, call, floatCode, typeNames } from './code.js';
import { spellings } from './spelling.js';

function beyond(use: WideUse, whole: Apply, { write, spelled }: WideParts): Code {
  const exact = (part: Expression): Code => {
    if (part.kind === 'constant') return atom(`${part.value}ll`, 'int');
    if (isIntegerSum(part)) return spelled(part as Apply, (part as Apply).operands.map(exact));
    return call('static_cast<long long>', [write(part)], 'int');
  };
  const low = (part: Expression): Code =>
    isWideSum(part) ? call('static_cast<int>', [exact(part)], 'int') : write(part);
  switch (use.kind) {
    case 'value':
      return call('narrowed', [exact(use.sum)], 'int');
    case 'float':
      return call('static_cast<float>', [exact(use.sum)], 'float');
    case 'comparison':
      return spelled(whole, [exact(use.difference), atom('0', 'int')]);
    case 'bits':
      return spelled(whole, whole.operands.map(low));
  }
}

const dialect: Dialect = {
  spellings,
  float: floatCode,
  constant: (name, { text: value, type }) => ({ line: 'constant', declared: `const ${typeNames[type]}`, name, value }),
  variable: (name, { text: value, type }) => ({ line: 'variable', declared: typeNames[type], name, value }),
  loop: (counter, extent, isShort) => [
    isShort ? '#pragma unroll' : '#pragma unroll 1',
    `for (int ${counter} = 0; ${counter} < ${extent}; ++${counter}) {`,
  ],
  beyond,
  writesOut: false,
};

/** Prints expressions as CUDA. */
export const cudaPrinter = (out: LineWriter): ExpressionPrinter => new ExpressionPrinter(out, dialect);
