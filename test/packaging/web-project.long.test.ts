// A web project as its owner has it: the packed package, Vite's own program, TypeScript's, and `heddle compile --watch`.
// Nothing is fetched: Vite is linked from the checkout.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { installedForTests, root, SPEC } from './pack.js';

const installed = installedForTests();
const inProject = (...names: string[]): string => join(installed().project, ...names);

/** The page of docs/bundlers.md for the spec of these tests. */
const PAGE = `import { createSloped } from './sloped.ts?heddle&set.heads=2';
import { createSloped as inHalves } from './sloped.ts?heddle&dtype=f16';

const attention = await createSloped();
const device: GPUDevice = attention.device;
const q = { shape: [1, 2, 4, 8], data: new Float32Array(64) };
const { out, lse } = await attention.run({ q, k: q, v: q, slope: { shape: [2], data: [1, 2] } });
const numbers: Float32Array = out.data;
console.log(device, numbers, lse.shape, await inHalves());
`;

beforeAll(() => {
  const files = {
    'package.json': '{ "name": "project", "private": true, "type": "module" }',
    'index.html': '<!doctype html><title>project</title><script type="module" src="/src/main.ts"></script>',
    'vite.config.js':
      "import heddle from 'heddle/vite';\nexport default { plugins: [heddle()], build: { target: 'es2022' } };\n",
    'src/main.ts': PAGE,
    'src/sloped.ts': SPEC,
    'src/other.ts': "import { anything } from './unbuilt.ts?heddle';\nanything();\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(inProject(path)), { recursive: true });
    writeFileSync(inProject(path), text);
  }
  symlinkSync(join(root, 'node_modules', 'vite'), inProject('node_modules', 'vite'));
});

const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: installed().project, encoding: 'utf8' });

describe('a project of Vite', () => {
  test('builds a page of kernels alone, and keeps what is compiled', () => {
    const vite = inProject('node_modules', 'vite', 'bin', 'vite.js');
    const built = node(vite, 'build');
    // Rolldown may remark how long a plugin took.
    expect({ status: built.status, problems: /error|warn/i.exec(built.stderr) }).toEqual({ status: 0, problems: null });
    const assets = inProject('dist', 'assets');
    const bundle = readdirSync(assets)
      .map((name) => readFileSync(join(assets, name), 'utf8'))
      .join('');
    for (const [query, out] of [
      [['--set', 'heads=2'], 'one'],
      [['--dtype', 'f16'], 'two'],
    ] as const) {
      const main = inProject('node_modules', 'heddle', 'dist', 'cli', 'main.js');
      expect(node(main, 'compile', 'src/sloped.ts', '--target', 'wgsl', ...query, '--out', out).status).toBe(0);
    }
    const emitted = ['one', 'two'].flatMap((out) => readdirSync(inProject(out)).map((name) => inProject(out, name)));
    const size = emitted.reduce((sum, path) => sum + readFileSync(path).length, 0);
    expect(bundle.length).toBeLessThan(1.3 * size);
    expect(bundle).not.toMatch(/createSourceFile|unplugin|scaledDot/);
    expect(readdirSync(inProject('node_modules', '.cache', 'heddle'))).toHaveLength(2);
  });

  test('builds and type-checks what the documentation shows', () => {
    const snippets = readFileSync(join(root, 'docs', 'bundlers.md'), 'utf8').matchAll(/^```js\n(.*?)^```$/gms);
    const [page, configuration, options] = Array.from(snippets, ([, text]) => text!) as [string, string, string];
    const parameters = "type Inputs = Parameters<Awaited<ReturnType<typeof createMta>>['run']>[0];";
    const given = 'declare const { q, k, v, ...parameters }: Inputs;';
    writeFileSync(inProject('vite.config.js'), configuration);
    writeFileSync(inProject('src/mta.ts'), readFileSync(join(root, 'examples', 'mta.ts')));
    writeFileSync(inProject('src/page.ts'), `${parameters}\n${given}\n${page}`);
    writeFileSync(inProject('src/options.ts'), `${options}createMta();\n`);
    writeFileSync(
      inProject('page.html'),
      '<script type="module" src="/src/page.ts"></script><script type="module" src="/src/options.ts"></script>',
    );
    const vite = inProject('node_modules', 'vite', 'bin', 'vite.js');
    const entry =
      "export default { build: { target: 'es2022', outDir: 'shown', rolldownOptions: { input: 'page.html' } }, plugins: (await import('./vite.config.js')).default.plugins };";
    writeFileSync(inProject('shown.config.js'), entry);
    const built = node(vite, 'build', '--config', 'shown.config.js');
    expect({ status: built.status, problems: /error|warn/i.exec(built.stderr) }).toEqual({ status: 0, problems: null });
    expect(readFileSync(inProject('src/mta.heddle.d.ts'), 'utf8').match(/^declare module/gm)).toHaveLength(2);
  });

  test.each([
    ['a bundler', { module: 'preserve', moduleResolution: 'bundler' }],
    ['Node', { module: 'nodenext', moduleResolution: 'nodenext', allowImportingTsExtensions: true }],
  ])('type-checks its imports as %s resolves them', (_, options) => {
    const compilerOptions = {
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: ['heddle/client'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      ...options,
    };
    writeFileSync(inProject('tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    const check = () => node(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
    const right = check();
    expect({ status: right.status, stdout: right.stdout }).toEqual({ status: 0, stdout: '' });
    writeFileSync(inProject('src/main.ts'), PAGE.replace('v: q,', ''));
    const wrong = check();
    writeFileSync(inProject('src/main.ts'), PAGE);
    expect(wrong.status).not.toBe(0);
    expect(wrong.stdout).toMatch(/main\.ts.*'v' is missing|Property '"?v"?' is missing/s);
  });

  test('is told what is wrong with a spec, by the build too', () => {
    writeFileSync(inProject('src/sloped.ts'), SPEC.replace('slope(h)', 'slope(i)'));
    const { status, stderr } = node(inProject('node_modules', 'vite', 'bin', 'vite.js'), 'build');
    writeFileSync(inProject('src/sloped.ts'), SPEC);
    expect(status).toBe(1);
    expect(stderr).toContain('error[HD1001]');
    expect(stderr).toMatch(/> +8 \|.*slope\(i\)/);
    expect(stderr).toContain('src/sloped.ts:8:');
  });
});

test('heddle compile --watch goes on until Ctrl-C', async () => {
  writeFileSync(inProject('src/main.js'), '');
  const main = inProject('node_modules', 'heddle', 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'compile', 'src/sloped.ts', '--watch', '--out', 'watched'], {
    cwd: installed().project,
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise((done) => child.once('exit', (code, signal) => done([code, signal])));
  const waits = (): number => err.split('watching 1 file, Ctrl-C ends').length - 1;
  await expect.poll(waits, { timeout: 30_000 }).toBe(1);
  expect(out).toContain('sloped compiled to gpujs');
  writeFileSync(inProject('src/sloped.ts'), SPEC.replace('slope(h)', 'slope(i)'));
  await expect.poll(waits, { timeout: 30_000 }).toBe(2);
  expect(err).toContain('error[HD1001]');
  writeFileSync(inProject('src/sloped.ts'), SPEC);
  await expect.poll(waits, { timeout: 30_000 }).toBe(3);
  expect(out.split('sloped compiled to gpujs')).toHaveLength(3);
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});
