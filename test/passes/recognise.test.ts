// What passes recognise in small graphs: linear stencils and mixes, sums over heads, predicates of masks.
// That no pass changes a meaning is the business of meaning.test.ts.
import { describe, expect, it } from 'vitest';
import {
  type AffinePredicate,
  classifyPredicate,
  conjunctsOf,
  linearForm,
  linearityIn,
  type Node,
  print,
  variable,
} from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { graphOf, lines, node, resultOf } from './small-graphs.js';

describe('linear stencils and mixes', () => {
  const stencil = graphOf(
    lines(
      'fill %2[b, h:4, i, j] "hidden" = %1 where j <= i else 0.0',
      'map %3[b, h:4, i, j] "conv" = sum(c0 < 2, c1 < 3) (document[b, i + c0 - 1] == document[b, i] ? %2[b, h, i + c0 - 1, j + c1 - 1] * theta[h, c1] : 0.0)',
      'map %4[b, h:4, i, j] "mix" = sum(c0 < 2) w[h] * %3[b, h // 2 * 2 + c0, i, j]',
      'output out = %4',
    ),
  );

  it('are recognised whatever the order of the product, with what they depend on', () => {
    const graph = optimise(stencil, { verify: true });
    const conv = linearForm(node(graph, 'conv'))!;
    expect(conv.operand.label).toBe('hidden');
    expect(conv.counters).toEqual([
      { name: 'c0', extent: 2 },
      { name: 'c1', extent: 3 },
    ]);
    expect([conv.query.range, conv.key.range]).toEqual([
      { low: -1, high: 0 },
      { low: -1, high: 1 },
    ]);
    expect([conv.product, conv.isPositionIndependent, conv.guard === undefined]).toEqual(['multiply', false, false]);
    expect(conv.coefficient).toMatchObject({ kind: 'read', source: { name: 'theta' } });
    const mix = linearForm(node(graph, 'mix'))!;
    expect([mix.operand.label, mix.isPositionIndependent, mix.guard]).toEqual(['conv', true, undefined]);
    expect(print(graph)).toContain('? theta[h, c1] * %2[b, h, t0, j + c1 - 1] : 0.0');
  });

  it('are linear and homogeneous in what they read; a threshold is not', () => {
    const linearity = (text: string) => {
      const graph = graphOf(`map %2[b, h:4, i, j] "x" = ${text}\noutput out = %2`);
      return linearityIn((node(graph, 'x') as Node & { op: 'map' }).value, ({ op }) => op === 'dot');
    };
    expect(linearity('sum(c0 < 2) (i < j ? %1[b, h, i - c0, j] * w[h] : 0.0) - %1[b, h, i, j] / 2.0')).toBe('linear');
    expect(linearity('w[h] * 2.0')).toBe('independent');
    expect(linearity('%1[b, h, i, j] + 1.0')).toBe('other');
    expect(linearity('%1[b, h, i, j] * %1[b, h, i, j]')).toBe('other');
    expect(linearity('maximum(%1[b, h, i, j] - 0.01, 0.0)')).toBe('other');
    expect(linearity('%1[b, h, i, j] < 0.0 ? %1[b, h, i, j] : 0.0')).toBe('other');
  });

  it('lose guards that only say that an element is inside', () => {
    expect(
      resultOf(
        'drop implied guards',
        'map %2[b, h:4, i, j] = sum(c0 < 3) (Tk - Tq <= i + c0 && i + c0 < Tk && i < 7 ? absorb(%1[b, h, i + c0, j], theta[h, c0]) : 0.0)\noutput out = %2',
      ),
    ).toBe('map %2[b, h:4, i, j] = sum(c0 < 3) (i < 7 ? absorb(%1[b, h, i + c0, j], theta[h, c0]) : 0.0)');
    // What is said of another index is not said of this one.
    const other = 'map %2[b, h:4, i, j] = i + 1 < Tk ? absorb(%1[b, h, i, j], theta[h, 0]) : 0.0';
    expect(resultOf('drop implied guards', `${other}\noutput out = %2`)).toBe(other);
    // An ordinary product with 0 is −0 or NaN where the other factor is negative or infinite.
    expect(
      resultOf(
        'drop implied guards',
        'map %2[b, h:4, i, j] = 0 <= i - 1 ? %1[b, h, i - 1, j] * w[h] : 0.0\noutput out = %2',
      ),
    ).toContain('0 <= i - 1');
  });

  it('compose where nothing outside can show', () => {
    const through = (first: string, second: string): string =>
      resultOf(
        'compose neighbouring linear maps',
        lines(`map %2[b, h:4, i, j] = ${first}`, `map %3[b, h:4, i, j] = ${second}`, 'output out = %3'),
      )
        .split('\n')
        .at(-1)!;
    expect(through('%1[b, 3 - h, i - 1, j + 2]', 'sum(c0 < 3) w[h] * %2[b, 0, i - c0, j + c0]')).toBe(
      'map %2[b, h:4, i, j] = sum(c0 < 3) w[h] * %1[b, 3 - 0, i - c0 - 1, j + c0 + 2]',
    );
    // Up and then down: row 0 of the first map is 0, and row 0 of the scores is not.
    expect(through('%1[b, h, i - 1, j]', '%2[b, h, i + 1, j]')).toBe('map %3[b, h:4, i, j] = %2[b, h, i + 1, j]');
    // Head 4 of the first map is outside.
    expect(through('%1[b, h - 1, i, j]', '%2[b, h + 1, i, j]')).toBe('map %3[b, h:4, i, j] = %2[b, h + 1, i, j]');
  });
});

