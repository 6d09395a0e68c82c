// How operations are spelled in languages that bind as C does: the operators, which all of them share.
// What a language has functions for is its own table's.
import type { OperationName } from '../../../src/ir/index.js';
import { binary, type Code, comparison, level, within } from './code.js';
import type { Spelling } from './expressions.js';

/** A sum, a product or a quotient, whose type is that of its operands. */
export const arithmetic =
  (operator: string, at: number): Spelling =>
  ([x, y]) =>
    binary(x!, operator, y!, x!.type, at);

export const prefixed = (operator: string, x: Code): Code => ({
  ...x,
  text: `${operator}${within(x, level.atom)}`,
  level: level.unary,
});

const unary =
  (operator: string): Spelling =>
  ([x]) =>
    prefixed(operator, x!);

/** Comparisons by their operators. Truth values may have to become numbers first. */
export function comparisons(compare: (x: Code, operator: string, y: Code) => Code = comparison) {
  const compared =
    (operator: string): Spelling =>
    ([x, y]) =>
      compare(x!, operator, y!);
  return {
    less: compared('<'),
    lessOrEqual: compared('<='),
    greater: compared('>'),
    greaterOrEqual: compared('>='),
  } as const satisfies Partial<Record<OperationName, Spelling>>;
}

/** What is spelled alike in all of them. */
export const operators = {
  add: arithmetic('+', level.add),
  subtract: arithmetic('-', level.add),
  multiply: arithmetic('*', level.multiply),
  negate: unary('-'),
  bitNot: unary('~'),
  not: unary('!'),
  stopGradient: ([x]) => x!,
} as const satisfies Partial<Record<OperationName, Spelling>>;
