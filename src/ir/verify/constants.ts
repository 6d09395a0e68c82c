// Rule: a constant is a value of its type that every kernel can hold, and integers are divided by positive constants.
// Targets print, compare and divide anything else in ways of their own.
import { canonicalCounters } from '../canonical.js';
import type { Constant } from '../expression.js';
import { holdsConstant } from '../float-ranges.js';
import { rangeOf } from '../ranges.js';
import type { NodeRule } from './rule.js';

const isValue = ({ type, value }: Constant): boolean => {
  if (type === 'float') return holdsConstant(value);
  if (type === 'bool') return value === 0 || value === 1;
  return Number.isSafeInteger(value) && !Object.is(value, -0);
};

const spell = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

export const constantsAreValues: NodeRule = (node, report) => {
  report.visit((part, surroundings) => {
    if (part.kind === 'constant' && !isValue(part)) {
      report.violation('HD5014', { type: part.type, value: spell(part.value) });
    }
    if (part.kind !== 'apply') return;
    const divisor = part.operands[1];
    if (part.type !== 'int' || divisor === undefined) return;
    const { low, high } = rangeOf(divisor, surroundings);
    const isBad =
      (part.operation === 'floorDivide' && !(divisor.kind === 'constant' && low > 0)) ||
      (part.operation === 'remainder' && low <= 0 && high >= 0);
    if (isBad) report.violation('HD5017', { operation: part.operation, divisor: report.textOf(divisor) });
  });
  if (node.op === 'fill' && !holdsConstant(node.otherwise)) {
    report.violation('HD5014', { type: 'float', value: spell(node.otherwise) });
  }
};

/** Rule: counters are named by height, so that equal expressions are equal. */
export const countersAreCanonical: NodeRule = (_, report) => {
  if (report.roots.some(({ expression }) => canonicalCounters(expression) !== expression)) {
    report.violation('HD5013', {});
  }
};
