// Emitted modules in other people's builds: all examples are bundled with gpu.js and minified by Vite, esbuild and webpack in
// production mode, one build each, and what comes out is run against the interpreter.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as buildWithEsbuild } from 'esbuild';
import { build as buildWithVite } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import webpack from 'webpack';
import { interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { emitGpujs } from '../../../targets/gpujs/index.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleCases, exampleInputs, exampleSpec } from '../../support/examples.js';
import { inLongTests } from '../../support/share.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heddle-bundled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  readonly graph: Graph;
  readonly factory: string;
  readonly inputs: ReadonlyMap<string, HostTensor>;
  readonly rows: number | undefined;
}
const cases = new Map<string, Case>();

/** What gpu.js asks for and does without. */
const optional = ['gl', 'webgpu'];
const entry = join(folder, 'entry.js');

beforeAll(async () => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules', 'gpu.js'), join(folder, 'node_modules', 'gpu.js'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const example of exampleCases) {
    const { name, settings, rows } = example;
    const graph = await exampleGraph(name, settings);
    const { files, factory } = emitGpujs(graph);
    for (const [path, text] of files) if (path !== 'manifest.json') writeFileSync(join(folder, path), text);
    const inputs = new Map(
      Object.entries(exampleInputs(await exampleSpec(name), example)).map(([key, { shape, data }]) => [
        key,
        hostTensor(shape, Float64Array.from(data, Math.fround)),
      ]),
    );
    cases.set(name, { graph, factory, inputs, rows });
  }
  const calls = Object.fromEntries(
    [...cases].map(([name, { inputs, rows }]) => [
      name,
      {
        rows,
        tensors: Object.fromEntries([...inputs].map(([key, { shape, data }]) => [key, { shape, data: [...data] }])),
      },
    ]),
  );
  writeFileSync(join(folder, 'calls.json'), JSON.stringify(calls));
  writeFileSync(
    entry,
    [
      "import { readFileSync } from 'node:fs';",
      ...[...cases].map(([name, { factory }]) => `import { ${factory} } from './${name}.js';`),
      `const factories = { ${[...cases].map(([name, { factory }]) => `${name}: ${factory}`).join(', ')} };`,
      'async function main() {',
      "  const calls = JSON.parse(readFileSync(process.argv[2], 'utf8'));",
      '  const results = {};',
      '  for (const [name, { tensors, rows }] of Object.entries(calls)) {',
      '    const instance = factories[name]();',
      '    const { out } = await instance.run(tensors, rows === undefined ? {} : { rows });',
      '    results[name] = { shape: out.shape, data: [...out.data] };',
      '    await instance.destroy();',
      '  }',
      '  process.stdout.write(JSON.stringify(results));',
      '}',
      'main();',
    ].join('\n'),
  );
}, 240_000);

/** By name, what bundles and minifies the entry to a file in the folder. */
const bundlers: Readonly<Record<string, (out: string) => Promise<string>>> = {
  async esbuild(out) {
    const outfile = join(folder, out, 'entry.cjs');
    await buildWithEsbuild({
      entryPoints: [entry],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      external: optional,
      logLevel: 'error',
    });
    return outfile;
  },
  async vite(out) {
    await buildWithVite({
      root: folder,
      configFile: false,
      mode: 'production',
      logLevel: 'error',
      ssr: { noExternal: true, external: optional },
      build: { ssr: entry, minify: true, outDir: join(folder, out), emptyOutDir: true },
    });
    return join(folder, out, 'entry.js');
  },
  async webpack(out) {
    await new Promise<void>((resolve, reject) => {
      webpack(
        {
          mode: 'production',
          target: 'node',
          context: folder,
          entry,
          output: { path: join(folder, out), filename: 'entry.cjs' },
          externals: Object.fromEntries(optional.map((name) => [name, `commonjs ${name}`])),
        },
        (error, stats) => {
          if (error || !stats || stats.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
          else resolve();
        },
      );
    });
    return join(folder, out, 'entry.cjs');
  },
};

test.each(['esbuild', 'vite', ...inLongTests('webpack')])('%s', async (name) => {
  const bundle = await bundlers[name]!(`by-${name}`);
  const text = execFileSync(process.execPath, [bundle, join(folder, 'calls.json')], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const results = JSON.parse(text) as Record<string, { shape: number[]; data: number[] }>;
  expect(Object.keys(results)).toEqual([...cases.keys()]);
  for (const [example, { graph, inputs, rows }] of cases) {
    const expected = interpret(graph, inputs, { rows }).get('out')!;
    const { shape, data } = results[example]!;
    expect(shape, example).toEqual(expected.shape);
    const largest = Math.max(...data.map((value, n) => Math.abs(value - expected.data[n]!)));
    expect(largest, example).toBeLessThan(1e-4);
  }
});
