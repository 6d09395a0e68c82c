// What each pass makes of small graphs, as text: the shapes that schedules rely on, and what passes must leave alone.
// That no pass changes a meaning is the business of meaning.test.ts.
import { describe, expect, it } from 'vitest';
import {
  type AffinePredicate,
  classifyPredicate,
  conjunctsOf,
  type Graph,
  linearForm,
  linearityIn,
  type Node,
  parse,
  print,
  topological,
  variable,
  verify,
} from '../../src/ir/index.js';
import { optimise, passes } from '../../src/passes/index.js';

const inputs = `graph g
tensor q[b, h:4, i, d:2]: queries
tensor k[b, h:4, j, d:2]: keys
tensor v[b, h:4, j, d:2]: values
tensor w[h:4]: parameter
tensor theta[h:4, x:3]: parameter
tensor document[b, p]: integers
dot %1[b, h:4, i, j] = q · k
`;

const graphOf = (nodes: string): Graph => {
  const graph = parse(inputs + nodes);
  verify(graph);
  return graph;
};

/** The statements after the scores, as the named pass leaves them. */
function resultOf(name: string, nodes: string): string {
  const pass = passes.find((each) => each.name === name)!;
  const graph = pass.run(graphOf(nodes));
  verify(graph);
  return print(graph)
    .split('\n')
    .filter((line) => !/^(graph|tensor|output|dot|$)/.test(line))
    .join('\n');
}

const lines = (...all: readonly string[]): string => all.join('\n');
const node = (graph: Graph, label: string): Node => topological(graph).find((each) => each.label === label)!;

describe('fold constants', () => {
  const value = (text: string): string =>
    resultOf('fold constants', `map %2[b, h:4, i, j] = ${text}\noutput out = %2`)
      .replace('map %2[b, h:4, i, j] = ', '')
      .replace('map %1[b, h:4, i, j] = ', '');
  const x = '%1[b, h, i, j]';
  const same = (text: string) => expect(value(text)).toBe(text);

  it('computes what is constant, as doubles', () => {
    expect(value(`${x} * (0.8 - 0.6 * exp(-0.3 * 2.0))`)).toBe(`${x} * ${0.8 - 0.6 * Math.exp(-0.3 * 2)}`);
    expect(value(`${x} + float(7 // 2 + -7 % 3)`)).toBe(`${x} + 2.0`);
    same(`${x} * log(-1.0)`);
  });

  it('drops what changes no bit, and nothing else', () => {
    expect(value(`(${x} - 0.0) * 1.0 / 1.0 + -0.0`)).toBe(x);
    expect(value(`-(-${x})`)).toBe(x);
    expect(value(`${x} * -1.0`)).toBe(`-${x}`);
    expect(value(`${x} + -w[h]`)).toBe(`${x} - w[h]`);
    same(`${x} + 0.0`);
    same(`0.0 - ${x}`);
    same(`${x} * 0.0`);
    same(`${x} + 0.1 + 0.2`);
    same(`${x} - ${x}`);
    same(`!(${x} < w[h]) ? ${x} : 0.0`);
  });

  it('absorbs where the first is 0, whatever the second', () => {
    expect(value(`absorb(0.0, log(${x}))`)).toBe('0.0');
    expect(value(`absorb(1.0, ${x})`)).toBe(x);
    same(`absorb(${x}, 0.0)`);
  });

  it('gives indices one normal form', () => {
    expect(value(`%1[b, h, i - (1 - 1 + 2), 3 + j - 1 * 4]`)).toBe('%1[b, h, i - 2, j - 1]');
    expect(value(`theta[h, 2 * (h // 1) - h - h + 1 - 1]`)).toBe('theta[h, 0]');
    expect(value('sum(c0 < 3) %1[b, h, -c0 + i + 2, j]')).toBe('sum(c0 < 3) %1[b, h, i - c0 + 2, j]');
  });

  it('decides by the ranges of indices', () => {
    expect(value('%1[b, h // 4 + h % 4, i, j]')).toBe('%1[b, h, i, j]');
    expect(value(`h < 4 && 0 <= j ? ${x} : w[h]`)).toBe(x);
    expect(value('sum(c0 < 3) w[minimum(c0, 2)]')).toBe('sum(c0 < 3) w[c0]');
    // The same name with another extent is another counter.
    expect(value('(sum(c0 < 2) w[c0 % 2]) + sum(c0 < 4) w[c0 % 2]')).toBe('sum(c0 < 2) w[c0] + sum(c0 < 4) w[c0 % 2]');
  });

  it('empties empty sums, and keeps the 0 that a sum of one starts from', () => {
    expect(value(`${x} + sum(c0 < 0) w[c0]`)).toBe(`${x} + 0.0`);
    expect(value('max(c0 < 1, c1 < 0) w[c0]')).toBe('-Infinity');
    expect(value('sum(c0 < 1) w[c0]')).toBe('sum(c0 < 1) w[0]');
    expect(value('max(c0 < 1, c1 < 7) w[c0]')).toBe('w[0]');
  });

  it('fills that always or never hold', () => {
    expect(
      resultOf(
        'fold constants',
        'fill %2[b, h:4, i, j] = %1 where true || i < j else 1.0\nmap %3[b, h:4, i, j] = %2[b, h, i, j] * 2.0\noutput out = %3',
      ),
    ).toBe('map %2[b, h:4, i, j] = %1[b, h, i, j] * 2.0');
    expect(resultOf('fold constants', 'fill %2[b, h:4, i, j] = %1 where j < 0 else 0.0\noutput out = %2')).toBe(
      'map %1[b, h:4, i, j] = 0.0',
    );
  });
});

