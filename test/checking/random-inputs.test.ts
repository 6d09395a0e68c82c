// What checks draw: within what declarations say, with the edges that each draw is for; and what calls refuse.
import { describe, expect, it } from 'vitest';
import { checkCase, draws, edgeDraws, interpreterDevice, randomInputs } from '../../src/checking/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { bindInputs } from '../../src/interpreter/index.js';
import { contentsFault, parse } from '../../src/ir/index.js';
import { hostTensor, roundTensor } from '../../src/tensors/index.js';

const graph = parse(`
  graph drawn
  tensor q[b, h:2, i, d:3]: queries
  tensor k[b, h:2, j, d:3]: keys
  tensor v[b, h:2, j, d:3]: values
  tensor gate[b, j]: tensor from 0.25 to 0.5
  tensor length[b]: integers from 0 to Tk
  tensor index[j]: integers from -1 to Tk - 1
  tensor document[b, p]: integers from 2 increasing
  tensor free[b, j]: integers
  dot %1[b, h:2, i, j] = q · k
  map %2[b, h:2, i, j] = %1[b, h, i, j] + gate[b, j]
  fill %3[b, h:2, i, j] = %2 where document[b, i] == document[b, j] && j < length[b] && index[j] < i && free[b, j] < 9 else -Infinity
  reduce %4[b, h:2, i] = logSumExp(j) %3[b, h, i, j]
  map %5[b, h:2, i, j] = expdiff(%3[b, h, i, j], %4[b, h, i])
  contract %6[b, h:2, i, d:3] = %5 · v over j
  output out = %6
`);
const sizes = { batch: 3, queries: 7, keys: 7 };
const seeds = Array.from({ length: 12 }, (_, n) => n + 1);

describe('randomInputs', () => {
  it.each(draws)('%s keeps to the declarations, and to the precision', (draw) => {
    for (const precision of ['f32', 'bf16', 'f16'] as const) {
      for (const seed of seeds) {
        const inputs = randomInputs(graph, sizes, seed, precision, draw);
        for (const node of graph.inputs) {
          const tensor = inputs.get(node.name)!;
          expect(contentsFault(node, tensor.data, sizes)).toBeUndefined();
          expect(tensor.data.every(Number.isFinite)).toBe(true);
          if (node.dtype === 'float') expect(tensor.data).toEqual(roundTensor(tensor, precision).data);
        }
      }
    }
  });

  const valuesOf = (name: string, draw: (typeof draws)[number]): ReadonlySet<number> =>
    new Set(seeds.flatMap((seed) => [...randomInputs(graph, sizes, seed, 'f16', draw).get(name)!.data]));

  it('reaches the ends of lengths and indices', () => {
    expect(valuesOf('length', 'ends')).toEqual(new Set([0, 7]));
    expect(valuesOf('index', 'ends')).toEqual(new Set([-1, 6]));
    expect(valuesOf('free', 'ends')).toEqual(new Set([-1, 0, 6, 7, 8]));
    expect(valuesOf('k', 'zeros')).toEqual(new Set([0]));
    expect(valuesOf('gate', 'zeros')).toEqual(new Set([0.25]));
    expect(valuesOf('k', 'ends')).toContain(2 ** -14);
    expect(Math.max(...valuesOf('k', 'large'))).toBeGreaterThan(30);
  });

  it('makes all rows equal', () => {
    const k = randomInputs(graph, sizes, 3, 'f32', 'equal').get('k')!.data;
    const rows = Array.from({ length: 6 * 7 }, (_, row) => k.slice(row * 3, row * 3 + 3).join());
    expect(new Set(rows).size).toBe(6);
  });

  it.each(edgeDraws)('%s: an honest device passes', async (draw) => {
    for (const precision of ['f32', 'bf16'] as const) {
      const done = await checkCase(graph, interpreterDevice(precision), { ...sizes, rows: 7 }, 5, draw);
      expect(done).toMatchObject({ passed: true, draw, problems: [] });
    }
  });
});

describe('a call', () => {
  const given = (name: string, data: readonly number[]) => {
    const inputs = randomInputs(graph, sizes, 1);
    return new Map(inputs).set(name, hostTensor(inputs.get(name)!.shape, data));
  };
  const faultOf = (name: string, data: readonly number[]): string => {
    try {
      bindInputs(graph, given(name, data));
    } catch (error) {
      if (error instanceof HeddleError) return `${error.diagnostics[0]!.code}: ${error.diagnostics[0]!.message}`;
      throw error;
    }
    return 'taken';
  };

  it.each([
    ['length', [0, 7, 3], 'taken'],
    ['length', [0, 8, 3], 'HD7032: `length` is declared from 0 to Tk, but its entry 8 at [1] is more than 7'],
    [
      'index',
      [0, 1, 2, -2, 0, 0, 0],
      'HD7032: `index` is declared from -1 to Tk - 1, but its entry -2 at [3] is less than -1',
    ],
    [
      'gate',
      new Array(21).fill(0.2),
      'HD7032: `gate` is declared from 0.25 to 0.5, but its entry 0.2 at [0, 0] is less than 0.25',
    ],
    [
      'document',
      [2, 2, 3, 4, 4, 4, 4, 2, 2, 2, 2, 3, 2, 2, 5, 5, 5, 5, 5, 5, 5],
      'HD7032: `document` is declared from 2 increasing, but its entry 2 at [1, 5] is less than 3, the one before it',
    ],
  ] as const)('%s = %j', (name, data, expected) => {
    expect(faultOf(name, data)).toBe(expected);
  });
});
