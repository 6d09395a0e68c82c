// Rule: every operation's operands fit it, and its result is declared as the rules of inference give it: valid no wider,
// and rounded only by a cast. What a matrix product accumulates is f32.
import { TileTypeError } from '../inference.js';
import { definitionOf, infer } from '../operations.js';
import type { LetStatement } from '../program.js';
import { printType } from '../text/boxes.js';
import { isValidWithin, type Value } from '../types.js';
import type { ProgramRule } from './rule.js';

export const typesAreInferred: ProgramRule = (report) => {
  for (const site of report.sites) {
    const { statement } = site;
    if (statement.statement !== 'let') continue;
    const given = inferred(statement);
    if (typeof given === 'string') {
      report.violation('HD8004', site, { why: given });
      continue;
    }
    const { value, operation } = statement;
    if (!isWithin(value, given)) {
      report.violation('HD8005', site, { declared: printType(value), given: printType(given) });
    }
    const dtypes = definitionOf(operation).dtypes(operation);
    if (!dtypes.includes(value.dtype)) {
      report.violation('HD8005', site, { declared: value.dtype, given: dtypes.join(' or ') });
    }
  }
};

/** What the rules give, or why they give nothing. */
function inferred({ operation, value }: LetStatement): Value | string {
  try {
    return infer(operation, value);
  } catch (error) {
    if (error instanceof TileTypeError) return error.message;
    throw error;
  }
}

/** Whether a declared value is valid only where the inferred one is. */
function isWithin(declared: Value, given: Value): boolean {
  if (declared.kind === 'ring' || given.kind === 'ring') return declared.kind === given.kind;
  return declared.axes.every((axis, n) => isValidWithin(axis, given.axes[n]!));
}
