// Which nodes of a graph are a softmax: those that schedules run as one, whatever the passes did before, and nothing else.
import { describe, expect, it } from 'vitest';
import {
  type Graph,
  logSumExpOf,
  type Node,
  normaliserOf,
  parse,
  rowStatisticsOf,
  topological,
  verify,
} from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';

const graphOf = (nodes: string): Graph => {
  const graph = parse(`graph g
tensor q[b, h:4, i, d:2]: queries
tensor k[b, h:4, j, d:2]: keys
tensor v[b, h:4, j, d:2]: values
tensor w[h:4]: parameter
dot %1[b, h:4, i, j] = q · k
${nodes}`);
  verify(graph);
  return graph;
};

const lines = (...all: readonly string[]): string => all.join('\n');
const node = (graph: Graph, label: string): Node => topological(graph).find((each) => each.label === label)!;

describe('normalisers', () => {
  const logits = 'fill %2[b, h:4, i, j] "logits" = %1 where j <= i else -Infinity';
  const softmax = (sink: string) =>
    lines(
      logits,
      'reduce %3[b, h:4, i] "largest" = max(j) %2[b, h, i, j]',
      `map %4[b, h:4, i] "m" = stopGradient(${sink === '' ? '%3[b, h, i]' : `maximum(%3[b, h, i], ${sink})`})`,
      'reduce %5[b, h:4, i] "total" = sum(j) expdiff(%2[b, h, i, j], %4[b, h, i])',
      `map %6[b, h:4, i] "sum" = %5[b, h, i] + ${sink === '' ? '-0.0' : `expdiff(${sink}, %4[b, h, i])`}`,
      `map %7[b, h:4, i] "scale" = {`,
      `  let t0 = ${sink === '' ? '%5' : '%6'}[b, h, i];`,
      '  t0 == 0.0 ? 0.0 : 1.0 / t0',
      '}',
      'map %8[b, h:4, i, j] "weights" = expdiff(%2[b, h, i, j], %4[b, h, i]) * %7[b, h, i]',
      'contract %9[b, h:4, i, d:2] = %8 · v over j',
      'output out = %9',
    );
  /** As graphs held it before: through the log-sum-exp, which a large maximum leaves no place in. */
  const throughLogSumExp = (sink: string) =>
    lines(
      logits,
      'reduce %3[b, h:4, i] "total" = logSumExp(j) %2[b, h, i, j]',
      ...(sink === ''
        ? []
        : [
            'map %4[b, h:4, i] "joined" = {',
            '  let t0 = %3[b, h, i];',
            `  let t1 = ${sink};`,
            '  let t2 = maximum(t0, t1);',
            '  t2 + log(expdiff(t0, t2) + expdiff(t1, t2))',
            '}',
          ]),
      `map %5[b, h:4, i, j] "weights" = expdiff(%2[b, h, i, j], ${sink === '' ? '%3' : '%4'}[b, h, i])`,
      'contract %6[b, h:4, i, d:2] = %5 · v over j',
      'output out = %6',
      `output lse = ${sink === '' ? '%3' : '%4'}`,
    );

  for (const sink of ['', '0.0', 'w[h]', 'exp(w[h] * 2.0)']) {
    const name = sink === '' ? 'no sink' : `a sink of ${sink}`;
    it(`are found with ${name}, before and after the passes`, () => {
      const before = graphOf(softmax(sink));
      for (const graph of [before, optimise(before, { verify: true })]) {
        const found = normaliserOf(node(graph, 'weights'))!;
        expect(found.scores.label).toBe('logits');
        expect(found.total.label).toBe('total');
        expect(found.sink === undefined).toBe(sink === '');
      }
    });

    it(`are made of exponentials of differences to a log-sum-exp, with ${name}`, () => {
      const graph = optimise(graphOf(throughLogSumExp(sink)), { verify: true });
      const found = normaliserOf(node(graph, 'weights'))!;
      expect(found.scores.label).toBe('logits');
      expect(found.sink === undefined).toBe(sink === '');
      expect(logSumExpOf(graph.outputs[1]!.node)?.sum).toBe(found.sum);
    });
  }

  it('are nothing else', () => {
    const graph = graphOf(
      lines(
        'reduce %2[b, h:4, i] = logSumExp(j) %1[b, h, i, j]',
        'map %3[b, h:4, i, j] "other scores" = expdiff(%1[b, h, i, j] * 2.0, %2[b, h, i])',
        'map %4[b, h:4, i, j] "another row" = expdiff(%1[b, h, i, j], %2[b, h, i - 1])',
        'map %5[b, h:4, i, j] = %1[b, h, i, j] * 3.0',
        'map %6[b, h:4, i, j] "sum of other scores" = expdiff(%5[b, h, i, j], %2[b, h, i])',
        'map %7[b, h:4, i, j] = %3[b, h, i, j] + %4[b, h, i, j] + %6[b, h, i, j]',
        'reduce %8[b, h:4, i] = max(j) %1[b, h, i, j]',
        'reduce %9[b, h:4, i] = sum(j) expdiff(%5[b, h, i, j], %8[b, h, i])',
        'map %10[b, h:4, i] "another sum" = %9[b, h, i] == 0.0 ? 0.0 : 1.0 / %9[b, h, i]',
        'map %11[b, h:4, i, j] = expdiff(%5[b, h, i, j], %8[b, h, i]) * %10[b, h, i]',
        'map %12[b, h:4, i, j] = %7[b, h, i, j] + %11[b, h, i, j]',
        'output out = %12',
      ),
    );
    for (const each of topological(graph)) {
      expect(normaliserOf(each)).toBeUndefined();
      expect(rowStatisticsOf(each)).toBeUndefined();
    }
    for (const each of topological(optimise(graph))) expect(normaliserOf(each)).toBeUndefined();
  });
});
