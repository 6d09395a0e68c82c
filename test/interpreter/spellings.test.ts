// The interpreter's spelling of each operation means what the table of operations says, on ordinary and odd numbers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../src/interpreter/evaluate.js';
import {
  apply,
  type Expression,
  float,
  integer,
  type OperationName,
  operations,
  type ScalarType,
} from '../../src/ir/index.js';
import { operandTypes } from '../support/operand-types.js';

const environment = {
  valueOf: () => {
    throw new Error('nothing is read here');
  },
  lengths: { batch: 1, query: 1, key: 1 },
};
const constant = (type: ScalarType, value: number): Expression =>
  type === 'int' ? integer(value) : type === 'bool' ? { kind: 'constant', type, value } : float(value);

const anyFloat = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, -1, 0.5, -0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
);
const draws: Readonly<Record<ScalarType, fc.Arbitrary<number>>> = {
  float: anyFloat,
  int: fc.integer({ min: -1000, max: 1000 }),
  bool: fc.constantFrom(0, 1),
};

describe.each(Object.keys(operations) as OperationName[])('%s', (name) => {
  it.each(operandTypes(name).map((types) => [types.join(', '), types] as const))('of %s', (_, types) => {
    fc.assert(
      fc.property(fc.tuple(...types.map((type) => draws[type])), (values) => {
        const expression = apply(name, ...values.map((value, n) => constant(types[n]!, value)));
        const evaluate = operations[name].evaluate as (...operands: number[]) => number;
        const actual = compileExpression(expression, [], environment)(new Float64Array(0));
        expect(actual).toBe(evaluate(...values));
      }),
      { numRuns: 50 },
    );
  });
});
