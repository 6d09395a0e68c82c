// Specs that do not type-check: every error of TypeScript becomes a diagnostic HD1001, all at once, none a graph.
// They are written into a temporary folder, as the repository's own type check would refuse them.
import { expect, it } from 'vitest';
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
