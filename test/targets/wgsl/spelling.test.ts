// The WGSL spelling of each scalar operation means what the table of operations says: for one value and for four at once,
// on a device, on ordinary and odd numbers, as far as f32 goes. One module holds all operations.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationName, operations } from '../../../src/ir/index.js';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { spellingCases } from '../shared/spelling-cases.js';
import { spellingJob } from './spelling-job.js';

const cases = spellingCases({
  // As far out as positions go.
  sine: [(x) => x * 1000],
  cosine: [(x) => x * 1000],
  tangent: [(x) => Math.max(-1.5, Math.min(1.5, x))],
  arcTangent2: [(x) => x || 0.5, (x) => x || -0.5],
});

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
  });
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
