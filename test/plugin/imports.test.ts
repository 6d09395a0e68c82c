// What an import of a spec asks for and gives, without a bundler: options, types beside the spec, what is kept, the source map.
// Bundlers themselves are in bundlers.long.test.ts.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Compilations, type Result } from '../../plugin/compiled.js';
import { requestOf } from '../../plugin/options.js';
import { sourceMapOf } from '../../plugin/source-map.js';
import { declareImport } from '../../plugin/types-file.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { projectWith, SIZES } from './project.js';

describe('options of an import', () => {
  test('go over those of the plugin, and settings by the names of the spec', () => {
    const request = requestOf('/a/mta.ts', 'heddle&dtype=f16&set.heads=8&tiles=32x16&export=mta', {
      dtype: 'f32',
      schedule: 'online',
      settings: { headDim: 64 },
    });
    expect(request).toMatchObject({
      path: '/a/mta.ts',
      target: { name: 'wgsl' },
      chosen: { dtype: 'f16', schedule: 'online', tiles: { rows: 32, columns: 16 }, backward: undefined },
      export: 'mta',
      settings: { headDim: 64 },
      query: 'heddle&dtype=f16&set.heads=8&tiles=32x16&export=mta',
      file: undefined,
    });
    expect([...request.set]).toEqual([['heads', '8']]);
    expect(requestOf('/a/mta.ts', 'heddle&backward', {}).chosen.backward).toBe(true);
    expect(requestOf('/a/mta.ts', 'heddle&backward=false', { backward: true }).chosen.backward).toBeUndefined();
    expect(requestOf('/a/mta.ts', 'heddle&file=mta_forward.js', {})).toMatchObject({
      query: 'heddle',
      file: 'mta_forward.js',
    });
  });

  test.each([
    ['heddle&dtyp=f16', 'HD4034', 'dtype'],
    ['heddle&dtype=f64', 'HD4029', 'f16'],
    ['heddle&target=cuda', 'HD4035', 'wgsl'],
    ['heddle&target=wgls', 'HD4021', 'wgsl'],
    ['heddle&target=gpujs&dtype=f16', 'HD4028', 'wgsl'],
    ['heddle&tiles=32', 'HD4011', '32x16'],
    ['heddle&schedule=fast', 'HD4029', 'online'],
  ])('are refused as flags are: %s', (query, code, said) => {
    let thrown: unknown;
    try {
      requestOf('/a/mta.ts', query, {});
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(HeddleError);
    const [problem] = (thrown as HeddleError).diagnostics;
    expect(problem!.code).toBe(code);
    expect(problem!.hint).toContain(said);
  });
});

describe('what is compiled', () => {
  const cache = mkdtempSync(join(tmpdir(), 'heddle-cache-'));
  afterAll(() => rmSync(cache, { recursive: true, force: true }));
  const folder = projectWith();
  const spec = join(folder, 'src/small.ts');
  const request = requestOf(spec, 'heddle&target=gpujs', {});
  const compilations = new Compilations(cache);
  const compiledOf = (result: Result) => ('compiled' in result ? result.compiled : undefined);

  test('is compiled once for the same texts, in one process and from one to the next', async () => {
    const [first, same] = await Promise.all([compilations.compile(request), compilations.compile(request)]);
    expect(same).toBe(first);
    expect(compiledOf(first)).toMatchObject({ name: 'small', warnings: [] });
    expect(first.watched).toEqual(expect.arrayContaining([spec, join(folder, 'src/sizes.ts')]));
    expect(first.watched.filter((path) => path.includes('/dsl/'))).toEqual([]);
    expect(compiledOf(await compilations.compile(request))).toBe(compiledOf(first));
    expect(readdirSync(cache)).toHaveLength(1);
    const next = await new Compilations(cache).compile(request);
    expect(compiledOf(next)).toEqual(compiledOf(first));
    expect([...next.watched].sort()).toEqual([...first.watched].sort());

    writeFileSync(join(folder, 'src/sizes.ts'), SIZES.replace('8', '16'));
    const changed = compiledOf(await new Compilations(cache).compile(request))!;
    expect(changed.files['small.d.ts']).toContain('16]');
    // What somebody has damaged is no result.
    const [kept] = readdirSync(cache);
    writeFileSync(join(cache, kept!), readFileSync(join(cache, kept!), 'utf8').replace('"small"', '"smile"'));
    expect(compiledOf(await new Compilations(cache).compile(request))).toEqual(changed);
  });

  test('that fails says what to watch, a file that is missing too', async () => {
    rmSync(join(folder, 'src/sizes.ts'));
    const failed = await compilations.compile(request);
    expect('error' in failed && failed.error).toBeInstanceOf(HeddleError);
    expect(failed.watched).toContain(join(folder, 'src/sizes.ts'));
    writeFileSync(join(folder, 'src/sizes.ts'), SIZES);
    expect(compiledOf(await compilations.compile(request))?.name).toBe('small');
    const gone = await compilations.compile(requestOf(join(folder, 'src/smal.ts'), 'heddle', {}));
    expect('error' in gone && (gone.error as HeddleError).diagnostics[0]?.code).toBe('HD4101');
    expect(gone.watched).toEqual([join(folder, 'src/smal.ts')]);
  });

  test('has types beside the spec, for each import; a file of somebody else stays', async () => {
    const compiled = compiledOf(await compilations.compile(request))!;
    const path = join(folder, 'src/small.heddle.d.ts');
    expect(declareImport(spec, 'heddle&target=gpujs', compiled)).toBe(true);
    const one = readFileSync(path, 'utf8');
    expect(one).toContain(`declare module "*/small.ts?heddle&target=gpujs" {\n`);
    expect(one).toContain('  export function createSmall(');
    expect(declareImport(spec, 'heddle&export=small', compiled)).toBe(true);
    const both = readFileSync(path, 'utf8');
    expect(both.match(/^declare module/gm)).toHaveLength(2);
    expect(both).toContain(one.slice(one.indexOf('declare module')));
    expect(declareImport(spec, 'heddle&target=gpujs', compiled)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(both);
    writeFileSync(path, '// mine\n');
    expect(declareImport(spec, 'heddle', compiled)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('// mine\n');
  });
});

test('the source map leads each line of a module to itself, and each line of a kernel to the kernel', () => {
  const wgsl = 'fn one() {\n}\n';
  const code = `// head\nexport const wgsl = \`${wgsl}\`;\nconst more = 1;\n`;
  const map = sourceMapOf('small', code, wgsl);
  const read = new SourceMap({ ...map, file: 'small.js', sourceRoot: '' });
  const places = code.split('\n').map((_, line) => {
    const { originalSource, originalLine } = read.findEntry(line, 0) as {
      originalSource: string;
      originalLine: number;
    };
    return [originalSource, originalLine];
  });
  expect(places).toEqual([
    ['small.js', 0],
    ['small.wgsl', 0],
    ['small.wgsl', 1],
    ['small.js', 3],
    ['small.js', 4],
    ['small.js', 5],
  ]);
  expect(map.sourcesContent).toEqual([code, wgsl]);
});
