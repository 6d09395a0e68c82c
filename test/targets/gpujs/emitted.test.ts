// What a compile leaves behind: the same bytes every time, and usable with nothing but gpu.js installed.
// UPDATE_GOLDEN=1 writes the golden modules anew; look at the difference before you commit it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpreter/index.js';
import { emitGpujs } from '../../../targets/gpujs/index.js';
import { randomInputs } from '../../support/random-inputs.js';

import { problemsOf } from '../json-schema.js';
import { describeEmittedModules, emittedGraph, manifestSchema } from '../shared/emitted-modules.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
describeEmittedModules(['causal', 'mta', 't5'], emitGpujs, new URL('./golden/', import.meta.url));

test('the schema is not fulfilled by anything', () => {
  expect(problemsOf({}, manifestSchema)).toContain('manifest has no inputs');
  const { files } = emitGpujs({ name: 'empty', settings: {}, inputs: [], outputs: [] });
  const manifest = JSON.parse(files.get('manifest.json')!) as Record<string, unknown>;
  expect(problemsOf({ ...manifest, history: -1 }, manifestSchema)).toEqual(['manifest.history is below 0']);
  expect(problemsOf({ ...manifest, extra: 1 }, manifestSchema)).toEqual(['manifest has extra']);
  expect(problemsOf({ ...manifest, files: [{ path: 'x', hash: 'y' }] }, manifestSchema)).toHaveLength(1);
});

describe('with nothing but gpu.js installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emitted-'));
  const link = (name: string) => symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  beforeAll(async () => {
    mkdirSync(join(folder, 'node_modules'));
    link('gpu.js');
    write('package.json', '{ "type": "module" }');
    for (const [path, text] of emitGpujs(await emittedGraph('mta')).files) write(path, text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the module runs in a process of its own', async () => {
    const graph = await emittedGraph('mta');
    const inputs = randomInputs(graph, { batch: 1, queries: 10, keys: 13 }, 3);
    const tensors = Object.fromEntries(
      [...inputs].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]),
    );
    write('tensors.json', JSON.stringify(tensors));
    write(
      'main.js',
      `import { readFileSync } from 'node:fs';
       import { createMta } from './mta.js';
       const mta = createMta();
       const { out } = await mta.run(JSON.parse(readFileSync('tensors.json', 'utf8')), { rows: 2 });
       await mta.destroy();
       console.log(JSON.stringify({ shape: out.shape, data: [...out.data] }));`,
    );
    const text = execFileSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8' });
    const out = JSON.parse(text) as { shape: number[]; data: number[] };
    const expected = interpret(graph, inputs, { rows: 2 }).get('out')!;
    expect(out.shape).toEqual(expected.shape);
    out.data.forEach((value, n) => {
      expect(value).toBeCloseTo(expected.data[n]!, 4);
    });
  });

  test('its types accept what it takes, and nothing else', () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    if (!existsSync(compiler)) throw new Error('the TypeScript compiler is not installed');
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
    const check = (body: string): string => {
      write('use.ts', `import { createMta, type MtaOutputs } from './mta.js';\n${body}`);
      try {
        return execFileSync(process.execPath, [compiler, ...options, 'use.ts'], { cwd: folder, encoding: 'utf8' });
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    const tensor = '{ shape: [1], data: new Float32Array(1) }';
    const inputs = [
      'q',
      'k',
      'v',
      'theta_pre',
      'mix_pre',
      'theta_post',
      'mix_post',
      'gain',
      'gate_weight',
      'gate_bias',
    ];
    const call = (names: readonly string[]) =>
      `createMta().run({ ${names.map((name) => `${name}: ${tensor}`).join(', ')} })`;
    expect(check(`const out: Promise<MtaOutputs> = ${call(inputs)}; out.then(({ out }) => out.data.fill(0));`)).toBe(
      '',
    );
    expect(check(call(inputs.slice(1)))).toContain("Property 'q' is missing");
    expect(check("createMta({ mode: 'fast' })")).toContain('fast');
  });
});
