// Every scalar operation on operands of every type that it takes, with samples of ordinary and odd numbers: what targets spell is held
// against the table of operations by them.
import { type OperationName, operations, type ScalarType } from '../../../src/ir/index.js';
import { Random } from '../../../src/tensors/index.js';
import { operandTypes } from '../../support/operand-types.js';

/** An operation on operands of these types, with its samples: one number for each operand, truth values as 0 and 1. */
export interface SpellingCase {
  readonly name: OperationName;
  readonly types: readonly ScalarType[];
  readonly samples: readonly (readonly number[])[];
}

export const SAMPLES = 64;

const odd: Readonly<Record<ScalarType, readonly number[]>> = {
  float: [0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, 1e-3, -1e-3, 1e-6, 3, -3, 7.25, 0.49999997],
  int: [0, 1, -1, 2, -2, 3, -3, 7, -7, 31, -32, 1000, -1000],
  bool: [0, 1],
};
const ordinary: Readonly<Record<ScalarType, (drawn: number) => number>> = {
  float: (drawn) => drawn * 4,
  int: (drawn) => Math.round(drawn * 500),
  bool: (drawn) => (drawn > 0 ? 1 : 0),
};

/** By operation, what takes a number to one at which the operation is defined, for each operand. */
export type Domains = Partial<Record<OperationName, readonly ((x: number) => number)[]>>;

const defined: Domains = {
  divide: [(x) => x, (x) => x || 1.25],
  // Quotients beyond 2^12 are not exact in f32.
  remainder: [(x) => x, (x) => (Math.abs(x) < 0.25 ? 3 : x)],
  floorDivide: [(x) => x, (x) => (Math.abs(x) % 13) + 1],
  power: [(x) => x || 0.75, (x) => (Number.isInteger(x) ? x % 8 : x)],
  squareRoot: [Math.abs],
  logarithm: [(x) => Math.abs(x) || 1],
  logarithm2: [(x) => Math.abs(x) || 1],
  logarithm10: [(x) => Math.abs(x) || 1],
  logarithmOnePlus: [(x) => Math.max(x, -0.9)],
  arcSine: [(x) => Math.max(-1, Math.min(1, x))],
  arcCosine: [(x) => Math.max(-1, Math.min(1, x))],
  toInteger: [Math.trunc],
};

function samplesOf(name: OperationName, types: readonly ScalarType[], domains: Domains): SpellingCase['samples'] {
  const random = new Random(7).fork(`${name} ${types}`);
  return Array.from({ length: SAMPLES }, (_, n) =>
    types.map((type, operand) => {
      const picks = odd[type];
      const drawn = random.normalTensor([1]).data[0]!;
      const value = n < picks.length * 2 ? picks[(n + operand * 5) % picks.length]! : ordinary[type](drawn);
      const inDomain = domains[name]?.[operand]?.(value) ?? value;
      return type === 'float' ? Math.fround(inDomain) : inDomain;
    }),
  );
}

/** All of them. @param further what a target restricts beyond what is defined at all */
export function spellingCases(further: Domains = {}): readonly SpellingCase[] {
  const domains = { ...defined, ...further };
  return (Object.keys(operations) as OperationName[]).flatMap((name) =>
    operandTypes(name).map((types) => ({ name, types, samples: samplesOf(name, types, domains) })),
  );
}
