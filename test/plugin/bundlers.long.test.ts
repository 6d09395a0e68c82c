// The plugin in each bundler that npm brings here: what is in the bundle, how an error is told, what is watched.
// What is imported is held to what `heddle compile` writes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { rolldown } from 'rolldown';
import { type RollupError, rollup } from 'rollup';
import { build as vite } from 'vite';
import { describe, expect, test } from 'vitest';
import webpack from 'webpack';
import { compile } from '../../cli/api.js';
import forEsbuild from '../../plugin/esbuild.js';
import { heddle } from '../../plugin/index.js';
import forRolldown from '../../plugin/rolldown.js';
import forRollup from '../../plugin/rollup.js';
import forRspack from '../../plugin/rspack.js';
import forVite from '../../plugin/vite.js';
import forWebpack from '../../plugin/webpack.js';
import { projectWith, SIZES, SPEC, scriptsIn } from './project.js';

const options = { cache: false } as const;

/** What webpack's configuration asks of it or of Rspack. */
async function packedBy(pack: typeof webpack, plugin: ReturnType<typeof forWebpack>, folder: string): Promise<void> {
  const compiler = pack({
    context: folder,
    mode: 'production',
    entry: './src/main.js',
    devtool: 'source-map',
    output: { path: join(folder, 'out') },
    plugins: [plugin],
  });
  await new Promise<void>((done, failed) => {
    compiler!.run((error, stats) => {
      const [problem] = stats?.compilation.errors ?? [];
      compiler!.close(() => ((error ?? problem) ? failed(error ?? problem) : done()));
    });
  });
}

/** Builds `src/main.js` of a folder into `out`, with a source map; throws what the bundler throws. */
const bundlers: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  async vite(folder) {
    await vite({
      root: folder,
      logLevel: 'silent',
      configFile: false,
      plugins: [forVite(options)],
      build: { outDir: 'out', sourcemap: true, target: 'es2022', modulePreload: false },
    });
  },
  async rollup(folder) {
    const made = await rollup({ input: join(folder, 'src/main.js'), plugins: [forRollup(options)] });
    await made.write({ dir: join(folder, 'out'), sourcemap: true });
    await made.close();
  },
  async rolldown(folder) {
    const made = await rolldown({ input: join(folder, 'src/main.js'), plugins: [forRolldown(options)] });
    await made.write({ dir: join(folder, 'out'), sourcemap: true });
    await made.close();
  },
  async esbuild(folder) {
    await esbuild({
      entryPoints: [join(folder, 'src/main.js')],
      outdir: join(folder, 'out'),
      bundle: true,
      minify: true,
      format: 'esm',
      sourcemap: true,
      logLevel: 'silent',
      plugins: [forEsbuild(options)],
    });
  },
  webpack: (folder) => packedBy(webpack, forWebpack(options), folder),
  async rspack(folder) {
    // By the types of webpack, whose interface it has.
    const { rspack } = (await import('@rspack/core' as string)) as { readonly rspack: typeof webpack };
    await packedBy(rspack, forRspack(options) as never, folder);
  },
};

const emitted = await compile('src/small.ts', {
  files: { 'src/small.ts': SPEC, 'src/sizes.ts': SIZES },
  target: 'wgsl',
});
const emittedSize = [...emitted.files].reduce((sum, [, text]) => sum + text.length, 0);

/** What a map of sources holds, by the ends of their names. */
function mappedSources(folder: string): ReadonlyMap<string, string> {
  const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js.map'));
  const read = maps.map(
    (path) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as { sources: string[]; sourcesContent: string[] },
  );
  return new Map(
    read.flatMap(({ sources, sourcesContent }) =>
      sources.map((source, n) => [source.replace(/^.*[/!]/, ''), sourcesContent[n]!] as const),
    ),
  );
}

/** What the page leaves behind. */
function madeBy(script: string): unknown {
  const scope: { made?: unknown } = {};
  new Function('globalThis', script)(scope);
  return scope.made;
}

describe.each(Object.keys(bundlers))('%s', (name) => {
  const bundle = bundlers[name]!;

  test('gives what the spec compiles to: the kernel as it is, no compiler, its text for the tools', async () => {
    const folder = projectWith();
    await bundle(folder);
    const scripts = scriptsIn(join(folder, 'out'));
    const wgsl = emitted.files.get('small.wgsl')!;
    expect(madeBy(scripts)).toEqual([expect.any(Function), wgsl]);
    expect(scripts.length).toBeLessThan(1.3 * emittedSize);
    expect(scripts).not.toMatch(/scaledDot|createSourceFile|unplugin/);
    const sources = mappedSources(join(folder, 'out'));
    expect([...sources.keys()]).toEqual(expect.arrayContaining(['small.wgsl', 'small.js']));
    expect(sources.get('small.wgsl')).toBe(wgsl);
    expect(sources.get('small.js')).toBe(emitted.files.get('small.js'));
    expect(readFileSync(join(folder, 'src/small.heddle.d.ts'), 'utf8')).toContain(
      `declare module "*/small.ts?heddle" {`,
    );
  });

  test('tells what is wrong, and where', async () => {
    const folder = projectWith({ 'src/small.ts': SPEC.replace('scaledDot(q, k)', 'scaledDot(q, v)') });
    const error: unknown = await bundle(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { message, frame = '', loc } = error as RollupError;
    const told = `${message}\n${frame}`;
    expect(told).toContain('error[HD1001]');
    expect(told).toMatch(/> 7 \| {3}softmax\(fill\(scaledDot\(q, v\)/);
    if (frame !== '') expect(loc).toMatchObject({ file: join(folder, 'src/small.ts'), line: 7, column: 29 });
    else expect(told).toContain('src/small.ts:7:29');
    expect(existsSync(join(folder, 'src/small.heddle.d.ts'))).toBe(false);
  });
});

describe('the plugin', () => {
  /** The hooks of the plugin, called as a bundler calls them. */
  const { resolveId, load } = heddle.raw(
    { cache: false, types: false },
    { framework: 'rollup', versions: {} },
  ) as never as {
    resolveId: { handler: (this: object, source: string, importer: string | undefined) => Promise<string | undefined> };
    load: { handler: (this: object, id: string) => Promise<{ code: string }> };
  };
  const context = { addWatchFile: () => {}, warn: () => {} };

  test('gives the modules of a training package to each other', async () => {
    const folder = projectWith({ 'src/small.ts': SPEC });
    const resolve = resolveId.handler.bind(context);
    const main = (await resolve('./small.ts?heddle&backward', join(folder, 'src/main.js?x')))!;
    expect(main).toBe(`heddle:${folder}/src/small.ts.js?heddle&backward`);
    expect(await resolve(main, undefined)).toBe(main);
    const { code } = await load.handler.call(context, main);
    const [forward] = /\.\/small_forward\.js/.exec(code)!;
    const part = (await resolve(forward, main))!;
    expect((await load.handler.call(context, part)).code).toContain('export async function createSmallForward(');
    expect(await resolve(forward, join(folder, 'src/main.js'))).toBeUndefined();
    expect(await resolve('./small.ts', join(folder, 'src/main.js'))).toBeUndefined();
    expect(await resolve('@/small.ts?heddle', join(folder, 'src/main.js'))).toBeUndefined();
    expect(existsSync(join(folder, 'src/small.heddle.d.ts'))).toBe(false);
  });
});
