// The text form: it prints beautifully, reads back as the same graph with the same sharing, and never crashes on garbage.
// The grammar's corners one by one, and random graphs, before and after the passes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph } from '../../src/autodiff/index.js';
import { type Diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { type Graph, type MapNode, parse, print, verify } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { randomGraphs } from '../support/random-graph.js';
import { graphDifference } from '../support/same-graph.js';

function expectRoundTrip(graph: Graph): void {
  const text = print(graph);
  const back = parse(text);
  expect(print(back)).toBe(text);
  expect(graphDifference(graph, back)).toBeUndefined();
}

const attention = `graph "let"
setting heads = 4
setting cap = -0
setting limit = -Infinity
setting padKey = "both"
setting sizes = [1, 2.5]
setting causal = true
formula "softmax(S)\\n· v"
paper "arXiv:2504.00927v2"
history 5

tensor q[b, h:4, i, d:96]: queries
tensor k[b, h:2, j, d:96] "shared": keys
tensor v[b, h:2, j, d:96]: values
tensor theta[h:4, x:6, x2:11]: parameter = x == 5 && x2 == 5 ? 1.0 : 0.0
tensor "let"[h:4]: parameter ~ normal(0.02)
tensor lambda[]: parameter ~ uniform(1)
tensor document[b, p]: integers from 0 increasing
tensor gate[i]: tensor from -0.0 to 1e-7
tensor other[j]: integers from -3 to B - 1

dot %1[b, h:4, i, j] "scores" = q · k
fill %2[b, h:4, i, j] = %1 where j <= i && document[b, i] == document[b, j] else -0.0
map %3[b, h:4, i, j] = sum(c0 < 6, c1 < 11) theta[h, c0, c1] * %2[b, h, i + c0 - 5, j + c1 - 5]
map %4[b, h:4, i, j] = {
  let t0 = tanh(%3[b, h, i, j] / 50.0);
  t0 * 50.0 + (t0 - "let"[h]) * exp(lambda[])
}
fill %5[b, h:4, i, j] "logits" = %4 where j <= i else -Infinity
reduce %6[b, h:4, i] = logSumExp(j) %5[b, h, i, j]
map %7[b, h:4, i, j] "weights" = expdiff(%5[b, h, i, j], %6[b, h, i])
contract %8[b, h:4, i, d:96] = %7 · v over j
rowmap %9[b, h:4, i, d:96] = %8[b, h, i, 95 - d] * 0.5 ** float(h % 2)
contract %10[b, h:2, j, d:96] = %7 · %9 over i
reduce %11[h:4, x:2] = sum(b, i, n in j) (%7[b, h, i - x, n] + 1.0)
bin %12[x:32, h:4] = sum(b, g in h:4, i, j) %7[b, g, i, j] at [minimum(abs(i - j), 31), g]

output out = %9
output "true" = %10
output theta = %11
output table = %12
`;

describe('the text form', () => {
  it('prints what it reads, byte for byte', () => {
    const graph = parse(attention);
    verify(graph);
    expect(print(graph)).toBe(attention);
    expectRoundTrip(graph);
  });

  it('keeps random graphs, their gradients and what the passes make of both', () => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        const main = { ...graph, outputs: graph.outputs.slice(0, 1) };
        for (const each of [graph, optimise(graph), gradientGraph(main), optimise(gradientGraph(main))]) {
          expectRoundTrip(each);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('prints remarks as comments, which parse as nothing', () => {
    const graph = parse(attention);
    const text = print(graph, { comment: (node) => (node.op === 'dot' ? 'one\ntwo' : undefined) });
    expect(text).toContain('# one\n# two\ndot %1');
    expect(print(parse(text))).toBe(attention);
  });
});

/** `text` as the value of a map over [b, h:4, i, j], as it prints again. */
function again(text: string): string {
  const graph = parse(
    `graph g\ntensor q[b, h:4, i, d:2]: queries\ntensor k[b, h:4, j, d:2]: keys\ntensor w[h:4]: parameter\n` +
      `dot %1[b, h:4, i, j] = q · k\nmap %2[b, h:4, i, j] = ${text}\noutput out = %2`,
  );
  expectRoundTrip(graph);
  return print(graph).match(/map %1\[b, h:4, i, j\] =\s+([\s\S]*?)\n\noutput/)![1]!;
}

const same = [
  'w[h] + w[h] * w[h] - (w[h] - w[h])',
  'w[h] * (w[h] * w[h]) / w[h]',
  'w[h] ** w[h] ** -2.0',
  '(w[h] ** w[h]) ** 2.0',
  '(-w[h]) ** 2.0',
  '-(w[h] ** 2.0)',
  '-(-w[h])',
  '-(5.0)',
  '-5.0 * -w[h]',
  'w[h] - -0.0 + 1e-7 + 1e+21 + 0.1',
  '(w[h] < 1.0 ? w[h] : 2.0) * w[h]',
  'w[h] < 1.0 ? w[h] : i < j ? 1.0 : 2.0',
  '(i < j ? w[h] < 1.0 : w[h] > 2.0) ? 1.0 : 2.0',
  'i < j && (j < i || !(i == j)) && true ? 1.0 : 0.0',
  '((i < j) == (j < i)) != false ? 1.0 : 0.0',
  'float((i + j) % 3 + i // 2 * h - -3)',
  'float(bitAnd(i, shiftLeft(j, 2)) + int(floor(w[h])))',
  'sum(c0 < 4) w[c0] * w[h] + w[h]',
  'sum(c0 < 4) (w[c0] + w[h])',
  '(sum(c0 < 4) w[c0]) * w[h]',
  'w[h] - sum(c0 < 2) w[c0]',
  'sum(c1 < 4) max(c0 < 2) w[c0] * w[c1]',
  '(max(c0 < 0) w[c0]) * float(Tk - Tq + B)',
  'sum(c0 < 4) { let t0 = w[c0]; t0 * t0 }',
  'absorb(w[h], expdiff(-Infinity, atan2(w[h], 2.0)))',
];

describe('expressions', () => {
  for (const text of same) it(text, () => expect(again(text)).toBe(text));

  it('bind what is shared, innermost where it depends on a counter', () => {
    expect(again('{ let a = exp(w[h]); sum(c0 < 2) { let b = w[c0] * a; b + b * sum(c0 < 3) w[c0] } + a }')).toBe(
      [
        '{',
        '  let t0 = exp(w[h]);',
        '  sum(c1 < 2) { let t1 = w[c1] * t0; t1 + t1 * (sum(c0 < 3) w[c0]) } + t0',
        '}',
      ].join('\n'),
    );
  });

  it('keep integers and floats apart, and promote what a person leaves out', () => {
    expect(again('w[h] * 2 + i')).toBe('w[h] * 2.0 + float(i)');
    const value = (parse(attention).outputs[0]!.node as MapNode).value;
    expect(value.type).toBe('float');
  });

  it('have no let whose name is a variable of the node', () => {
    const text = `graph g\ntensor w[h:2]: parameter\nreduce %1[] = sum(t0 in h:2) { let s = exp(w[t0]); s * s }\noutput out = %1`;
    const graph = parse(text);
    expect(print(graph)).toContain('let t1 = exp(w[t0]);');
    expectRoundTrip(graph);
  });
});

function faultOf(text: string): Diagnostic {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof HeddleError) return error.diagnostics[0]!;
    throw error;
  }
  throw new Error('this text must not parse');
}

const wrong: readonly (readonly [text: string, code: string, place: string])[] = [
  ['', 'HD5030', 'line 1, column 1'],
  ['graph g\n  setting a =', 'HD5030', 'line 2, column 14'],
  ['graph g\ntensor q[b]: nothing', 'HD5031', 'line 2, column 14'],
  ['graph g\nmap %1[y] = 1.0', 'HD5031', 'line 2, column 8'],
  ['graph g\nmap %1[h] = 1.0', 'HD5030', 'line 2, column 9'],
  ['graph g\nmap %1[i:3] = 1.0', 'HD5032', 'line 2, column 8'],
  ['graph g\nmap %1[h2:3] = 1.0', 'HD5032', 'line 2, column 8'],
  ['graph g\nmap %1[h:1.5] = 1.0', 'HD5032', 'line 2, column 10'],
  ['graph g\nmap %1[] = %2[]', 'HD5031', 'line 2, column 12'],
  ['graph g\nmap %1[] = i', 'HD5031', 'line 2, column 12'],
  ['graph g\nmap %1[] = nothing(1.0)', 'HD5031', 'line 2, column 12'],
  ['graph g\nmap %1[] = true + 1.0', 'HD5032', 'line 2, column 17'],
  ['graph g\nmap %1[] = exp(1.0, 2.0)', 'HD5032', 'line 2, column 12'],
  ['graph g\nmap %1[i, j] = i < j < 3 ? 1.0 : 0.0', 'HD5030', 'line 2, column 22'],
  ['graph g\nmap %1[i] = -i ** 2', 'HD5030', 'line 2, column 16'],
  ['graph g\nmap %1[] = "text', 'HD5030', 'line 2, column 12'],
  ['graph g\nmap %1[] = 1.0 § 2', 'HD5030', 'line 2, column 16'],
  ['graph g\nmap %1[] = 1.0\nmap %1[] = 2.0', 'HD5032', 'line 3, column 5'],
  ['graph g\nfrobnicate', 'HD5031', 'line 2, column 1'],
  ['graph g\nconstructor %1[] = 1.0', 'HD5031', 'line 2, column 1'],
  ['graph g\noutput out = %1', 'HD5031', 'line 2, column 14'],
  ['graph g\nmap %1[] = sum(c0 < 1.5) 1.0', 'HD5032', 'line 2, column 21'],
  [`graph g\nmap %1[] = ${'('.repeat(100_000)}`, 'HD5032', 'line 2, column 512'],
  [`graph g\nmap %1[] = ${'-'.repeat(100_000)}`, 'HD5032', 'line 2'],
  [`graph g\nmap %1[] = 1.0${' + 1.0'.repeat(100_000)}`, 'HD5032', 'line 2'],
];

describe('text that is no graph', () => {
  for (const [text, code, place] of wrong) {
    it(`${JSON.stringify(text.slice(0, 60))} is ${code}`, () => {
      const fault = faultOf(text);
      expect(fault.code).toBe(code);
      expect(fault.message).toContain(place);
    });
  }

  it('damaged text is a diagnostic or another graph, never a crash', () => {
    const bits = fc.constantFrom(
      '%1',
      '[',
      ']',
      '{',
      '}',
      '(',
      ')',
      'let t0 =',
      ';',
      'sum(c0 < 2)',
      '-',
      ' 7 ',
      '"',
      '\\',
      '\u0000',
      '·',
      '\n',
      '?',
      ':',
    );
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 6 }), bits, (at, removed, put) => {
        const start = at % attention.length;
        const text = attention.slice(0, start) + put + attention.slice(start + removed);
        try {
          print(parse(text));
        } catch (error) {
          expect(error).toBeInstanceOf(HeddleError);
        }
      }),
      { numRuns: 600 },
    );
  });
});
