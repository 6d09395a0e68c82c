// Opening spec files: what they export, where imports lead, which errors the file as a whole can have.
// Nothing of a spec is executed, whatever stands in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { print } from '../../src/ir/index.js';
import { refused, written } from './support/temporary.js';

const causal = `import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
`;
const body = '({ q, k, v }) => softmax(fill(scaledDot(q, k), causal, -Infinity)).times(v)';

describe('what a file exports', () => {
  const path = written({
    'spec.ts': `${causal}import { oneOf } from 'heddle';
/**
 * Attention that sees the past. A second sentence.
 * @formula softmax(S) · v
 * @paper arXiv:1706.03762
 */
export const plain = attention({
  /** How many there are. Never 0. */
  heads: 4,
  headDim: 8,
  soft: false,
  side: oneOf('left', 'right'),
  slopes: [1, 2],
}, ${body});
/** With more heads. */
export const large = plain.with({ heads: 32, side: 'right' });
export const same = large.with({});
export const unrelated = 3;
export function helper(x: number) { return x; }
export default plain;
`,
  });

  it('lists specs with their comments and settings', async () => {
    const file = await openSpec(path);
    expect(file.specs.map(({ name }) => name)).toEqual(['plain', 'large', 'same']);
    const plain = file.spec('plain');
    expect(plain).toMatchObject({
      summary: 'Attention that sees the past.',
      formula: 'softmax(S) · v',
      paper: 'arXiv:1706.03762',
    });
    expect(plain.declared.line).toBe(9);
    expect(plain.settings.map(({ declared: _, ...rest }) => rest)).toEqual([
      { name: 'heads', kind: 'number', default: 4, summary: 'How many there are.' },
      { name: 'headDim', kind: 'number', default: 8 },
      { name: 'soft', kind: 'boolean', default: false },
      { name: 'side', kind: 'choice', default: 'left', options: ['left', 'right'] },
      { name: 'slopes', kind: 'numbers', default: [1, 2] },
    ]);
    expect(plain.settings.map(({ declared }) => declared?.line)).toEqual([11, 12, 13, 14, 15]);
  });

  it('gives with() new defaults, and the comment of the spec that it comes from', async () => {
    const file = await openSpec(path);
    expect(file.spec('large')).toMatchObject({ summary: 'With more heads.', formula: 'softmax(S) · v' });
    expect(file.spec('same').summary).toBe('Attention that sees the past.');
    const graph = file.compile('same', { headDim: 16 });
    expect(graph.settings).toEqual({ heads: 32, headDim: 16, soft: false, side: 'right', slopes: [1, 2] });
    expect(file.compile('same', { side: 'left' }).settings['side']).toBe('left');
  });

  it('asks which of several specs is meant', async () => {
    const [found] = await refused(path);
    expect(found).toMatchObject({ code: 'HD2005', hint: 'name one of plain, large, same' });
  });

  it('suggests the nearest name', async () => {
    const [found] = await refused(path, 'plian');
    expect(found).toMatchObject({ code: 'HD2006', hint: 'did you mean plain?' });
  });
});

it('reports a file without a spec', async () => {
  expect(await refused(written({ 'empty.ts': 'export const x = 1;\n' }))).toMatchObject([{ code: 'HD2006' }]);
});

it.each(['missing.ts', '.', 'package.json'])('refuses %s, which is no TypeScript file', async (path) => {
  expect(await refused(path)).toMatchObject([{ code: 'HD2001' }]);
});

