// What is large: shared expressions stay linear, and specs without bounds end in a diagnostic, soon and without a crash.
// Nothing here may take exponential time or overflow the stack.
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { type NodeOf, subexpressions, verify } from '../../src/ir/index.js';
import { refused, written } from './support/temporary.js';

const spec = (element: string, more = ''): string =>
  written({
    'spec.ts': `import { attention, map, param, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';
export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const s = scaledDot(q, k);
  ${more}
  return softmax(map(s, (x, h, i, j) => { ${element} })).times(v);
});
`,
  });

const doublings = (first: string, operator: string, count = 30): string =>
  Array.from({ length: count }, (_, n) => `const y${n + 1} = y${n} ${operator} y${n};`).reduce(
    (text, line) => `${text}\n${line}`,
    `const y0 = ${first};`,
  );

describe('sharing', () => {
  it.each([
    ['values', `${doublings('x', '*')} return y30 + h + i + j;`, ''],
    ['conditions', `${doublings('x', '*')} return y30 > 1 ? y29 : y28 + h + i + j;`, ''],
    // Integers stay within 2^50, and those that are divided within 32 bits.
    ['head indices', `${doublings('h', '% 5 +', 24)} return s(y24 % 2, i, j) + x;`, ''],
    ['offsets', `${doublings('j - j', '+', 16)} return s(h, i, y16 + j) + x;`, ''],
    [
      'rounded indices',
      `${doublings('(i - j) / 2', '+')} return t(Math.floor(y30), h) + x;`,
      `const t = param('t', [3, 'head']);`,
    ],
    [
      'calls',
      'const d = (f: (x: number) => number) => (x: number) => { const y = f(x); return y * y; }; const f = d(d(d(d(d((z) => z))))); return f(f(f(x))) + h + i + j;',
      '',
    ],
  ])('a chain of doubled %s stays linear', async (_, element, more) => {
    const graph = (await openSpec(spec(element, more))).compile();
    verify(graph);
    const contract = graph.outputs[0]!.node as NodeOf<'contract'>;
    const weights = contract.weights as NodeOf<'map'>;
    const read = subexpressions(weights.value).find((part) => part.kind === 'read')!;
    const map = (read.kind === 'read' ? read.source : weights) as NodeOf<'map'>;
    expect(subexpressions(map.value).length).toBeLessThan(120);
  });

  it('compares start values that share parts', async () => {
    const start = `(h) => { ${doublings('h', '+', 24)} return y24; }`;
    const more = `const a = param('a', ['head'], ${start}); const b = param('a', ['head'], ${start});`;
    const graph = (await openSpec(spec('return x + a(h) + b(h) + i + j;', more))).compile();
    expect(graph.inputs.map(({ name }) => name)).toEqual(['q', 'k', 'v', 'a']);
  });
});

describe('what has no end', () => {
  it('calls that grow as they go (HD1006)', async () => {
    const more = `type Step = (step: unknown, n: number) => number;
  const grow: Step = (step, n) => (step as Step)((next: unknown, m: number) => (step as Step)(next, m + 1), n);
  const total = () => grow((f: unknown, n: number) => (f as Step)(f, n), 0);`;
    const [found] = await refused(spec('return x + total() + h + i + j;', more));
    expect(['HD1004', 'HD1006']).toContain(found?.code);
    expect(found?.span?.line).toBeGreaterThan(3);
  });

  it('functions that make functions', async () => {
    const more = `type Again = (again: unknown, n: number) => number;
  const make = (): Again => (again, n) => (again as () => Again)()(again, n + 1);`;
    const [found] = await refused(spec('return x + make()(make, 0) + h + i + j;', more));
    expect(found).toMatchObject({ code: 'HD1006', span: { line: 6 } });
  });

  it.each([
    ['additions', (x: string) => `${x} + 1`],
    ['calls', (x: string) => `Math.abs(${x})`],
    ['parentheses', (x: string) => `(${x})`],
    ['conditions', (x: string) => `x > 0 ? 1 : ${x}`],
  ])('%s nested thousands of levels deep', async (_, wrap) => {
    let text = 'x';
    for (let n = 0; n < 6000; n += 1) text = wrap(text);
    const path = spec(`return ${text} + h + i + j;`);
    const outcome = await refused(path).catch(async () => {
      verify((await openSpec(path)).compile());
      return [];
    });
    for (const { code, span } of outcome) expect([code, span?.line]).toEqual(['HD1006', 6]);
  });

  it('a chain of operands is refused before its types are checked, which takes quadratic time', async () => {
    const path = spec(`return x + ${Array.from({ length: 20_000 }, () => '1').join(' + ')} + h + i + j;`);
    const { user } = process.cpuUsage();
    const [found] = await refused(path);
    expect(found).toMatchObject({ code: 'HD1006', span: { line: 6 } });
    expect(process.cpuUsage({ user, system: 0 }).user).toBeLessThan(10e6);
  });

  it('maps after maps, as many as a loop may make', async () => {
    const more = 'let t = s; for (let n = 0; n < 4000; n += 1) t = map(t, (x) => x + n);';
    const path = spec('return x + t(h, i, j);', more);
    const outcome = await refused(path).catch(async () => {
      (await openSpec(path)).compile();
      return [];
    });
    for (const { code } of outcome) expect(code).toBe('HD1006');
  });
});
