// The library `heddle/compiler`: each function once, on a golden case, and that it agrees with the others.
// What they do in depth is tested where it is done.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  check,
  compile,
  devices,
  explain,
  explanationText,
  gradient,
  graphFromJson,
  graphFromText,
  graphToJson,
  graphToText,
  HeddleError,
  interpret,
  readSafetensors,
  run,
} from '../../cli/api.js';
import { inRepository } from './harness.js';

const mta = inRepository('examples/mta.ts');
const settings = { heads: 4, headDim: 16, preQueryKernel: 3, preKeyKernel: 5, preMix: 4, postMix: 0 };
const bare = { ...settings, postQueryKernel: 0, norm: 'none', gate: 'none' };
const path = inRepository('test/golden/pre-conv-mix.safetensors');
const { tensors } = readSafetensors(readFileSync(path), { name: path });

describe('the library', () => {
  test('compiles, interprets, runs and differentiates a spec', async () => {
    const compiled = await compile(mta, { settings: bare });
    expect([...compiled.files.keys()]).toEqual(['mta.js', 'mta.d.ts', 'manifest.json']);
    const meaning = interpret(compiled, tensors);
    const results = await run(compiled.graph, Object.fromEntries(tensors), { device: 'gpujs' });
    for (const [name, { shape, data }] of meaning) {
      expect(results.get(name)!.shape).toEqual(shape);
      for (const [n, value] of data.entries()) expect(results.get(name)!.data[n]).toBeCloseTo(value, 4);
    }
    const gradients = interpret(compiled, tensors, { backward: true });
    expect([...gradients.keys()]).toEqual(gradient(compiled).outputs.map(({ name }) => name));
    expect(interpret(compiled, tensors, { rows: 3 }).get('out')!.shape[2]).toBe(3);
    expect(interpret(compiled, tensors, { precision: 'bf16' }).get('out')!.dtype).toBe('BF16');
  });

  test('explains and checks a spec', async () => {
    const { graph } = await compile(mta, { settings: bare, target: 'graph' });
    const explanation = explain(graph, { shape: { batch: 1, queries: 64, keys: 64 } });
    expect(explanation).toMatchObject({ name: 'mta', history: 2, cost: { shape: { keys: 64 } } });
    expect(explanationText(explanation)).toContain('history: 2 rows');
    const reports = await check(graph, { devices: ['interpreter', 'gpujs'], cases: 2, seed: 5 });
    expect(reports.map(({ device, passed, cases }) => [device, passed, cases.length])).toEqual([
      ['interpreter', true, 2],
      ['gpujs', true, 2],
    ]);
    expect((await devices()).map(({ name }) => name)).toContain('gpujs');
  });

  test('takes graphs to text and JSON and back', async () => {
    const { graph } = await compile(mta, { settings: bare });
    const text = graphToText(graph);
    expect(graphToText(graphFromText(text))).toBe(text);
    expect(graphToText(graphFromJson(JSON.parse(JSON.stringify(graphToJson(graph)))))).toBe(text);
  });

  test('throws diagnostics', async () => {
    const attempts = {
      HD4021: compile(mta, { target: 'abacus' as never }),
      HD2002: compile(mta, { settings: { head: 4 } }),
      HD4022: compile(mta).then((compiled) => run(compiled, {}, { device: 'abacus' as never })),
      HD7001: compile(mta).then((compiled) => interpret(compiled, {})),
    };
    for (const [code, attempt] of Object.entries(attempts)) {
      const error = await attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(HeddleError);
      expect((error as HeddleError).diagnostics[0]!.code).toBe(code);
    }
  });
});
