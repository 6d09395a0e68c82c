// The number that an expression is whatever its unknown parts are: a product with 0, the exponential of −Infinity, a choice
// that is decided. Masks hide scores from what reads them by it.
import { fold } from '../algebra.js';
import { operationValue } from '../evaluate.js';
import type { Apply, Expression, Read } from '../expression.js';
import type { OperationName } from '../operations.js';

/** What is known of an expression's parts. */
export interface KnownParts {
  readonly read: (read: Read) => number | undefined;
  /** What a condition is known to be, as 0 or 1; undefined where it is to be asked part by part. */
  readonly condition?: (condition: Expression) => number | undefined;
}

/** The number that an expression is; undefined where it may be several. Unknown parts are taken to be finite. */
export function constantValue(expression: Expression, { read, condition }: KnownParts): number | undefined {
  return fold<number | undefined>(expression, {
    ...(condition && { atSight: (part: Expression) => (part.type === 'bool' ? condition(part) : undefined) }),
    constant: ({ value }) => value,
    variable: () => undefined,
    length: () => undefined,
    read,
    apply: ofApply,
    accumulate: ({ monoid }, body) => {
      const value = body();
      return monoid === 'max' || value === 0 ? value : undefined;
    },
    skipsIndices: true,
  });
}

function ofApply({ operation }: Apply, operands: readonly (number | undefined)[]): number | undefined {
  const [x, y, z] = operands;
  if (operation === 'select' && x === undefined) return y === z ? y : undefined;
  if (absorbing[operation]?.some((n) => operands[n] === 0)) return 0;
  if (operation === 'exponentialDifference' && x === Number.NEGATIVE_INFINITY) return 0;
  if (operation === 'minimum' && operands.includes(Number.NEGATIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
  if (operation === 'select') return x === 0 ? z : y;
  if (operands.some((operand) => operand === undefined)) return undefined;
  const value = operationValue(operation, operands as readonly number[]);
  return Number.isNaN(value) ? undefined : value;
}

/** The operands that make a whole operation 0 where they are. */
const absorbing: Partial<Record<OperationName, readonly number[]>> = {
  multiply: [0, 1],
  absorbingMultiply: [0, 1],
  divide: [0],
};
