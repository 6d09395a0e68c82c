// Specs that do not type-check: every error of TypeScript becomes a diagnostic HD1001, all at once, none a graph.
// They are written into a temporary folder, as the repository's own type check would refuse them.
import { expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/index.js';
import { refused, written } from './support/temporary.js';

const head = `import { attention, map, param, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';
`;
const spec = (
  body: string,
): string => `${head}export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const s = scaledDot(q, k);
${body}
});
`;

const cases: readonly (readonly [what: string, number: number, line: number, text: string])[] = [
  ['exchanged indices', 2345, 5, spec('  return softmax(map(s, (_, h, i, j) => s(h, j, i))).times(v);')],
  ['scores times values', 2339, 5, spec('  return s.times(v);')],
  ['an unknown setting', 2339, 3, spec('  return softmax(s).times(v);').replace('v })', 'window })')],
  ['an unknown name', 2304, 5, spec('  return sotfmax(s).times(v);').replace('sotfmax', 'nothing')],
  ['a missing module', 2307, 1, `import { x } from './missing.ts';\n${spec(`  return softmax(s).times(v);`)}`],
  [
    'too many indices',
    2554,
    6,
    spec(`  const g = param('g', []);\n  return softmax(map(s, (x) => x * g(1))).times(v);`),
  ],
  ['text as a number', 2322, 5, spec(`  return softmax(map(s, () => 'x')).times(v);`)],
  ['an output that is not one', 2345, 3, spec('  return s;')],
  ['a missing brace', 1005, 6, `${head}export const spec = attention({ heads: 2 }, () => {\n  return 1;\n\n`],
  ['an odd character', 1127, 1, 'const odd = 1 # 2;\nexport const a = odd;'],
];

it.each(cases)('%s', async (_, number, line, text) => {
  const diagnostics = await refused(written({ 'spec.ts': text }));
  expect(diagnostics.every(({ code }) => code === 'HD1001')).toBe(true);
  const found = diagnostics.find(({ message }) => message.includes(`(TypeScript ${number})`));
  expect(diagnostics.map(({ message }) => message).join('\n')).toContain(`(TypeScript ${number})`);
  expect(found?.span?.line).toBe(line);
  expect(found?.frame).toContain(`> ${String(line)} |`);
  expect(found?.hint.length).toBeGreaterThan(10);
  expect(found?.message).not.toMatch(/\.$|\n/);
});

const masks: readonly (readonly [what: string, body: string, marked: string, hint: RegExp])[] = [
  [
    "FlexAttention's arguments",
    '  return softmax(fill(s, (b, h, q_idx, kv_idx) => q_idx >= kv_idx, -Infinity)).times(v);',
    '(b, h, q_idx, kv_idx)',
    /write \(h, i, j\)/,
  ],
  [
    'a function of four that is kept',
    '  const m = (b: number, h: number, i: number, j: number) => i >= j;\n  return softmax(fill(s, m, 0)).times(v);',
    '(b, h, i, j)',
    /write \(h, i, j\)/,
  ],
  [
    'one of two masks',
    '  return softmax(fill(s, both(causal, (b, h, i, j) => i > j), 0)).times(v);',
    '(b, h, i, j)',
    /write \(h, i, j\)/,
  ],
  [
    'a mask by head annotated as one of positions',
    '  const m: Mask = (h, i, j) => i >= j;\n  return softmax(fill(s, m, 0)).times(v);',
    '(h, i, j)',
    /HeadMask/,
  ],
];

it.each(masks)(
  'a mask of too many arguments is one error that says what goes where: %s',
  async (_, body, taken, hint) => {
    const text = spec(body)
      .replace('attention, map', 'attention, fill, type Mask, map')
      .replace('{ scaledDot', '{ both, causal, scaledDot');
    const diagnostics = await refused(written({ 'spec.ts': text }));
    expect(diagnostics.map(({ code }) => code)).toEqual(['HD1070']);
    expect(diagnostics[0]!.message).toContain(`this one takes ${taken}`);
    expect(diagnostics[0]!.hint).toMatch(hint);
  },
);

const meant: readonly (readonly [what: string, body: string, marked: string, hint: RegExp, again?: number])[] = [
  [
    'vectors read as functions',
    '  return softmax(map(s, (x, h, i, j) => x + q(h, i, 0) * k(h, j, 0) +\n    v(h, j, 0))).times(v);',
    'q',
    /dot\(q, k\) and weights\.times\(v\) alone: rotation and norms/,
    2,
  ],
  [
    'vectors read by brackets',
    '  return softmax(map(s, (x, h, i) => q[h][i])).times(v);',
    'q[h]',
    /rotation and norms/,
  ],
  [
    'vectors mapped',
    '  const r = map(q, (x, h, i, d) => x / 2);\n  return softmax(scaledDot(r, k)).times(v);',
    'q',
    /before the kernel/,
  ],
  ['vectors with methods', '  return softmax(q.matmul(k.T)).times(v);', 'matmul', /dot\(q, k\)/, 1],
  ['queries as keys', '  return softmax(scaledDot(q, q)).times(v);', 'q', /queries and then keys: dot\(q, k\)/],
  ['keys first', '  return softmax(scaledDot(k, q)).times(v);', 'k', /queries and then keys: dot\(q, k\)/],
  ['values as keys', '  return softmax(scaledDot(q, v)).times(v);', 'v', /queries and then keys: dot\(q, k\)/],
  ['scores as queries', '  return softmax(scaledDot(s, k)).times(v);', 's', /queries and then keys.*combined by map/],
  ['weights times keys', '  return softmax(s).times(k);', 'k', /times takes values: weights\.times\(v\)/],
  ['weights times scores', '  return softmax(s).times(s);', 's', /times takes values/],
  ['scores times values', '  return s.times(v);', 'times', /weights alone multiply values: softmax\(s\)\.times\(v\)/],
  ['softmax of vectors', '  return softmax(q).times(v);', 'q', /scores come from dot\(q, k\)/],
  ['softmax of weights', '  return softmax(softmax(s)).times(v);', 'softmax(s)', /been through a normaliser/],
  ['scores returned', '  return s;', '({ q, k, v }) => {', /a body returns an output, weights\.times\(v\)/],
  ['weights returned', '  return map(softmax(s), (x) => x * 2);', '({ q, k, v }) => {', /a body returns an output/],
  ['values returned', '  return v;', '({ q, k, v }) => {', /a body returns an output/],
  ['nothing returned', '  softmax(s).times(v);', '({ q, k, v }) => {', /a body returns an output/],
  ['weights returned by name', '  return { out: softmax(s) };', '({ q, k, v }) => {', /a body returns an output/],
  ['outputs without out', '  return { o: softmax(s).times(v) };', '({ q, k, v }) => {', /one of them out/],
  ['scores scaled by an operator', '  return softmax(s / 2).times(v);', 's', /map\(s, \(x\) => 2 \* x\)/],
  ['scores added', '  return softmax(s + s).times(v);', 's + s', /map\(s, \(x, h, i, j\) => x \+ t\(h, i, j\)\)/],
  ['weights multiplied', '  return softmax(s) * v;', 'softmax(s)', /weights\.times\(v\) multiplies/, 1],
  [
    'weights subtracted',
    '  return (softmax(s) - softmax(s)).times(v);',
    'softmax(s)',
    /operators work on single numbers/,
    1,
  ],
  ['scores in Math', '  return softmax(Math.exp(s)).times(v);', 's', /map\(s, \(x\) => Math\.exp\(x\)\)/],
  [
    'methods of scores',
    '  return softmax(s.map((x) => x * 2)).times(v);',
    'map',
    /operations are functions, softmax\(s\)/,
  ],
  ['brackets', '  return softmax(map(s, (_, h, i, j) => s[h][i][j])).times(v);', 's[h]', /read by calls: s\(h, i, j\)/],
  ['exchanged indices', '  return softmax(map(s, (_, h, i, j) => s(h, j, i))).times(v);', 'j', /the order is h, i, j/],
  [
    'the arguments of a score_mod',
    '  return softmax(map(s, (score, b, h, q_idx, kv_idx) => {\n    return score + q_idx - kv_idx;\n  })).times(v);',
    '(score, b, h, q_idx, kv_idx) => {',
    /map gives \(x, h, i, j\).*batch index is never written/,
  ],
  [
    'an unknown function',
    '  return softmax(nothing(s, (x) => x, (y, z) => y)).times(v);',
    'nothing',
    /declare it, import it/,
  ],
  ['an unknown module', '  return F.softmax(F.relu(s)).times(v);', 'F', /declare it, import it/, 1],
  ['options of torch', '  return softmax(s, { dim: -1 }).times(v);', 'dim', /over the keys/],
  ['truth values as elements', '  return softmax(map(s, (x) => x > 0)).times(v);', 'x > 0', /condition \? 1 : 0/],
  [
    'a parameter for each entry',
    "  const b = param('b', ['batch', 3]);\n  return softmax(s).times(v);",
    "'batch'",
    /axes are an array/,
  ],
  [
    'functions without types',
    '  const rotated = (t, angle) => t;\n  return softmax(scaledDot(rotated(q, 1), k)).times(v);',
    't',
    /give its type/,
    1,
  ],
];

it.each(meant.map((each) => ({ what: each[0], each })))(
  'says once, in the words of the language, what was meant: $what',
  async ({ each }) => {
    const [, body, marked, hint, again = 0] = each;
    const text = spec(body);
    const diagnostics = await refused(written({ 'spec.ts': text }));
    expect(diagnostics.map(({ message }) => message)).toHaveLength(1);
    const [{ code, message, hint: said, span, related = [] }] = diagnostics as [Diagnostic];
    expect(code).toBe('HD1001');
    const line = text.split('\n')[span!.line - 1]!;
    expect(line.slice(span!.column - 1, span!.endLine === span!.line ? span!.endColumn - 1 : undefined)).toBe(marked);
    expect(said).toMatch(hint);
    expect(/and at (\d+) more/.exec(message)?.[1] ?? '0').toBe(String(again));
    // Neither the marks by which the language tells its types apart nor the folders in which it lies are news.
    expect(JSON.stringify([message, related])).not.toMatch(/\[\w+Input\]|\[kind\]|import\(|\d+ more, and|language\.ts/);
    expect(message.length).toBeLessThan(250);
  },
);

it('lists a few of many places', async () => {
  const sum = Array.from({ length: 9 }, (_, d) => `q(h, i, ${d})`).join(' + ');
  const [first, ...more] = await refused(
    written({ 'spec.ts': spec(`  return softmax(map(s, (x, h, i) => ${sum})).times(v);`) }),
  );
  expect(more).toEqual([]);
  expect(first?.message).toMatch(/, and at 8 more places: 5:51, (5:\d+, ){4}…$/);
});

it('says what q, k and v need', async () => {
  const text = spec('  return softmax(s).times(v);').replace('heads: 2, headDim: 4', 'heads: 2');
  const [first, ...more] = await refused(written({ 'spec.ts': text }));
  expect(more).toEqual([]);
  expect(first?.hint).toContain('give one, or declare queries(), keys() and values()');
});

it('says where helpers come from', async () => {
  const text = spec('  return softmax(s).times(v);').replace("'heddle/library'", "'heddle'");
  const [first, ...more] = await refused(written({ 'spec.ts': text }));
  expect(more).toEqual([]);
  expect(first?.hint).toContain('come from heddle/library');
});

it('keeps errors of which neither follows from the other', async () => {
  const text = spec('  const w = softmax(s).times(k);\n  const r = scaledDot(q, q);\n  return s;');
  const diagnostics = await refused(written({ 'spec.ts': text }));
  expect(diagnostics.map(({ span }) => span!.line).sort()).toEqual([3, 5, 6]);
});

it('gives all errors of all files at once', async () => {
  const path = written({
    'spec.ts': `import { b } from './other.ts';\nexport const a: string = 1;\nexport const c: string = b;\n`,
    'other.ts': `export const b: number = 'two';\n`,
  });
  const diagnostics = await refused(path);
  expect(diagnostics.map(({ code, span }) => [code, span?.file.split('/').at(-1), span?.line])).toEqual(
    expect.arrayContaining([
      ['HD1001', 'spec.ts', 2],
      ['HD1001', 'spec.ts', 3],
      ['HD1001', 'other.ts', 1],
    ]),
  );
  expect(diagnostics).toHaveLength(3);
});

it('checks branches that no configuration takes', async () => {
  const [first] = await refused(
    written({ 'spec.ts': spec(`  if (q.heads > 99) return 'text';\n  return softmax(s).times(v);`) }),
  );
  expect(first?.code).toBe('HD1001');
});

it('knows no globals of browsers and of Node', async () => {
  for (const name of ['window', 'process', 'document', 'Buffer']) {
    const diagnostics = await refused(written({ 'spec.ts': `export const odd = ${name};\n` }));
    expect(diagnostics[0]?.message).toMatch(/Cannot find name/);
  }
});
