// What the compiler needs of a machine, where it runs in a page: nothing but texts, and what stands in for Node's parts of it.
// The bundle itself is tested in a browser by compiler.long.test.ts.
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compile, HeddleError } from '../../cli/api.js';
import * as paths from '../../dsl/frontend/paths.page.js';
import { memoryFiles, notingFiles } from '../../dsl/frontend/source-files.js';
import { modulesForPages } from '../../scripts/bundle-compiler.js';
import { filesUnder, floorsOfHouse, textOf } from '../support/sources.js';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('the modules of heddle/compiler in a page', () => {
  test('import nothing of Node, and no package', async () => {
    const { modules, outside } = await modulesForPages(inRepository('cli/api.ts'));
    expect(outside).toEqual([]);
    expect(modules).toEqual(expect.arrayContaining(['dsl/frontend/disk.page.ts', 'targets/cuda/compile.ts']));
    const ofNode = modules.filter((path) => /^import (?!type\b)[^;]*'node:/m.test(textOf(path)));
    expect(ofNode).toEqual([]);
  });

  test('that stand in for others are beside them', () => {
    const standIns = floorsOfHouse.flatMap(filesUnder).filter((path) => path.endsWith('.page.ts'));
    expect(standIns.length).toBeGreaterThan(5);
    expect(standIns.filter((path) => !existsSync(inRepository(path.replace('.page.ts', '.ts'))))).toEqual([]);
  });
});

test('paths of pages are those of POSIX', () => {
  const samples = [
    '/',
    '/a',
    '/a/b.ts',
    '/a/b/../c.test.ts',
    'a',
    './a.ts',
    '../a/.hidden',
    'a//b/',
    '',
    '/a/b/c/d.json',
  ];
  const absolute = samples.map((path) => posix.resolve('/', path));
  for (const path of samples) {
    expect([path, paths.resolve(path)]).toEqual([path, posix.resolve('/', path)]);
    expect([path, paths.resolve('/x/y', path)]).toEqual([path, posix.resolve('/x/y', path)]);
    expect([path, paths.isAbsolute(path)]).toEqual([path, posix.isAbsolute(path)]);
  }
  for (const path of absolute) {
    expect([path, paths.dirname(path)]).toEqual([path, posix.dirname(path)]);
    expect([path, paths.extname(path)]).toEqual([path, posix.extname(path)]);
    expect([path, paths.basename(path, '.ts')]).toEqual([path, posix.basename(path, '.ts')]);
    for (const to of absolute)
      expect([path, to, paths.relative(path, to)]).toEqual([path, to, posix.relative(path, to)]);
  }
});

const SPEC = `import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
import { heads } from './sizes.js';
export const small = attention({ heads, headDim: 8 }, ({ q, k, v }) => softmax(fill(scaledDot(q, k), causal, -Infinity)).times(v));
`;

describe('texts in place of the disk', () => {
  const files = { 'specs/small.ts': SPEC, 'specs/sizes.ts': 'export const heads = 3;\n' };

  test('are compiled, with what they import', async () => {
    const { graph } = await compile('specs/small.ts', { files, target: 'graph' });
    expect(graph.settings).toEqual({ heads: 3, headDim: 8 });
  });

  const problems = async (path: string, texts: Readonly<Record<string, string>>) => {
    const error: unknown = await compile(path, { files: texts, target: 'graph' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HeddleError);
    return (error as HeddleError).diagnostics.map(({ code, message, hint, span }) => ({ code, message, hint, span }));
  };

  test('are all there is: an import of none of them, and a type error, are at their place', async () => {
    const [missing] = await problems('specs/small.ts', { 'specs/small.ts': SPEC });
    expect(missing).toMatchObject({ code: 'HD1001', span: { file: 'specs/small.ts', line: 3, column: 23 } });
    const [wrong] = await problems('specs/small.ts', {
      ...files,
      'specs/sizes.ts': `export const heads = { no: 'number' };\n`,
    });
    expect(wrong).toMatchObject({ code: 'HD1001', span: { file: 'specs/small.ts', line: 4, column: 34 } });
  });

  test('are named where the path is of none', async () => {
    expect(await problems('specs/smal.ts', files)).toMatchObject([
      { code: 'HD4101', hint: expect.stringContaining('specs/small.ts') },
    ]);
  });

  test('are folders and files as TypeScript asks for them', () => {
    const noted: (readonly [string, string | undefined])[] = [];
    const memory = notingFiles(memoryFiles({ '/a/b/c.ts': 'c', '/a/d.ts': 'd' }), (...each) => noted.push(each));
    expect(['/', '/a', '/a/', '/a/b', '/a/d.ts', '/b'].map(memory.isFolder)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(['/a', '/', '/a/b'].map((path) => memory.foldersIn(path))).toEqual([['b'], ['a'], []]);
    expect([memory.read('/a/d.ts'), memory.isFile('/a/d.ts'), memory.isFile('/a/e.ts')]).toEqual(['d', true, false]);
    expect(noted).toEqual([
      ['/a/d.ts', 'd'],
      ['/a/e.ts', undefined],
    ]);
  });
});
