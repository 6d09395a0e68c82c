// The package as a user gets it: packed, installed into a project of their own, and used there.
// Nothing is fetched: its dependencies are linked from the checkout.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { installedForTests, root, SPEC } from './pack.js';

const installed = installedForTests();

const inProject = (...names: string[]): string => join(installed().project, ...names);

function npx(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  // Warnings about the configuration of npm on this machine are none of ours.
  const quiet = ['--offline', '--no', '--loglevel=error'];
  return spawnSync('npx', [...quiet, ...args], { cwd: installed().project, encoding: 'utf8' });
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, object>>;
}

describe('the tarball', () => {
  test('holds what is needed and nothing else', () => {
    const expected = [
      /^dist\/(src|codegen|targets|dsl|driver|studies|report|cli|plugin)\/.*\.(js|d\.ts)$/,
      /^dist\/bundle\/[\w-]+\.js$/,
      /^dist\/page\/compiler\.js$/,
      /^dist\/report\/page\/page\.css$/,
      /^dist\/targets\/cuda\/emulation\/[\w-]+\.h$/,
      /^dsl\/(language|run-time)\.ts$/,
      /^dsl\/library\/[\w-]+\.ts$/,
      /^plugin\/client\.d\.ts$/,
      /^examples\/(studies\/)?[\w-]+\.ts$/,
      /^examples\/flex-attention\/[\w-]+\.(ts|py)$/,
      /^examples\/integrations\/[\w-]+\/[\w.-]+$/,
      /^studies\/study\.schema\.json$/,
      /^docs\/([\w-]+\/)?[\w-]+\.(md|svg)$/,
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
    ];
    expect(installed().files.filter((path) => !expected.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(installed().files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'dist/cli/main.js',
        'dist/bundle/main.js',
        'dist/page/compiler.js',
        'dist/cli/api.d.ts',
        'dist/report/page/page.js',
        'dist/report/page/page.css',
        'dsl/language.ts',
        'examples/mta.ts',
        'docs/language.md',
        'docs/decisions/README.md',
        'docs/tutorial/mta.svg',
        'examples/flex-attention/score-mods.ts',
      ]),
    );
  });

  test('holds the pictures and examples that its documentation shows', () => {
    const { files, folder } = installed();
    const pages = files.filter((path) => /^docs\/.*\.md$/.test(path));
    const named = pages.flatMap((page) =>
      Array.from(readFileSync(join(folder, page), 'utf8').matchAll(/\]\((?!\w+:)([^()\s:#]+)[^()]*\)/g), ([, target]) =>
        posix.join(posix.dirname(page), target!),
      ),
    );
    const missing = named
      .filter((path) => /^(docs|examples)\//.test(path))
      .filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`)));
    expect([...new Set(missing)]).toEqual([]);
  });

  test('passes publint without a remark', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed().folder, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg!, { color: false }))).toEqual([]);
  });

  test('has types that resolve as they run, for whoever imports modules', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(installed().tarball)));
    if (analysis.types === false) throw new Error('the package has no types');
    expect(Object.keys(analysis.entrypoints)).toEqual(
      expect.arrayContaining(['.', './compiler', './vite', './client']),
    );
    // A package of ES modules is for those who resolve as Node does for them, or as bundlers do: the profile `esm-only` of attw.
    const esm = analysis.problems.filter((problem) => {
      const kinds = 'resolutionKind' in problem ? [problem.resolutionKind] : [];
      return kinds.every((kind) => kind === 'node16-esm' || kind === 'bundler');
    });
    expect(esm).toEqual([]);
  });

  test('has the size that the README states', () => {
    const { packed, unpacked } = installed().bytes;
    const stated = /\*\*([\d.]+) MB packed, ([\d.]+) MB\*\*/.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
    const megabytes = [packed, unpacked].map((bytes) => bytes / 1e6);
    for (const [n, most] of stated.slice(1).map(Number).entries()) {
      expect(megabytes[n]).toBeLessThanOrEqual(most);
      expect(megabytes[n]).toBeGreaterThan(0.9 * most);
    }
  });

  test('needs no device to compile: gpu.js and webgpu are for who runs', () => {
    const manifest = JSON.parse(readFileSync(join(installed().folder, 'package.json'), 'utf8')) as Manifest;
    expect(Object.keys(manifest.dependencies)).not.toEqual(expect.arrayContaining(['webgpu']));
    expect(manifest.peerDependenciesMeta).toEqual({ 'gpu.js': { optional: true }, webgpu: { optional: true } });
  });

  test('names no place of the machine that packed it', () => {
    const named = installed().files.filter((path) =>
      readFileSync(join(installed().folder, path), 'utf8').includes(root),
    );
    expect(named).toEqual([]);
  });
});

describe("in a user's project", () => {
  beforeAll(() => {
    writeFileSync(inProject('package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
    mkdirSync(inProject('specs'), { recursive: true });
    writeFileSync(inProject('specs', 'sloped.ts'), SPEC);
  });

  test('npx heddle compiles a spec', () => {
    const { status, stdout, stderr } = npx('heddle', 'compile', 'specs/sloped.ts', '--out', 'kernels');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('sloped compiled to gpujs');
    const kernels = readdirSync(inProject('kernels'));
    expect(kernels.length).toBeGreaterThan(0);
    for (const file of kernels) expect(stdout).toContain(join('kernels', file));
  });

  test('a bad command line ends with exit code 2', () => {
    const { status, stdout, stderr } = npx('heddle', 'compile', 'specs/slope.ts');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('specs/sloped.ts');
  });

  test.each([
    ['strict', {}],
    ['strict and more', { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true }],
    ['strict with a bundler', { module: 'preserve', moduleResolution: 'bundler' }],
  ])('a spec and a program type-check: %s', (_, options) => {
    // The program is the one of the documentation.
    const [, program] = /```ts\n(.*?)```/s.exec(readFileSync(join(root, 'docs', 'api.md'), 'utf8'))!;
    writeFileSync(inProject('program.ts'), program!);
    const compilerOptions = {
      target: 'es2023',
      lib: ['es2023', 'dom'],
      module: 'nodenext',
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      strict: true,
      noEmit: true,
      ...options,
    };
    writeFileSync(inProject('tsconfig.json'), JSON.stringify({ compilerOptions, include: ['specs', 'program.ts'] }));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], {
      cwd: installed().project,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('a misuse of the language is an error of the editor', () => {
    writeFileSync(inProject('specs', 'sloped.ts'), SPEC.replace('slope(h)', 'slope(i)'));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], {
      cwd: installed().project,
      encoding: 'utf8',
    });
    writeFileSync(inProject('specs', 'sloped.ts'), SPEC);
    expect(status).not.toBe(0);
    expect(stdout).toContain('sloped.ts(8,');
  });

  test('its entry points import in plain JavaScript', () => {
    const program = `
      import { attention } from 'heddle';
      import { causal } from 'heddle/library';
      import * as compiler from 'heddle/compiler';
      const spec = attention({ heads: 2 }, () => { throw new Error('never called'); });
      console.log(spec.with({ heads: 4 }).defaults.heads, causal(2, 1), Object.keys(compiler).sort().join());
    `;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: installed().project,
      encoding: 'utf8',
    });
    expect(printed).toMatch(/^4 true /);
    for (const name of ['check', 'compile', 'explain', 'interpret']) expect(printed).toContain(name);
  });
});

describe('the program', () => {
  const main = () => join(installed().folder, 'dist', 'cli', 'main.js');

  /** The modules outside Node that a run loads, as the engine itself reports them. */
  function modulesLoadedBy(...args: readonly string[]): string[] {
    const folder = join(installed().temporary, `coverage-${args.join('-').replace(/\W/g, '_')}`);
    const { status } = spawnSync(process.execPath, [main(), ...args], {
      cwd: installed().project,
      env: { ...process.env, NODE_V8_COVERAGE: folder },
    });
    expect(status).toBe(0);
    return readdirSync(folder).flatMap((file) => {
      const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
      return result.flatMap(({ url }) => (url.startsWith('file:') ? modulesOf(fileURLToPath(url)) : []));
    });
  }

  /** A module, or those that a file of the bundle is made of, as its comments say. */
  function modulesOf(path: string): string[] {
    if (!path.includes(join('dist', 'bundle'))) return [path];
    const modules = [...readFileSync(path, 'utf8').matchAll(/^\/\/ (dist\/\S+\.js)$/gm)].map(
      ([, module]) => `/${module}`,
    );
    return modules.length > 0 ? modules : [path];
  }

  /** Whether a file of the bundle holds nothing of its own: it only names what others do. */
  const isShared = (path: string): boolean => path.includes(join('dist', 'bundle'));

  /** The file of the bundle that has a module in it. */
  function fileWith(module: string): string {
    const folder = join(installed().folder, 'dist', 'bundle');
    const holds = (file: string): boolean => readFileSync(join(folder, file), 'utf8').includes(`\n// ${module}\n`);
    return join(folder, readdirSync(folder).find(holds)!);
  }

  test('loads the command line alone for --help: no compiler, no target', () => {
    const modules = modulesLoadedBy('--help');
    expect(modules).toContain('/dist/cli/program.js');
    const expected = /\/(dist\/cli|dist\/driver\/version\.js|commander)(\/|$)/;
    expect(modules.filter((path) => !expected.test(path) && !isShared(path))).toEqual([]);
    expect(modules.length).toBeLessThan(30);
  });

  test('loads no device to compile', () => {
    const modules = modulesLoadedBy('compile', 'specs/sloped.ts', '--out', 'elsewhere');
    expect(modules).toContain('/dist/targets/gpujs/emit.js');
    expect(modules.filter((url) => /gpu\.js|\/device\.js$|\/interpreter\//.test(url))).toEqual([]);
  });

  test.each(['explain specs/sloped.ts', '--help', 'devices --json'])(
    'survives a reader that goes away: %s',
    (command) => {
      const pipeline = `"${process.execPath}" "${main()}" ${command} | head -c 1 > /dev/null; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', pipeline], { cwd: installed().project, encoding: 'utf8' });
      expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
    },
  );

  test('says that a bug is a bug, and shows where only when asked', () => {
    // A compiler without its language is as broken as one can be.
    const language = fileWith('dist/dsl/frontend/open.js');
    const place = `${basename(language)}:`;
    const text = readFileSync(language, 'utf8');
    writeFileSync(language, "throw new Error('broken on purpose');\n");
    const run = (env: NodeJS.ProcessEnv, ...more: readonly string[]) =>
      spawnSync(process.execPath, [main(), 'explain', 'specs/sloped.ts', ...more], {
        cwd: installed().project,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
    try {
      const plain = run({});
      expect({ status: plain.status, stdout: plain.stdout }).toEqual({ status: 70, stdout: '' });
      expect(plain.stderr).toContain('internal error: Error: broken on purpose');
      expect(plain.stderr).toContain('This is a bug in heddle');
      expect(plain.stderr).not.toContain(place);
      expect(run({ HEDDLE_DEBUG: '1' }).stderr).toContain(place);
      const json = run({}, '--json');
      expect({ status: json.status, stderr: json.stderr }).toEqual({ status: 70, stderr: '' });
      expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, internalError: { message: expect.any(String) } });
    } finally {
      writeFileSync(language, text);
    }
  });
});
