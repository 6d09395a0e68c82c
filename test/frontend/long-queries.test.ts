// More queries than keys, whose first rows stand at negative positions: the frontend and the interpreter against the same
// specs evaluated as JavaScript by the eager oracle.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { hostTensor } from '../../src/tensors/index.js';
import type { ExampleCase } from '../support/examples.js';
import * as specs from '../support/long-queries.js';
import { compare } from './support/compare.js';

const file = openSpec(fileURLToPath(new URL('../support/long-queries.ts', import.meta.url)));

describe('specs agree with the eager evaluator', () => {
  const shapes: readonly Pick<ExampleCase, 'sizes' | 'rows'>[] = [
    { sizes: { batch: 1, queries: 9, keys: 4 } },
    { sizes: { batch: 2, queries: 11, keys: 5 }, rows: 8 },
    { sizes: { batch: 1, queries: 6, keys: 1 } },
    { sizes: { batch: 1, queries: 6, keys: 6 } },
  ];
  const integers = { document: (place: number) => Math.floor(place / 2), limit: (row: number) => (row % 5) - 1 };

  it.each(Object.entries(specs))('%s', async (name, spec) => {
    for (const shape of shapes)
      compare(spec, await file, { name, settings: { heads: 2, headDim: 4 }, integers, ...shape });
  });
});

describe('a causal row above the first key', () => {
  it('gives zeros, and −Infinity as its log-sum-exp; the rows at the keys are those of a prefill', async () => {
    const graph = (await file).compile('causalRows', { heads: 1, headDim: 2 });
    const numbers = (count: number) => Array.from({ length: count }, (_, n) => Math.sin(n + 1));
    const [k, v] = [hostTensor([1, 1, 3, 2], numbers(6)), hostTensor([1, 1, 3, 2], numbers(6).reverse())];
    const q = numbers(10);
    const run = (rows: number) =>
      interpret(
        graph,
        new Map([
          ['q', hostTensor([1, 1, rows, 2], q.slice(-2 * rows))],
          ['k', k],
          ['v', v],
        ]),
      );
    const [long, prefill] = [run(5), run(3)];
    expect([...long.get('out')!.data.slice(0, 4)]).toEqual([0, 0, 0, 0]);
    expect([...long.get('lse')!.data.slice(0, 2)]).toEqual([-Infinity, -Infinity]);
    expect([...long.get('out')!.data.slice(4)]).toEqual([...prefill.get('out')!.data]);
    expect([...long.get('lse')!.data.slice(2)]).toEqual([...prefill.get('lse')!.data]);
  });
});