describe('write sums over heads as maps', () => {
  it('makes a mix of a transposed mix, and leaves reductions over rows and keys alone', () => {
    const resultOfPass = (nodes: string) => resultOf('write sums over heads as maps', nodes);
    expect(resultOfPass('reduce %2[b, h:4, i, j] = sum(n in h:4) w[n] * %1[b, n, i, j]\noutput out = %2')).toBe(
      'map %2[b, h:4, i, j] = sum(c0 < 4) w[c0] * %1[b, c0, i, j]',
    );
    expect(
      resultOfPass('reduce %2[b, h:4, i, j] = sum(n in h:4, m in x:3) theta[n, m] * %1[b, n, i, j]\noutput out = %2'),
    ).toBe('map %2[b, h:4, i, j] = sum(c0 < 4, c1 < 3) theta[c0, c1] * %1[b, c0, i, j]');
    const rows = 'reduce %2[b, i] = sum(n in h:4, j) w[n] * %1[b, n, i, j]';
    expect(resultOfPass(`${rows}\noutput out = %2`)).toBe(rows);
  });
});

describe('split masks', () => {
  it('turns choices by head and position into fills, and keeps what depends on scores in the map', () => {
    expect(
      resultOf(
        'split masks',
        'map %2[b, h:4, i, j] = j <= i && %1[b, h, i, j] < 2.0 && i - j < 5 * h ? %1[b, h, i, j] : -Infinity\noutput out = %2',
      ),
    ).toBe(
      lines(
        'map %2[b, h:4, i, j] = %1[b, h, i, j] < 2.0 ? %1[b, h, i, j] : -Infinity',
        'fill %3[b, h:4, i, j] = %2 where j <= i && i - j < 5 * h else -Infinity',
      ),
    );
    expect(resultOf('split masks', 'map %2[b, h:4, i, j] = i < j ? 0.0 : %1[b, h, i, j]\noutput out = %2')).toBe(
      'fill %2[b, h:4, i, j] = %1 where !(i < j) else 0.0',
    );
  });

  it('merges fills of fills', () => {
    const merged = (first: string, second: string): string =>
      resultOf(
        'split masks',
        `fill %2[b, h:4, i, j] = %1 where ${first}\nfill %3[b, h:4, i, j] = %2 where ${second}\noutput out = %3`,
      );
    expect(merged('j <= i else 0.0', 'j <= i else -Infinity')).toBe(
      'fill %2[b, h:4, i, j] = %1 where j <= i else -Infinity',
    );
    expect(merged('j <= i else 0.0', 'i < 9 && j <= i else 2.0')).toBe(
      'fill %2[b, h:4, i, j] = %1 where i < 9 && j <= i else 2.0',
    );
    expect(merged('j <= i else 0.0', 'i < 9 else 0.0')).toBe(
      'fill %2[b, h:4, i, j] = %1 where j <= i && i < 9 else 0.0',
    );
    expect(merged('j <= i else 0.0', 'i < 9 else 2.0')).toContain('fill %3');
  });

  it('moves nots to the leaves and drops repetitions, in order', () => {
    expect(
      resultOf(
        'split masks',
        'fill %2[b, h:4, i, j] = %1 where !(i < j || !(j < 9)) && j < 9 else 0.0\noutput out = %2',
      ),
    ).toBe('fill %2[b, h:4, i, j] = %1 where !(i < j) && j < 9 else 0.0');
  });

  it('classifies what masks are made of', () => {
    const graph = graphOf(
      'fill %2[b, h:4, i, j] = %1 where j <= i && i - 2 * j > 5 && document[b, i] == document[b, j] && i % 3 == j % 3 && (j < 4 || i != j) && i - j < 3 * h else 0.0\noutput out = %2',
    );
    const fill = graph.outputs[0]!.node as Node & { op: 'fill' };
    const classes = conjunctsOf(fill.mask).map(classifyPredicate);
    const affine = (fields: Partial<AffinePredicate>) => ({
      kind: 'affine',
      relation: 'atMostZero',
      query: 0,
      key: 0,
      queries: 0,
      keys: 0,
      constant: 0,
      byHead: [],
      ...fields,
    });
    expect(classes).toEqual([
      affine({ query: -1, key: 1 }),
      affine({ query: -1, key: 2, constant: 6 }),
      { kind: 'table', tensors: [expect.objectContaining({ name: 'document' })] },
      { kind: 'grid' },
      {
        kind: 'either',
        alternatives: [[affine({ key: 1, constant: -3 })], [affine({ relation: 'notZero', query: 1, key: -1 })]],
      },
      affine({ query: 1, key: -1, constant: 1, byHead: [{ factor: variable('h'), coefficient: -3 }] }),
    ]);
  });
});
