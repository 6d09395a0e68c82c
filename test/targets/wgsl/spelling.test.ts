// The WGSL spelling of each scalar operation means what the table of operations says: for one value and for four at once,
// on a device, on ordinary and odd numbers, as far as f32 goes. One module holds all operations.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationName, operations, type ScalarType } from '../../../src/ir/index.js';
import { Random } from '../../../src/tensors/index.js';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { type SpellingCase, spellingJob } from './spelling-job.js';

const SAMPLES = 64;

/** The operand types that an operation is tried with. */
function operandTypes(name: OperationName): readonly (readonly ScalarType[])[] {
  const { arity, typing } = operations[name];
  const all = (type: ScalarType) => Array.from({ length: arity }, () => type);
  switch (typing) {
    case 'numeric':
      return [all('float'), all('int')];
    case 'compare':
      return [all('float'), all('int'), all('bool')];
    case 'float':
    case 'toInteger':
      return [all('float')];
    case 'integer':
    case 'toFloat':
      return [all('int')];
    case 'logic':
      return [all('bool')];
    case 'select':
      return [
        ['bool', 'float', 'float'],
        ['bool', 'int', 'int'],
        ['bool', 'bool', 'bool'],
      ];
  }
}

const odd: Readonly<Record<ScalarType, readonly number[]>> = {
  float: [0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, 1e-3, -1e-3, 1e-6, 3, -3, 7.25, 0.49999997],
  int: [0, 1, -1, 2, -2, 3, -3, 7, -7, 31, -32, 1000, -1000],
  bool: [0, 1],
};

/** Numbers at which an operation is defined: divisors and the like are drawn from where it is. */
const domains: Partial<Record<OperationName, readonly ((x: number) => number)[]>> = {
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
  // As far out as positions go.
  sine: [(x) => x * 1000],
  cosine: [(x) => x * 1000],
  tangent: [(x) => Math.max(-1.5, Math.min(1.5, x))],
  arcTangent2: [(x) => x || 0.5, (x) => x || -0.5],
};

function samplesOf(name: OperationName, types: readonly ScalarType[]): readonly (readonly number[])[] {
  const random = new Random(7).fork(`${name} ${types}`);
  return Array.from({ length: SAMPLES }, (_, n) =>
    types.map((type, operand) => {
      const picks = odd[type];
      const drawn = random.normalTensor([1]).data[0]!;
      const ordinary = type === 'float' ? drawn * 4 : type === 'int' ? Math.round(drawn * 500) : drawn > 0 ? 1 : 0;
      const value = n < picks.length * 2 ? picks[(n + operand * 5) % picks.length]! : ordinary;
      const inDomain = domains[name]?.[operand]?.(value) ?? value;
      return type === 'float' ? Math.fround(inDomain) : inDomain;
    }),
  );
}

const cases: readonly SpellingCase[] = (Object.keys(operations) as OperationName[]).flatMap((name) =>
  operandTypes(name).map((types) => ({ name, types, samples: samplesOf(name, types) })),
);

/** Relative error that the specification of WGSL, or two roundings, explain; a little absolute error near zeros. */
const tolerance: Partial<Record<OperationName, number>> = {
  power: 1e-4,
  sine: 4e-7,
  cosine: 4e-7,
};

describe('the spelling of', () => {
  const { job, resultsOf } = spellingJob(cases);
  let results: ReturnType<typeof resultsOf>;
  beforeAll(async () => {
    results = resultsOf((await webgpu.runJob(job)).get('results')!);
  }, 60_000);
  afterAll(async () => {
    await closeValidation();
    await webgpu.close();
  });

  it('all operations makes one valid module', async () => {
    expect(await validate(job.wgsl)).toEqual([]);
  });

  it.each(cases.map((each, n) => [each.name, each.types.join(', '), each, n] as const))(
    '%s of %s',
    (name, _, { samples }, n) => {
      const evaluate = operations[name].evaluate as (...operands: number[]) => number;
      const { alone, inFours } = results[n]!;
      for (const [k, values] of samples.entries()) {
        const expected = evaluate(...values);
        for (const actual of [alone[k]!, inFours[k]!]) {
          const allowed = (tolerance[name] ?? 4e-6) * Math.max(Math.abs(expected), name in tolerance ? 1 : 1e-30);
          const where = `${name}(${values.join(', ')}) is ${actual}, not ${expected}`;
          if (Number.isFinite(expected)) expect(Math.abs(actual - expected), where).toBeLessThanOrEqual(allowed);
        }
      }
    },
  );
});
