// The value of an expression where what it stands on is known, in float64: operations mean what their table says, here as in the
// interpreter, which writes functions for whole domains. What is not known makes what needs it unknown.
import { type Algebra, fold } from './algebra.js';
import type { Accumulate, Counter, Expression, Length, Read } from './expression.js';
import { type OperationName, operations } from './operations.js';

/** What is known of the names in an expression; undefined where nothing is. */
export interface Known {
  readonly variable: (name: string) => number | undefined;
  readonly length?: (of: Length['of']) => number | undefined;
  readonly read?: (read: Read) => number | undefined;
}

/** Variables that are the entries of a map, and nothing else. */
export const variablesIn = (values: ReadonlyMap<string, number>): Known => ({ variable: (name) => values.get(name) });

/** The value of an operation; truth values are 0 and 1. */
export const operationValue = (operation: OperationName, operands: readonly number[]): number =>
  (operations[operation].evaluate as (...numbers: readonly number[]) => number)(...operands);

/** The value of `root`, truth values as 0 and 1; undefined where it needs what is not known. No integer is −0. */
export function evaluate(root: Expression, known: Known): number | undefined {
  const algebra: Algebra<number | undefined> = {
    constant: ({ value }) => value,
    variable: ({ name }) => known.variable(name),
    length: ({ of }) => known.length?.(of),
    read: (read) => known.read?.(read),
    apply: ({ operation, type }, operands) => {
      if (!operands.every((operand): operand is number => operand !== undefined)) return undefined;
      const value = operationValue(operation, operands);
      return type === 'int' ? value + 0 : value;
    },
    accumulate: (whole) => accumulated(whole, known),
    skipsIndices: true,
  };
  return fold(root, algebra);
}

function accumulated({ monoid, counters, body }: Accumulate, outer: Known): number | undefined {
  let total = monoid === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
  const run = ([counter, ...others]: readonly Counter[], known: Known): boolean => {
    if (!counter) {
      const value = evaluate(body, known);
      if (value === undefined) return false;
      total = monoid === 'sum' ? total + value : Math.max(total, value);
      return true;
    }
    for (let count = 0; count < counter.extent; count += 1) {
      const variable: Known['variable'] = (name) => (name === counter.name ? count : known.variable(name));
      if (!run(others, { ...known, variable })) return false;
    }
    return true;
  };
  return run(counters, outer) ? total : undefined;
}