describe('share common subexpressions', () => {
  it('makes equal parts and equal nodes one', () => {
    const text = resultOf(
      'share common subexpressions',
      lines(
        'map %2[b, h:4, i, j] = exp(%1[b, h, i, j]) * exp(%1[b, h, i, j])',
        'map %3[b, h:4, i, j] "again" = exp(%1[b, h, i, j]) * exp(%1[b, h, i, j])',
        'map %4[b, h:4, i, j] = %2[b, h, i, j] + %3[b, h, i, j]',
        'output out = %4',
      ),
    );
    expect(text).toBe(
      lines(
        'map %2[b, h:4, i, j] = {',
        '  let t0 = exp(%1[b, h, i, j]);',
        '  t0 * t0',
        '}',
        'map %3[b, h:4, i, j] = {',
        '  let t0 = %2[b, h, i, j];',
        '  t0 + t0',
        '}',
      ),
    );
  });
});

describe('what is not shared', () => {
  it('differs in a constant, a domain, an order or a sign of 0', () => {
    const nodes = lines(
      'fill %2[b, h:4, i, j] = %1 where j <= i else 0.0',
      'fill %3[b, h:4, i, j] = %1 where j <= i else -0.0',
      'reduce %4[b, i] = max(h:4, j) %1[b, h, i, j]',
      'reduce %5[b, j] = max(h:4, i) %1[b, h, i, j]',
      'reduce %6[b, i] = max(j, h:4) %1[b, h, i, j]',
      'map %7[h:4] = w[h] * 2.0',
      'map %8[h:3] = w[h] * 2.0',
    );
    const outputs = [2, 3, 4, 5, 6, 7, 8].map((n) => `output o${n} = %${n}`);
    expect(resultOf('share common subexpressions', lines(nodes, ...outputs))).toBe(nodes);
  });
});

