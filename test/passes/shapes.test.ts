// What each pass makes of small graphs, as text: the shapes that schedules rely on, and what passes must leave alone.
// That no pass changes a meaning is the business of meaning.test.ts.
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/ir/index.js';
import { passes } from '../../src/passes/index.js';
import { graphOf, lines, resultOf } from './small-graphs.js';

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
