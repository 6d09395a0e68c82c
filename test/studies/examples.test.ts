// The studies of examples/: each plans, its variants compile to graphs, and they are what the study says they are.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planStudy } from '../../studies/plan.js';
import { inRepository } from '../cli/harness.js';

const files = readdirSync(inRepository('examples/studies')).sort();
const planOf = (file: string) => planStudy(inRepository(`examples/studies/${file}`), {});

test('are those that the documentation lists', () => {
  expect(files).toEqual(['mta-ablations.ts', 'normalisers.ts', 'positions.ts', 'windows.ts']);
});

test.each(files)('%s plans, and every variant compiles', async (file) => {
  const { study, variants, shapes } = await planOf(file);
  expect(study.title).toBeDefined();
  expect(study.summary).toBeDefined();
  expect(study.tokens!.length).toBeGreaterThan(4);
  expect(shapes.length).toBeGreaterThan(1);
  expect(variants.length).toBeGreaterThan(3);
  for (const { record, graph } of variants) {
    expect(record.failures, record.name).toEqual([]);
    expect(graph, record.name).toBeDefined();
    expect(record.graph!.costs).toHaveLength(shapes.length);
    // One width for all, so that the parts differ and the sizes do not.
    if (record.matched === undefined) expect(record.settings['headDim'], record.name).toBe(16);
  }
});

describe('the paper as a study', () => {
  test('has kernels that differ by their parts, and the same ones whatever they start from', async () => {
    const { variants } = await planOf('mta-ablations.ts');
    const [plain] = variants;
    expect(plain!.record).toMatchObject({ name: 'plain attention', graph: { parameterCount: 0, history: 0 } });
    const fingerprintOf = (name: string) => variants.find(({ record }) => record.name === name)!.record.fingerprint;
    const same = ['MTA', 'MTA, from 0.3', 'MTA, from uniform', 'MTA, from normal'].map(fingerprintOf);
    expect(new Set(same).size).toBe(1);
    expect(fingerprintOf('plain attention, again')).toBe(plain!.record.fingerprint);
    expect(new Set(variants.map(({ record }) => record.fingerprint)).size).toBe(variants.length - 4);
    const parametersOf = (name: string) =>
      Object.fromEntries(
        variants
          .find(({ record }) => record.name === name)!
          .record.graph!.parameters.map((each) => [each.name, each.shape]),
      );
    expect(parametersOf('MTA, 8 × 13')).toMatchObject({ theta_pre: [2, 8, 13], theta_post: [2, 8, 13] });
    expect(parametersOf('MTA')).toMatchObject({
      theta_pre: [2, 6, 11],
      mix_pre: [1, 2, 2],
      gain: [16],
      gate_bias: [1],
    });
    const initialOf = (name: string) =>
      variants.find(({ record }) => record.name === name)!.graph!.inputs.find((each) => each.name === 'theta_pre')!
        .initial;
    expect(initialOf('MTA, from 0.3')).toMatchObject({ law: 'expression', value: { value: 0.3 } });
    expect(initialOf('MTA, from uniform')).toEqual({ law: 'uniform', size: 1 });
    expect(initialOf('MTA, from normal')).toEqual({ law: 'normal', size: 0.3 });
  });

  test('has one variant of windows that costs what the baseline costs', async () => {
    const { variants } = await planOf('windows.ts');
    const { matched } = variants.find(({ record }) => record.name === 'narrower heads')!.record;
    expect(matched).toMatchObject({ by: 'operations', setting: 'headDim' });
    expect(Math.abs(matched!.reached / matched!.wanted - 1)).toBeLessThan(0.1);
  });
});
