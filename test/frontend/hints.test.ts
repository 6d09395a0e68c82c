// Hints that depend on what was written: indices by the names that the arrow gave them, and what the language has instead of
// chosen positions, strides, running sums and indices from scores.
import { expect, test } from 'vitest';
import type { Code } from '../../src/diagnostics/index.js';
import { refused, written } from './support/temporary.js';

const head = `import { attention, integers, map, max, param, rows, softmax, sum, tensor } from 'heddle';
import { scaledDot, sigmoid } from 'heddle/library';
export const spec = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => {
  const a = scaledDot(q, k);
  const p = integers('p', ['query']);
  const t = tensor('t', ['key']);
  const e = tensor('e', ['position']);
  const table = param('table', [64]);
  const g = map(a, (x) => sigmoid(x));
`;

const OVER_KEYS = /softmax\(\), logSumExp\(\) and weights\.times\(v\).*running sums along a row cannot be said yet/;

const cases: readonly (readonly [scores: string, code: Code, hint: RegExp])[] = [
  // The key by its name, or how to get one.
  ['map(a, (_, head, row, key) => a(head, row, key - row))', 'HD1014', /^write key, plus or minus a constant/],
  [
    'map(a, (_, h, i) => a(h, i, i - 1))',
    'HD1014',
    /^take the key as a parameter of the arrow, in the order h, i, j, and write it, plus/,
  ],
  ['map(a, (_, h, row, j) => a(h, j + 1, j))', 'HD1013', /^write row, plus or minus/],
  // What decides the position.
  ['map(a, (_, h, i, j) => a(h, i, p(i)))', 'HD1014', /compared in a mask, \(i, j\) => j === p\(i\)/],
  [
    'map(a, (_, h, i, j) => a(h, i, 2 * i))',
    'HD1014',
    /strides, reflections and choices of positions are said by a mask/,
  ],
  ['map(a, (_, h, i, j) => a(h, i, 2 * j))', 'HD1014', /strides, reflections/],
  ['map(a, (_, h, i, j) => a(h, i, k.length - 1 - j))', 'HD1014', /length of a call is no constant/],
  ['map(a, (_, h, i, j) => a(h, i, 0))', 'HD1014', /one fixed position is compared in a mask/],
  ['map(a, (_, h, i, j) => a(h, 0, j))', 'HD1013', /one fixed position is compared in a mask/],
  ['map(a, (x, h, i, j) => x + t(p(i)))', 'HD1014', /a tensor that is read at any place has that axis as a number/],
  ['map(a, (x, h, i, j) => x + e(i - j))', 'HD1047', /^write i or j, .*has that axis as a number/],
  // Sums over keys.
  ['map(a, (x, h, i) => x - sum(8, (n) => a(h, i, n)))', 'HD1014', OVER_KEYS],
  ['map(a, (x, h, i) => x - rows((h, i) => sum(8, (n) => a(h, i, n)))(h, i))', 'HD1011', /before/],
  ['map(a, (_, h, i, j) => sum(j, (n) => a(h, i, n)))', 'HD1010', OVER_KEYS],
  ['map(a, (_, h, i, j) => sum([2, i - j + 1], (m, n) => a(h, i, n)))', 'HD1010', OVER_KEYS],
  ['map(a, (x, h, i) => x - max(k.length, (n) => a(h, i, n)))', 'HD1010', OVER_KEYS],
  ['map(a, (x, h, i, j) => { for (let n = 0; n < j; n++) if (n > 3) return x; return 0; })', 'HD1010', OVER_KEYS],
  ['map(a, (_, h, i) => sum(p(i), (n) => n))', 'HD1010', /^derive it from the configuration$/],
  // Indices that are computed.
  [
    'map(a, (x, h, i, j) => x + table(Math.floor(g(h, i, j) * 3)))',
    'HD1017',
    /cannot depend on scores, as the gates of CoPE do, yet/,
  ],
  [
    'map(a, (x, h, i, j) => x + table(Math.floor(t(j) * 3)))',
    'HD1017',
    /^compute it outside and pass it in as integers\(\)$/,
  ],
  [
    'map(a, (x, h, i) => x + table(Math.floor((i / k.length) * 3)))',
    'HD1017',
    /^compute it from indices and the configuration/,
  ],
];

test.each(cases)('%s', async (scores, code, hint) => {
  const [found, ...more] = await refused(written({ 'spec.ts': `${head}  return softmax(${scores}).times(v);\n});\n` }));
  expect(more).toEqual([]);
  expect(found?.code).toBe(code);
  expect(found?.hint).toMatch(hint);
});

test('rows have no key of their own', async () => {
  const spec = `${head}  const r = rows((h, i) => sum(8, (n) => a(h, i, n)));\n  return softmax(map(a, (x, h, i) => x - r(h, i))).times(v);\n});\n`;
  const [found] = await refused(written({ 'spec.ts': spec }));
  expect(found?.code).toBe('HD1014');
  expect(found?.hint).toMatch(OVER_KEYS);
  expect(found?.hint).not.toMatch(/write|take the key/);
});
