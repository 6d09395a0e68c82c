// Every command and program of README and docs/ is run here, or listed with the reason why it cannot be.
// Commands run in this process, on a folder of their own; checks of many shapes are given one, to be quick.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as api from '../../cli/api.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { hostTensor, writeSafetensors } from '../../src/tensors/index.js';
import { inRepository, runHeddle } from './harness.js';
import { commands, snippets } from './snippets.js';

// Within the checkout, so that the types of Node are found; removed at the end.
const folder = inRepository(`out/doc-snippets-${process.pid}`);
const inFolder = (...names: readonly string[]): string => join(folder, ...names);
const blocks = (page: string, language: string): readonly string[] =>
  snippets.filter((each) => each.page === page && each.language === language).map(({ text }) => text);

const filled = (shape: readonly number[]) =>
  hostTensor(
    shape,
    Float64Array.from({ length: shape.reduce((n, each) => n * each, 1) }, (_, n) => Math.sin(n)),
  );

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  cpSync(inRepository('examples'), inFolder('examples'), { recursive: true });
  for (const name of ['mta', 'alibi', 'soft-cap']) cpSync(inRepository(`examples/${name}.ts`), inFolder(`${name}.ts`));
  writeFileSync(inFolder('convolved.ts'), blocks('README.md', 'ts')[0]!);
  const all = filled([1, 8, 7, 64]);
  const inputs = { q: all, k: all, v: all, grad_out: all, theta: filled([8, 6, 11]) };
  writeFileSync(inFolder('in.safetensors'), writeSafetensors(new Map(Object.entries(inputs))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Commands that are not run here, by how they begin. */
const notRun: Readonly<Record<string, string>> = {
  'npm ci && npm': 'installs packages, and is what runs this test',
  'npm run fuzz': 'takes minutes; test/fuzz runs a part',
  'npm run bench': 'takes minutes, and measures',
  'npm run playground': 'builds a page; test/page/playground.long.test.ts builds it and uses it',
  'npm run gpu-suite': 'takes minutes; test/gpu-suite makes one',
  'npm run sass': 'needs nvcc and nvdisasm; test/targets/cuda/sass counts kernels where they are',
  nvcc: 'needs nvcc; test/targets/cuda/nvcc.test.ts compiles kernels where there is one',
  scp: 'needs a second machine',
  python: 'needs a GPU; test/gpu-suite runs the scripts on stand-ins',
  'heddle check convolved.ts --device webgpu':
    'a software device compiles it for a minute; test/targets/wgsl/examples-webgpu.test.ts checks all examples there',
  'heddle ablate': 'takes minutes; test/studies runs one, and plans all studies of examples/',
  'heddle devices': 'starts every device there is; test/cli/usage.test.ts and the tests of each device do',
};

/** A check of all shapes takes a minute on a software device. */
const shortened = (args: readonly string[]): readonly string[] =>
  args[0] === 'check' ? [...args, '--shape', '1,7,7'] : args;

test('the commands of the documentation are found', () => {
  expect(commands.length).toBeGreaterThan(12);
  for (const start of Object.keys(notRun)) {
    expect(
      commands.some((each) => each.replace('npx ', '').startsWith(start)),
      start,
    ).toBe(true);
  }
});

const runnable = commands
  .map((each) => each.replace('npx ', ''))
  .filter((each) => !Object.keys(notRun).some((start) => each.startsWith(start)));

test.each([...new Set(runnable)])('%s', async (command) => {
  const [program, ...args] = command.split(/\s+/);
  expect(program).toBe('heddle');
  const isFile = (arg: string) => /\.(ts|safetensors)$/.test(arg);
  const placed = args.map((arg, n) => (isFile(arg) || args[n - 1] === '--out' ? inFolder(arg) : arg));
  const out = args.includes('--out') || args[0] !== 'compile' ? [] : ['--out', inFolder('out')];
  const { exitCode, err } = await runHeddle([...shortened(placed), ...out]);
  // A device that is not here is said to be missing, with what would bring it.
  if (/error\[HD4025\]/.test(err)) return;
  expect({ exitCode, err: err.replace(/warning\[.*/s, '') }).toEqual({ exitCode: 0, err: '' });
});

test('what README says of explain is what it prints', async () => {
  const { out } = await runHeddle(['explain', inFolder('convolved.ts')]);
  const [shown] = blocks('README.md', '').filter((text) => text.startsWith('dot %1'));
  for (const line of shown!.trim().split('\n')) if (line !== '…') expect(out).toContain(line);
});

/** Pages whose programs and specs are type-checked elsewhere. */
const checkedElsewhere: Readonly<Record<string, string>> = {
  'docs/api.md': 'where the package is, against its own types',
  'docs/bundlers.md': 'in a project that has the plugin: test/packaging/web-project.long.test.ts',
  'docs/flex-attention.md': 'shows specs of examples/flex-attention/, which test/flex-attention compiles',
};

const device = 'declare const gpuDevice: GPUDevice;';
const tensors = (names: string): string => `declare const [${names}]: { shape: number[]; data: Float32Array }[];`;
/** What programs that use an emitted launcher have beside it, and what they make. */
const surroundings = [
  ['./out/convolved.js', `${device}\n${tensors('q, k, v, theta')}\nexport { lse, out };`],
  ['./out/causal.js', `${device}\n${tensors('q, k, v, grad_out, grad_lse')}\nexport { gradients };`],
] as const;

test('programs and specs type-check, and specs compile', async () => {
  const texts = snippets.filter(({ page, language }) => /^[jt]s$/.test(language) && !(page in checkedElsewhere));
  expect(texts.length).toBeGreaterThan(4);
  const toWgsl = ['--target', 'wgsl', '--out', inFolder('out')];
  await runHeddle(['compile', inFolder('convolved.ts'), ...toWgsl]);
  await runHeddle(['compile', inFolder('examples', 'causal.ts'), '--backward', ...toWgsl]);
  const names = texts.map(({ text }, n) => {
    const around = surroundings.find(([file]) => text.includes(file))?.[1] ?? '';
    writeFileSync(inFolder(`snippet${n}.ts`), `${text}\n${around}`);
    return `snippet${n}.ts`;
  });
  const paths = {
    heddle: ['dsl/language.ts'],
    'heddle/library': ['dsl/library/index.ts'],
  };
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    module: 'preserve',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    paths: Object.fromEntries(Object.entries(paths).map(([name, [file]]) => [name, [inRepository(file!)]])),
  };
  writeFileSync(inFolder('tsconfig.json'), JSON.stringify({ compilerOptions, files: names }));
  const tsc = inRepository('node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
  for (const [n, { text }] of texts.entries()) {
    if (!/\b(attention|ablation)\(/.test(text)) continue;
    const file = await openSpec(inFolder(`snippet${n}.ts`));
    expect(file.specs.length + file.studies.length).toBe(1);
    for (const { name } of file.specs) expect(file.compile(name).outputs.length).toBeGreaterThan(0);
    for (const study of file.studies) for (const variant of study.variants) study.resolve(variant);
  }
});

test('the types of a launcher stand alone, and are exact where those of WebGPU are', async () => {
  await runHeddle(['compile', inFolder('convolved.ts'), '--target', 'wgsl', '--out', inFolder('types')]);
  const tsc = inRepository('node_modules/typescript/bin/tsc');
  const typed = (lib: readonly string[], program: string): string => {
    writeFileSync(inFolder('types/program.ts'), program);
    const compilerOptions = { target: 'es2023', lib, module: 'preserve', strict: true, noEmit: true, types: [] };
    writeFileSync(inFolder('types/tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    return spawnSync(process.execPath, [tsc, '-p', inFolder('types')], { encoding: 'utf8' }).stdout;
  };
  const start = "import { createConvolved } from './convolved.js';\n";
  expect(typed(['es2023'], `${start}export const { device } = await createConvolved({});`)).toBe('');
  expect(
    typed(['es2023', 'dom'], `${start}export const { queue }: GPUDevice = (await createConvolved()).device;`),
  ).toBe('');
  expect(typed(['es2023', 'dom'], `${start}await createConvolved({});`)).toContain('GPUDevice');
});

test('the program of docs/api.md runs', async () => {
  const [program] = blocks('docs/api.md', 'ts');
  const { graph } = await api.compile(inRepository('examples/mta.ts'), {
    settings: { heads: 8, preMix: 8, postMix: 8, headDim: 16 },
  });
  const sizes = { batch: 1, query: 5, key: 5, position: 5 };
  const inputs = graph.inputs.map(({ name, domain }) => {
    const shape = domain.map((axis) => ('size' in axis ? axis.size : sizes[axis.kind as keyof typeof sizes]));
    return [name, filled(shape)] as const;
  });
  const bytes = writeSafetensors(new Map(inputs));
  const said: unknown[][] = [];
  const given = {
    ...api,
    compile: (path: string, options: api.CompileOptions) => api.compile(inRepository(path), options),
    // One shape in place of all, which take a while.
    check: (spec: api.Compilable) => api.check(spec, { shapes: [{ batch: 1, queries: 3, keys: 3 }] }),
    readFileSync: (name: string) => (name === 'inputs.safetensors' ? bytes : readFileSync(name)),
    console: { log: (...words: unknown[]) => said.push(words) },
  };
  const body = transformSync(program!.replace(/^import .*$/gm, ''), { loader: 'ts' }).code;
  const run = new Function(`{ ${Object.keys(given).join(', ')} }`, `return (async () => { ${body} })();`);
  await run(given);
  expect(said[0]?.slice(0, 3)).toEqual([[1, 8, 5, 16], [1, 8, 5], 10]);
  expect(said[1]?.slice(0, 2)).toEqual(['gpujs', true]);
});

test('JSON is JSON', () => {
  const records = snippets
    .filter(({ language }) => language === 'json')
    .flatMap(({ text }) => text.trim().split(/\n(?=\{)/));
  expect(records.length).toBeGreaterThan(0);
  for (const each of records) expect(JSON.parse(each)).toHaveProperty('ok');
});
