// Scalar expressions as WGSL: what is shared becomes a `let`, sums and maxima become loops or are written out, and what may
// leave 32 bits is exact modulo 2^32, with its size as a float beside it.
import { type Apply, apply, type Expression, isIntegerSum } from '../../../src/ir/index.js';
import { type Dialect, ExpressionPrinter, type LineWriter, type WideParts } from '../../shared/text/expressions.js';
import { isWideSum, type WideUse } from '../../shared/wide-integers.js';
import { alike, atom, type Code, call, floatCode, integerCode, splat, typeName } from './code.js';
import type { Helpers } from './helpers.js';
import { spellingsWith } from './spelling.js';

function beyond(helpers: Helpers, use: WideUse, whole: Apply, { write, spelled }: WideParts): Code {
  const wrapped = (part: Expression): Code =>
    isWideSum(part) ? spelled(part as Apply, (part as Apply).operands.map(wrapped)) : write(part);
  const size = (part: Expression): Code => {
    if (part.kind === 'constant') return floatCode(part.value);
    if (!isIntegerSum(part)) return spelled(apply('toFloat', part), [write(part)]);
    return spelled(part as Apply, (part as Apply).operands.map(size));
  };
  const called = (name: 'saturated' | 'saturated_float', sum: Expression): Code => {
    const operands = alike([spelled(sum as Apply, (sum as Apply).operands.map(wrapped)), size(sum)]);
    return call(helpers.use(name, operands[0]!.wide), operands, name === 'saturated' ? 'int' : 'float');
  };
  switch (use.kind) {
    case 'value':
      return called('saturated', use.sum);
    case 'float':
      return called('saturated_float', use.sum);
    case 'comparison':
      return spelled(whole, [called('saturated', use.difference), integerCode(0)]);
    case 'bits':
      return spelled(whole, whole.operands.map(wrapped));
  }
}

const dialectWith = (helpers: Helpers, minusInfinity: string | undefined): Dialect => ({
  spellings: spellingsWith(helpers),
  float: (value) =>
    value === Number.NEGATIVE_INFINITY && minusInfinity ? atom(minusInfinity, 'float') : floatCode(value),
  constant: (name, { text: value, type, wide }) => {
    return { line: 'constant', declared: 'let', type: typeName(type, wide), name, value };
  },
  variable: (name, { text, type: scalar }, wide) => {
    const type = typeName(scalar, wide);
    return { line: 'variable', declared: 'var', type, name, value: `${type}(${text})` };
  },
  loop: (counter, extent) => [`for (var ${counter} = 0; ${counter} < ${extent}; ${counter}++) {`],
  beyond: (use, whole, parts) => beyond(helpers, use, whole, parts),
  splat,
  writesOut: true,
});

/**
 * Prints expressions as WGSL; `helpers` remembers the functions that they call.
 * @param minusInfinity what −∞ is called where they stand, if it has a name there
 */
export const wgslPrinter = (out: LineWriter, helpers: Helpers, minusInfinity?: string): ExpressionPrinter =>
  new ExpressionPrinter(out, dialectWith(helpers, minusInfinity));