describe('fuse pointwise maps', () => {
  const fused = (nodes: string): string => resultOf('fuse pointwise maps', nodes);

  it('fuses chains, and trivial arithmetic into several readers', () => {
    expect(
      fused(
        lines(
          'map %2[b, h:4, i, j] = %1[b, h, i, j] / 8.0',
          'map %3[b, h:4, i, j] = tanh(%2[b, h, i, j])',
          'map %4[b, h:4, i, j] = %3[b, h, i, j] * 50.0',
          'output out = %4',
        ),
      ),
    ).toBe('map %2[b, h:4, i, j] = tanh(%1[b, h, i, j] / 8.0) * 50.0');
    expect(
      fused(
        lines(
          'map %2[b, h:4, i, j] = %1[b, h, i, j] / 8.0',
          'map %3[b, h:4, i, j] = exp(%2[b, h, i, j])',
          'reduce %4[b, h:4, i] = max(j) %2[b, h, i, j]',
          'output out = %3',
          'output rows = %4',
        ),
      ),
    ).toBe(
      lines('map %2[b, h:4, i, j] = exp(%1[b, h, i, j] / 8.0)', 'reduce %3[b, h:4, i] = max(j) %1[b, h, i, j] / 8.0'),
    );
  });

  const untouched = (...nodes: readonly string[]) =>
    expect(fused(lines(...nodes, ''))).toBe(lines(...nodes.filter((line) => !line.startsWith('output'))));

  it('repeats no heavy work, reads no neighbour through a map, and keeps stencils whole', () => {
    untouched(
      'map %2[b, h:4, i, j] = tanh(%1[b, h, i, j])',
      'map %3[b, h:4, i, j] = %2[b, h, i, j] * 2.0',
      'map %4[b, h:4, i, j] = %2[b, h, i, j] * 3.0',
      'output out = %3',
      'output other = %4',
    );
    untouched(
      'map %2[b, h:4, i, j] = %1[b, h, i, j] * 2.0',
      'map %3[b, h:4, i, j] = %2[b, h, i, j] + %2[b, h, i, j - 1]',
      'output out = %3',
    );
    untouched(
      'map %2[b, h:4, i, j] = sum(c0 < 3) theta[h, c0] * %1[b, h, i, j - c0]',
      'map %3[b, h:4, i, j] = %2[b, h, i, j] * 2.0',
      'output out = %3',
    );
    untouched('map %2[h:4] = exp(w[h])', 'map %3[b, h:4, i, j] = %1[b, h, i, j] * %2[h]', 'output out = %3');
  });

  it('leaves a normaliser and its scores alone', () => {
    untouched(
      'map %2[b, h:4, i, j] = %1[b, h, i, j] / 8.0',
      'reduce %3[b, h:4, i] = max(j) %2[b, h, i, j]',
      'map %4[b, h:4, i] = stopGradient(%3[b, h, i])',
      'reduce %5[b, h:4, i] = sum(j) expdiff(%2[b, h, i, j], %4[b, h, i])',
      'map %6[b, h:4, i] = %5[b, h, i] == 0.0 ? 0.0 : 1.0 / %5[b, h, i]',
      'map %7[b, h:4, i, j] = expdiff(%2[b, h, i, j], %4[b, h, i]) * %6[b, h, i]',
      'map %8[b, h:4, i, j] = %7[b, h, i, j] * 2.0',
      'output out = %8',
    );
  });
});

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

describe('hoist invariants', () => {
  it('computes a scalar, a head and a row each once, and nothing that is cheap or as large as scores', () => {
    expect(
      resultOf(
        'hoist invariants',
        lines(
          'map %2[b, h:4, i, j] = %1[b, h, i, j] * exp(sum(c0 < 4) w[c0]) + tanh(w[h]) * sin(float(i)) + w[h] * 2.0 + exp(float(i - j))',
          'output out = %2',
        ),
      ),
    ).toBe(
      lines(
        'map %2[] = exp(sum(c0 < 4) w[c0])',
        'map %3[h:4, i] = tanh(w[h]) * sin(float(i))',
        'map %4[b, h:4, i, j] = %1[b, h, i, j] * %2[] + %3[h, i] + w[h] * 2.0 + exp(float(i - j))',
      ),
    );
  });

  it('leaves in a loop what depends on its counter', () => {
    const text = 'map %2[b, h:4, i, j] = %1[b, h, i, j] * (sum(c0 < 4) exp(w[c0] * float(i)) * %1[b, h, i, j - c0])';
    expect(resultOf('hoist invariants', `${text}\noutput out = %2`)).toBe(text);
  });
});

describe('drop what is dead', () => {
  it('drops inputs that nothing reads, but for the one that alone tells a length', () => {
    const pass = passes.find(({ name }) => name === 'drop what is dead')!;
    const names = (graph: Graph) => pass.run(graph).inputs.map(({ name }) => name);
    expect(names(graphOf('output out = %1'))).toEqual(['q', 'k']);
    expect(names(graphOf('reduce %2[] = sum(n in h:4) w[n]\noutput out = %2'))).toEqual(['q', 'k', 'w']);
  });
});
