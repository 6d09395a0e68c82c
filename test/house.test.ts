// Rules of the house on files and functions that no type checks: how a file opens, how long it is, how many parameters a function
// takes, and that no files import values from each other in a circle.
import { describe, expect, test } from 'vitest';
import {
  circlesIn,
  filesUnder,
  floorsOfHouse,
  linesOf,
  passagesInBoth,
  syntaxOf,
  textOf,
  valueImports,
  widerFunctions,
} from './support/sources.js';

const MOST_LINES = 400;
const MOST_PARAMETERS = 5;

const shipped = floorsOfHouse.flatMap(filesUnder);
const all = [...shipped, ...['examples', 'test', 'scripts', 'bench', 'playground'].flatMap(filesUnder)];

describe('every file', () => {
  test('opens with comment lines that say its role: two, or one for an index and a test', () => {
    const silent = all.filter((file) => {
      const lines = textOf(file)
        .replace(/^#!.*\n/, '')
        .split('\n');
      const needed = file.endsWith('/index.ts') || file.startsWith('test/') ? 1 : 2;
      return !lines.slice(0, needed).every((line) => /^\/\/ \S/.test(line));
    });
    expect(silent).toEqual([]);
  });

  test(`has at most ${MOST_LINES} lines`, () => {
    expect(all.filter((file) => linesOf(file) > MOST_LINES)).toEqual([]);
  });
});

describe('sources', () => {
  const sources = shipped.map((file) => syntaxOf(file));

  test(`have no function of more than ${MOST_PARAMETERS} parameters`, () => {
    const found = sources.flatMap((source) =>
      widerFunctions(source, MOST_PARAMETERS).map((name) => `${source.fileName}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  test('import no values in a circle', () => {
    const edges = new Map(sources.map((source) => [source.fileName, valueImports(source)]));
    expect(circlesIn(edges)).toEqual([]);
  });
});

describe('WGSL and CUDA', () => {
  test('have no passage of more than ten lines in common, under other names neither', () => {
    expect(passagesInBoth(['targets/wgsl', 'targets/cuda'], 10)).toEqual([]);
  });
});

describe('the rules', () => {
  test('see imports of values in every form, and none of types', () => {
    const importsOf = (text: string) => valueImports(syntaxOf('a/b.ts', text));
    const one = ["import x from './c.js';", "import './c.js';", "import * as x from './c.js';"];
    const others = ["import { type T, x } from './c.js';", "export * from './c.js';", "export { x } from './c.js';"];
    for (const text of [...one, ...others]) expect(importsOf(text), text).toEqual(['a/c.ts']);
    const types = [
      "import type { T } from './c.js';",
      "import { type T } from './c.js';",
      "import type x from './c.js';",
    ];
    const exported = ["export type { T } from './c.js';", "export { type T } from './c.js';", "import x from 'c';"];
    for (const text of [...types, ...exported]) expect(importsOf(text), text).toEqual([]);
    expect(importsOf("import { x } from '../d/e.js';")).toEqual(['d/e.ts']);
  });

  test('see circles of any length, and those that share a file as one', () => {
    const circles = (edges: Record<string, string[]>) => circlesIn(new Map(Object.entries(edges)));
    expect(circles({ a: ['b', 'c'], b: ['c'], c: [] })).toEqual([]);
    expect(circles({ a: ['a'] })).toEqual([['a']]);
    expect(circles({ x: ['a'], a: ['b'], b: ['c'], c: ['a'], y: ['c'] })).toEqual([['a', 'b', 'c']]);
    expect(circles({ a: ['b'], b: ['a', 'c'], c: ['b'], d: ['e'], e: ['d'] })).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });

  test('see functions of all kinds', () => {
    const text = `function f(a, b, c) {} const g = (a, b, c) => a; class C { h(a, b, c) {} } interface I { k(a, b, c): void }
      const o = { l: (a, b, c) => a }; call((a, b, c) => a); function fine({ a, b, c }, d) {}`;
    const found = ['f (3)', 'g (3)', 'h (3)', 'k (3)', 'l (3)', 'without a name (3)'];
    expect(widerFunctions(syntaxOf('a.ts', text), 2)).toEqual(found);
  });
});
