// One export of a file is compiled though another is wrong: mistakes count where the export that is asked for needs them.
// Asked for everything, a file is refused for every mistake in it.
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { written } from './support/temporary.js';

const head = `import { attention, dot, map, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';
const scale = 2;
const scaled = (x: number) => x * scale;
export const good = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => softmax(map(scaledDot(q, k), scaled)).times(v));
`;
const body = '({ q, k, v }) => softmax(scaledDot(q, k)).times(v)';

async function codes(path: string, name?: string): Promise<readonly string[]> {
  try {
    (await openSpec(path, name)).compile(name);
    return [];
  } catch (error) {
    if (error instanceof HeddleError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
}

const mistakes: readonly (readonly [
  what: string,
  code: string,
  text: string,
  others?: Readonly<Record<string, string>>,
])[] = [
  [
    'a type error',
    'HD1001',
    'export const bad = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => softmax(dot(q, q)).times(v));',
  ],
  [
    'a type error in a function of its own',
    'HD1001',
    `const odd = (x: number): string => x;\nexport const bad = attention({ heads: odd(2).length, headDim: 8 }, ${body});`,
  ],
  [
    'a missing module',
    'HD1001',
    `import { heads } from './missing.ts';\nexport const bad = attention({ heads, headDim: 8 }, ${body});`,
  ],
  [
    'a type error in another file',
    'HD1001',
    `import { heads } from './other.ts';\nexport const bad = attention({ heads, headDim: 8 }, ${body});`,
    { 'other.ts': "export const heads: number = 'two';\n" },
  ],
  [
    'the name of a global',
    'HD1035',
    `const bad_ = (Math: number) => Math;\nexport const bad = attention({ heads: bad_(2), headDim: 8 }, ${body});`,
  ],
  [
    'a setting without end',
    'HD1004',
    `const loop = (n: number): number => loop(n + 1);\nexport const bad = attention({ heads: loop(1), headDim: 8 }, ${body});`,
  ],
  ['a variable', 'HD1003', `export let bad = attention({ heads: 2, headDim: 8 }, ${body});`],
  ['an odd default export', 'HD1001', `export default attention({ heads: '2', headDim: 8 }, ${body});`],
];

describe.each(mistakes.map((each) => ({ what: each[0], each })))('$what', ({ what, each }) => {
  const [, code, text, others = {}] = each;
  const path = written({ 'spec.ts': `${head}${text}\n`, ...others });
  it('does not stand in the way of another export', async () => expect(await codes(path, 'good')).toEqual([]));
  it('is found by who asks for it', async () => {
    expect(await codes(path, what.includes('default') ? 'spec' : 'bad')).toContain(code);
  });
  it('is found by who asks for all', async () => expect(await codes(path)).toContain(code));
  it('is found by who asks for what is not there', async () => expect(await codes(path, 'nothing')).toContain(code));
});

it('finds mistakes in what the export needs, however far away', async () => {
  const half = (type: string) =>
    `${head.replace('x * scale', 'half(x)')}function half(y: number) { const z: ${type} = scale; return y / z; }\n`;
  expect(await codes(written({ 'spec.ts': half('number') }), 'good')).toEqual([]);
  expect(await codes(written({ 'spec.ts': half('string') }), 'good')).toContain('HD1001');
});

it('follows exports from other files under other names', async () => {
  const other = `${head}const bad = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => softmax(dot(q, q)).times(v));\nexport { good as best, bad as worst };\n`;
  const path = written({
    'spec.ts': "export { best, worst as last } from './other.ts';\nexport * as all from './more.ts';\n",
    'other.ts': other,
    'more.ts': 'export const one: string = 1;\n',
  });
  expect(await codes(path, 'best')).toEqual([]);
  expect(await codes(path, 'last')).toEqual(['HD1001']);
});

it('refuses a file that does not parse, and effects, whatever is asked for', async () => {
  expect(await codes(written({ 'spec.ts': `${head}export const bad = ;\n` }), 'good')).toContain('HD1001');
  expect(await codes(written({ 'spec.ts': `${head}scaled(1);\n` }), 'good')).toEqual(['HD1003']);
});
