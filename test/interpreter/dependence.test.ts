// What outputs depend on, decided from structure: held against what moves in the interpreter, on random graphs, and against
// sets written by hand, where structure and movement differ.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependence, type InputElement, interpret } from '../../src/interpreter/index.js';
import { type Graph, parse } from '../../src/ir/index.js';
import { type HostTensor, hostTensor, Random } from '../../src/tensors/index.js';
import { randomCases } from '../support/random-graph.js';
import { randomInputs } from '../support/random-inputs.js';

type Tensors = ReadonlyMap<string, HostTensor>;

function changed(inputs: Tensors, { input, element }: InputElement): Tensors {
  const { shape, dtype, data } = inputs.get(input)!;
  const copy = data.slice();
  copy[element]! += 1;
  return new Map(inputs).set(input, hostTensor(shape, copy, dtype));
}

/** For each output element, the bits of the sources whose change moves it. */
function movements(
  graph: Graph,
  inputs: Tensors,
  sources: readonly InputElement[],
): ReadonlyMap<string, readonly number[]> {
  const before = interpret(graph, inputs);
  const moved = new Map([...before].map(([name, { data }]) => [name, new Array<number>(data.length).fill(0)]));
  for (const [bit, source] of sources.entries()) {
    for (const [name, { data }] of interpret(graph, changed(inputs, source))) {
      for (const [n, value] of data.entries()) {
        // 0 times a number takes its sign and nothing else from it.
        if (value !== before.get(name)!.data[n]) moved.get(name)![n]! |= 1 << bit;
      }
    }
  }
  return moved;
}

const sourceBits = (masks: Int32Array): readonly number[] => [...masks].map((mask) => mask & ((1 << 30) - 1));

describe('dependence', () => {
  it('holds everything that moves, on random graphs', () => {
    fc.assert(
      fc.property(randomCases, ({ graph, sizes, seed }) => {
        const inputs = randomInputs(graph, sizes, seed);
        const random = new Random(seed).fork('sources');
        const sources = graph.inputs.map(({ name }) => ({
          input: name,
          element: random.integer(0, inputs.get(name)!.data.length - 1),
        }));
        const found = dependence(graph, inputs, sources);
        for (const [name, moved] of movements(graph, inputs, sources)) {
          const bits = sourceBits(found.get(name)!);
          expect(moved.findIndex((each, n) => (each & ~bits[n]!) !== 0)).toBe(-1);
        }
      }),
      { numRuns: 80 },
    );
  });

  const masked = `
    graph masked
    tensor q[b, h:1, i, d:2]: queries
    tensor k[b, h:1, j, d:2]: keys
    tensor v[b, h:1, j, d:2]: values
    tensor doc[b, p]: integers
    tensor bias[b, j]: tensor
    tensor row[h:1]: parameter
    dot %1[b, h:1, i, j] = q · k
    map %2[b, h:1, i, j] = %1[b, h, i, j] + bias[b, j] + row[h]
    fill %3[b, h:1, i, j] = %2 where doc[b, i] == doc[b, j] && j <= i else -Infinity
    reduce %4[b, h:1, i] = logSumExp(j) %3[b, h, i, j]
    map %5[b, h:1, i, j] = expdiff(%3[b, h, i, j], %4[b, h, i])
    contract %6[b, h:1, i, d:2] = %5 · v over j
    output out = %6
    output lse = %4
  `;
  // Documents 0 0 1 1; the key at 2 is hidden by its bias.
  const inputs = new Map<string, HostTensor>([
    ['q', hostTensor([1, 1, 4, 2], [1, 2, 3, 4, 5, 6, 7, 8])],
    ['k', hostTensor([1, 1, 4, 2], [1, -1, 0.5, 2, 3, 1, 0.25, 1])],
    ['v', hostTensor([1, 1, 4, 2], [1, 2, 3, 4, 5, 6, 7, 8])],
    ['doc', hostTensor([1, 4], [0, 0, 1, 1], 'I32')],
    ['bias', hostTensor([1, 4], [0, 1, Number.NEGATIVE_INFINITY, 0])],
    ['row', hostTensor([1], [0.5])],
  ]);
  const rowsOf = (name: 'out' | 'lse', input: string, element: number): readonly number[] => {
    const mask = dependence(parse(masked), inputs, [{ input, element }]).get(name)!;
    const features = mask.length / 4;
    return [0, 1, 2, 3].filter((row) =>
      mask.slice(row * features, (row + 1) * features).some((each) => (each & 1) !== 0),
    );
  };

  it.each([
    ['v', 0, [0, 1], []],
    // In row 2 every key is hidden, one by its bias.
    ['v', 4, [], []],
    ['v', 7, [3], []],
    ['k', 2, [1], [1]],
    ['k', 4, [], []],
    ['q', 6, [3], [3]],
    // A bias of a whole row cancels in the output by arithmetic alone: structure says that it may be reached.
    ['row', 0, [0, 1, 3], [0, 1, 3]],
    ['doc', 1, [1, 2, 3], [1, 2, 3]],
    // What hides the key is what may show it.
    ['bias', 2, [2, 3], [2, 3]],
  ] as const)('%s at %i reaches the rows that it can', (input, element, out, lse) => {
    expect([rowsOf('out', input, element), rowsOf('lse', input, element)]).toEqual([out, lse]);
  });

  it('takes no zero of rounded numbers for one that hides', () => {
    // sin(x) − sin(x) is 0 here and may be something else elsewhere; 0 · x and absent entries are 0 everywhere.
    const text = (weight: string) => `
      graph zeros
      tensor q[b, h:1, i, d:1]: queries
      tensor v[b, h:1, j, d:1]: values
      tensor w[j]: tensor
      tensor s[x:2]: tensor
      map %1[b, h:1, i, j] = ${weight}
      contract %2[b, h:1, i, d:1] = %1 · v over j
      map %3[b, h:1, i] = q[b, h, i, 0]
      output out = %2
      output row = %3
    `;
    const given = new Map([
      ['q', hostTensor([1, 1, 1, 1], [1])],
      ['v', hostTensor([1, 1, 1, 1], [2])],
      ['w', hostTensor([1], [3])],
      ['s', hostTensor([2], [0, 3])],
    ]);
    const reaches = (weight: string) =>
      (dependence(parse(text(weight)), given, [{ input: 'v', element: 0 }]).get('out')![0]! & 1) !== 0;
    expect(reaches('sin(w[j]) - sin(s[1])')).toBe(true);
    expect(reaches('w[j] * s[0]')).toBe(false);
    expect(reaches('w[j] - s[1]')).toBe(false);
    expect(reaches('s[j + 2]')).toBe(false);
    expect(reaches('w[j] < 0.0 ? sin(w[j]) : 0.0')).toBe(false);
    expect(reaches('maximum(sin(w[j]) - 9.0, 0.0)')).toBe(false);
  });
});