describe('imports', () => {
  const spec = (more: string, scale: string): string =>
    `${causal}import { map } from 'heddle';\n${more}
export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) =>
  softmax(fill(map(scaledDot(q, k), (x) => x * ${scale}), causal, -Infinity)).times(v));
`;
  const scaled = async (files: Readonly<Record<string, string>>): Promise<string> =>
    /map %3\[[^\]]*\] = (.*)$/m.exec(print((await openSpec(written(files))).compile()))?.[1] ?? '';

  it('follows relative imports, re-exports, namespaces and defaults', async () => {
    const other = `export const two = 2;\nexport default function three() { return 3; }\n`;
    const files = {
      'other.ts': other,
      'through.ts': `export * from './other.ts';\nexport { default as three } from './other.ts';\nexport * as all from './other.ts';\n`,
    };
    const cases: readonly (readonly [string, string, string])[] = [
      [`import { two } from './other.ts';`, 'two', '2.0'],
      [`import { two as zwei } from './other.js';`, 'zwei', '2.0'],
      [`import three from './other';`, 'three()', '3.0'],
      [`import { two } from './through.ts';`, 'two', '2.0'],
      [`import { three } from './through.ts';`, 'three()', '3.0'],
      [`import { all } from './through.ts';`, 'all.two', '2.0'],
      [`import * as all from './other.ts';`, 'all.default()', '3.0'],
    ];
    for (const [line, use, expected] of cases) {
      expect(await scaled({ 'spec.ts': spec(line, use), ...files }), line).toBe(`%2[b, h, i, j] * ${expected}`);
    }
  });

  it('reads the TypeScript source of a package through the condition heddle-source', async () => {
    const manifest = {
      name: 'more-masks',
      type: 'module',
      exports: { '.': { 'heddle-source': './source.ts', types: './built.d.ts', default: './built.js' } },
    };
    const text = await scaled({
      'spec.ts': spec(`import { five } from 'more-masks';`, 'five'),
      'node_modules/more-masks/package.json': JSON.stringify(manifest),
      'node_modules/more-masks/source.ts': `import { lambdaInit } from 'heddle/library';\nexport const five = 5 + 0 * lambdaInit(0);\n`,
      'node_modules/more-masks/built.d.ts': 'export declare const five: number;\n',
      'node_modules/more-masks/built.js': 'throw new Error("executed");\n',
    });
    expect(text).toBe('%2[b, h, i, j] * 5.0');
  });

  it('says that a package without source has none', async () => {
    const path = written({
      'spec.ts': spec(`import { five } from 'compiled';`, 'five'),
      'node_modules/compiled/package.json': JSON.stringify({ name: 'compiled', types: './index.d.ts' }),
      'node_modules/compiled/index.d.ts': 'export declare const five: number;\n',
    });
    expect(await refused(path)).toMatchObject([{ code: 'HD1037', span: { line: 4 } }]);
  });

  it('opens a library file as a spec file', async () => {
    const file = await openSpec('dsl/library/index.ts');
    expect(file.specs).toEqual([]);
  });
});

describe('nothing is executed', () => {
  const touched = (): unknown => Reflect.get(globalThis, 'touched');
  it.each([
    ['a statement', `Reflect.set(globalThis, 'touched', true);\nthrow new Error('executed');\n`],
    ['an initialiser', `export const x = Reflect.set(globalThis, 'touched', true);\n`],
    ['a class', `class A { static x = Reflect.set(globalThis, 'touched', true); }\nexport const a = A;\n`],
    ['an enumeration', `enum E { A = 'x'.length }\nexport const e = E.A;\n`],
    ['a body', `export const y = attention({ heads: 1, headDim: 1 }, () => { throw new Error('executed'); });\n`],
  ])('%s with an effect gets a diagnostic', async (_, text) => {
    const path = written({
      'spec.ts': `${causal}${text}export const spec = attention({ heads: 2, headDim: 4 }, ${body});\n`,
    });
    const diagnostics = await refused(path, text.includes('y = ') ? 'y' : undefined);
    expect(diagnostics[0]?.code).toMatch(/^HD10/);
    expect(diagnostics[0]?.span?.line).toBeGreaterThan(2);
    expect(touched()).toBeUndefined();
  });
});

it('reads a spec again each time that it is opened', async () => {
  const text = (name: string) => `import { attention, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';
import { size } from './size.js';
export const ${name} = attention({ heads: size, headDim: 4 }, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v));
`;
  const path = written({ 'spec.ts': text('first'), 'size.ts': 'export const size = 2;' });
  const opened = async () => (await openSpec(path)).specs.map(({ name, settings }) => [name, settings[0]?.default]);
  expect(await opened()).toEqual([['first', 2]]);
  writeFileSync(path, text('second'));
  writeFileSync(join(dirname(path), 'size.ts'), 'export const size = 3;');
  expect(await opened()).toEqual([['second', 3]]);
});

it('loads ts-morph only when a spec is opened', () => {
  const folder = new URL('../../dsl/frontend/', import.meta.url);
  const imports = (file: string): string[] =>
    [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']*)';/gm),
    ].map(([, from]) => from!);
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const from of imports(file)) {
      expect(from).not.toBe('ts-morph');
      if (from.startsWith('./')) visit(from.slice(2).replace(/\.js$/, '.ts'));
    }
  };
  visit('index.ts');
  expect([...reached].sort()).toEqual(['index.ts', 'paths.ts', 'settings.ts', 'source-files.ts']);
});
