// Every example, small and at its default settings, is valid WGSL by Dawn's whole front end: in 32 and 16 bits, with and
// without subgroups, within the default limits. That front end is also what finds a barrier that only some threads reach.
import { afterAll, describe, expect, it } from 'vitest';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import { type CompileWgslOptions, compileWgsl } from '../../../targets/wgsl/compile.js';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { runWgsl } from '../../../targets/wgsl/run.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleCases } from '../../support/examples.js';
import { kernelsEverywhere } from '../../support/kernels-everywhere.js';
import { randomInputs } from '../../support/random-inputs.js';
import { inLongTests } from '../../support/share.js';

const variants: readonly (readonly [options: CompileWgslOptions, features: readonly string[]])[] = [
  [{}, []],
  [{ dtype: 'f16' }, ['shader-f16']],
  [{ subgroups: true }, ['subgroups']],
  [{ dtype: 'f16', subgroups: true }, ['shader-f16', 'subgroups']],
];

const onWebgpu = await testsOn(webgpu);
afterAll(async () => {
  await closeValidation();
  await webgpu.close();
});

const graphOf = async (
  name: string,
  settings: Readonly<Record<string, number | string | boolean | readonly number[]>>,
) => exampleGraph(name, settings);

const cases = exampleCases.flatMap(({ name, settings }) => [
  { name, of: 'small', settings },
  { name, of: 'default', settings: {} },
]);

describe.each(cases)('$name, $of', (example) => {
  it('is valid', async () => {
    const graph = await graphOf(example.name, example.settings);
    const taken = example.of === 'small' ? variants : [variants[0]!, ...inLongTests(...variants.slice(1))];
    for (const [asked, features] of taken) {
      // Alternatives are programs like others: they are seen once at each size.
      const options = asked === variants[0]![0] ? asked : { ...asked, single: true as const };
      const { wgsl, needs, manifest } = compileWgsl(graph, options).emitted;
      expect(needs.features.filter((feature) => !features.includes(feature))).toEqual([]);
      expect(await validate(wgsl, kernelsEverywhere(manifest), { features }), JSON.stringify(options)).toEqual([]);
    }
  });
});

describe('limits beyond the defaults', () => {
  onWebgpu('are used as far as they are granted', async () => {
    const graph = await graphOf('decode', {});
    const { limits } = await webgpu.facts();
    const workgroupBytes = limits['maxComputeWorkgroupStorageSize']!;
    // Operands that are staged take what there is.
    const { emitted } = compileWgsl(graph, { limits: { workgroupBytes }, operands: 'staged' });
    const needed = emitted.manifest.requires.limits['maxComputeWorkgroupStorageSize']!;
    expect(needed).toBeGreaterThan(16384);
    expect(needed).toBeLessThanOrEqual(workgroupBytes);
    const inputs = randomInputs(graph, { batch: 1, queries: 43, keys: 50 }, 5);
    const call = bindInputs(graph, inputs, undefined);
    const outputs = await runWgsl(webgpu, emitted, call.tensors, { ...call.sizes, rows: call.rows });
    for (const [name, expected] of interpret(graph, inputs)) {
      for (const [n, value] of expected.data.entries()) expect(outputs.get(name)!.data[n]).toBeCloseTo(value, 4);
    }
  });
});
