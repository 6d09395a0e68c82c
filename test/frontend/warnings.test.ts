// Warnings: what provably never exists is told at its place, and what the language is made of is not.
// Each body stands in a spec of four heads; its mark says which text the warning is at.
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import type { Diagnostic } from '../../src/diagnostics/index.js';
import { written } from './support/temporary.js';

const names = 'attention, dot, fill, integers, map, max, param, queries, rows, softmax, sum, tensor, weights';
/** One file for all bodies, as most of the time goes into types: each is a spec of its own. */
function fileOf(bodies: readonly string[]): string {
  const specs = bodies.map(
    (body, n) => `
export const spec${n} = attention({ heads: 4, headDim: 8, window: [1, 2, 3, 4], two: [5, 6] }, ({ q, k, v, window, two }) => {
  const s = fill(scaledDot(q, k), causal, -Infinity);
  const a = softmax(s);
  ${body}
});`,
  );
  return [`import { ${names} } from 'heddle';`, `import { causal, scaledDot } from 'heddle/library';`, ...specs].join(
    '\n',
  );
}

const reads = (index: string): string => `return weights((h, i, j) => a(h, i, j) + a(${index}, i, j)).times(v);`;
const masked = (mask: string): string => `return softmax(fill(s, ${mask}, -Infinity)).times(v);`;

/** A body, the code, the text that is marked, and what the message says. */
const warned: readonly (readonly [body: string, code: string, marked: string, message: RegExp])[] = [
  [
    reads('3 * h - 1'),
    'HD1073',
    '3 * h - 1',
    /is -1 … 8, and the heads of weights are 0 … 3: it exists for h = 1 of 0 … 3/,
  ],
  [reads('2 * h + 1'), 'HD1073', '2 * h + 1', /it exists for h = 0, 1 of 0 … 3/],
  [reads('h + 7'), 'HD1073', 'h + 7', /it exists for nothing/],
  [reads('h + 3'), 'HD1073', 'h + 3', /it exists for h = 0 of/],
  [reads('h > 1 ? 2 * h : h'), 'HD1073', 'h > 1 ? 2 * h : h', /it exists for h = 0, 1 of/],
  [
    `const bias = param('bias', [3, 'head']); return softmax(map(s, (x, h) => x + bias(h + 7, h))).times(v);`,
    'HD1073',
    'h + 7',
    /the places along an axis of the tensor bias are 0 … 2/,
  ],
  [
    `const w = param('w', [3]); return weights((h, i, j) => a(h, i, j) + sum(5, (n) => w(n) * a(h, i, j - n))).times(v);`,
    'HD1073',
    'n',
    /the counter = 0 … 2 of 0 … 4/,
  ],
  [
    `const p = softmax(fill(dot(queries('p', { heads: 8 }), k), causal, -Infinity)); return weights((h, i, j) => p(h, i, j)).times(v);`,
    'HD1076',
    'h',
    /of the 8 heads of weights only 0 … 3 are read/,
  ],
  [
    masked('(h, i, j) => i - j < two[h]!'),
    'HD1073',
    'h',
    /the elements of two are 0 … 1: it exists for h = 0, 1 of 0 … 3/,
  ],
  [
    masked('(row, column, head) => row >= column && head >= 0'),
    'HD1074',
    'row >= column',
    /compares row, a head, with column, a position/,
  ],
  [
    `const w = integers('w', ['head']); ${masked('(h, i, j) => i - j < w(j - 1)')}`,
    'HD1075',
    'j - 1',
    /stands where the tensor w has its head/,
  ],
];

const silent: readonly string[] = [
  // Neighbours, and offsets between heads whose edge is meant to be 0.
  reads('h - 1'),
  'return weights((h, i, j) => a(h, i - 1, j + 2)).times(v);',
  'return weights((h, i, j) => a(h, i, j) + sum(3, (n) => a(h + n - 1, i, j))).times(v);',
  // What a condition leaves out is not read.
  'return weights((h, i, j) => a(h, i, j) + (h < 2 ? a(2 * h + 1, i, j) : 0)).times(v);',
  'return weights((h, i, j) => { if (h > 1) return a(h, i, j); return a(2 * h + 1, i, j) + a(h, i, j); }).times(v);',
  masked('(h, i, j) => h < 2 && i - j < two[h]!'),
  masked('(h, i, j) => h >= 2 || i - j < two[h]!'),
  // All there, one way or another.
  reads('3 - h'),
  reads('(h + 1) % 4'),
  reads('Math.floor(h / 2)'),
  masked('(h, i, j) => i - j < window[h]!'),
  masked('(h, i, j) => i - j < h && (i - j) % 2 === h % 2'),
  `const t = param('t', [8, 'head']); return softmax(map(s, (x, h, i, j) => x + t(Math.min(Math.max(i - j, 0), 7), h))).times(v);`,
];

const text = fileOf([...warned.map(([body]) => body), ...silent]);
const file = await openSpec(written({ 'spec.ts': text }));

function warningsOf(number: number): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  file.compile(`spec${number}`, {}, (warning) => found.push(warning));
  return found;
}

describe('a warning', () => {
  it.each(warned.map((each, n) => [each[0], n] as const))('%s', (_, n) => {
    const [, code, marked, message] = warned[n]!;
    const found = warningsOf(n);
    expect(found.map((each) => each.code)).toEqual([code]);
    const [{ message: said, span, frame }] = found as [Diagnostic];
    expect(said).toMatch(message);
    expect(text.split('\n')[span!.line - 1]!.slice(span!.column - 1, span!.endColumn - 1)).toBe(marked);
    expect(frame).toContain('^');
  });
});

describe('no warning', () => {
  it.each(silent.map((body, n) => [body, warned.length + n] as const))('%s', (_, n) => {
    expect(warningsOf(n)).toEqual([]);
  });
});
