// Footprints against the interpreter: what a node reads of another is exactly where a change of one element can show.
// Known histories, head groups and words for people besides.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret } from '../../src/interpreter/index.js';
import {
  accumulate,
  apply,
  columnDomain,
  compose,
  contractOverKeys,
  type Domain,
  dotNode,
  type Expression,
  extent,
  fillNode,
  float,
  footprint,
  footprintBetween,
  footprintsAbove,
  footprintsOf,
  type Graph,
  head,
  headCount,
  headGroups,
  history,
  hull,
  integer,
  mapNodeOver,
  type Node,
  normalisedNode,
  outputDomain,
  printFootprint,
  read,
  readHere,
  scoreDomain,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  topological,
  variable,
} from '../../src/ir/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { randomCases } from '../support/random-graph.js';
import { randomInputs } from '../support/random-inputs.js';

const [b, h, i, j] = ['b', 'h', 'i', 'j'].map(variable) as unknown as readonly [
  Expression,
  Expression,
  Expression,
  Expression,
];
const plus = (x: Expression, by: number): Expression => apply('add', x, integer(by));

interface Attention {
  readonly scores: Node;
  readonly graph: (out: Node) => Graph;
  readonly values: TensorNode;
}

function attention(heads: number, sharedHeads = heads): Attention {
  const q = tensorNode('q', 'queries', outputDomain(heads, 4));
  const k = tensorNode('k', 'keys', columnDomain(sharedHeads, 4));
  const values = tensorNode('v', 'values', columnDomain(sharedHeads, 4));
  const scores = dotNode(q, k);
  const graph = (node: Node): Graph => ({
    name: 'test',
    settings: {},
    inputs: [q, k, values],
    outputs: [{ name: 'out', node }],
  });
  return { scores, graph, values };
}

const convolved = (scores: Node, rows: number, columns: number): Node => {
  const theta = tensorNode(`theta${rows}x${columns}`, 'parameter', [
    head(headCount(scores.domain)),
    extent(rows),
    extent(columns),
  ]);
  const [u, w] = [variable('u'), variable('w')];
  const element = read(scores, [
    b,
    h,
    plus(apply('add', i, u), 1 - rows),
    plus(apply('add', j, w), -(columns - 1) / 2),
  ]);
  const counters = [
    { name: 'u', extent: rows },
    { name: 'w', extent: columns },
  ];
  return mapNodeOver(scores.domain, accumulate('sum', counters, apply('multiply', read(theta, [h, u, w]), element)));
};

const mixed = (scores: Node, size: number): Node => {
  const heads = headCount(scores.domain);
  const weights = tensorNode(`mix${size}`, 'parameter', [extent(heads / size), extent(size), extent(size)]);
  const group = apply('floorDivide', h, integer(size));
  const n = variable('n');
  const from = apply('add', apply('multiply', group, integer(size)), n);
  const member = read(weights, [group, apply('remainder', h, integer(size)), n]);
  const products = apply('multiply', member, read(scores, [b, from, i, j]));
  return mapNodeOver(scores.domain, accumulate('sum', [{ name: 'n', extent: size }], products));
};

const causal = apply('lessOrEqual', j, i);
const softmax = (scores: Node): Node => {
  const logits = fillNode(scores, causal, Number.NEGATIVE_INFINITY);
  return normalisedNode(logits, statisticsNodes(logits, undefined));
};

/** The last `count` entries of an axis. */
function lastOf({ shape, data, dtype }: HostTensor, axis: number, count: number): HostTensor {
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const block = shape[axis]! * inner;
  const kept: number[] = [];
  for (let start = 0; start < data.length; start += block) {
    kept.push(...data.subarray(start + block - count * inner, start + block));
  }
  return { shape: shape.map((size, n) => (n === axis ? count : size)), dtype, data: Float64Array.from(kept) };
}

describe('history', () => {
  it('is 0 for plain attention, 5 for six rows, 10 with six more after the softmax', () => {
    const { scores, graph, values } = attention(2);
    expect(history(graph(contractOverKeys(softmax(scores), values)))).toBe(0);
    const before = softmax(convolved(fillNode(scores, causal, 0), 6, 11));
    expect(history(graph(contractOverKeys(before, values)))).toBe(5);
    expect(history(graph(contractOverKeys(convolved(before, 6, 11), values)))).toBe(10);
  });

  it('takes the worst path, adds up upward reaches only, and counts tensors with a query axis', () => {
    const { scores, graph } = attention(2);
    const up = mapNodeOver(scores.domain, read(scores, [b, h, plus(i, -3), j]));
    const down = mapNodeOver(scores.domain, read(up, [b, h, plus(i, 2), j]));
    const both = mapNodeOver(scores.domain, apply('add', readHere(down), read(scores, [b, h, plus(i, -1), j])));
    expect(history(graph(both))).toBe(3);
    const rows = tensorNode('rows', 'tensor', [{ kind: 'batch' }, { kind: 'query' }]);
    expect(history(graph(mapNodeOver(scores.domain, read(rows, [b, plus(i, -4)]))))).toBe(4);
  });
});

describe('footprints', () => {
  it('are sets of taps with their hull', () => {
    const { scores } = attention(4, 2);
    const taps = footprintsOf(convolved(scores, 6, 11)).get(scores)!;
    expect(taps.taps).toHaveLength(66);
    expect(hull(taps, 'query')).toEqual({ low: -5, high: 0 });
    expect(hull(taps, 'key')).toEqual({ low: -5, high: 5 });
    expect(printFootprint(taps)).toBe('rows i-5 … i, keys j-5 … j+5, 66 taps, own head');
    const far = apply('add', readHere(scores), read(scores, [b, h, i, plus(j, -1024)]));
    expect(printFootprint(footprintsOf(mapNodeOver(scores.domain, far)).get(scores)!)).toBe(
      'row i, keys j-1024 j, 2 taps, own head',
    );
    const k = (scores as { y: Node }).y;
    expect(printFootprint(footprintsOf(scores).get(k)!)).toBe('key j, head ⌊h / 2⌋');
  });

  it('compose by sums over taps and products over heads, through all paths', () => {
    const { scores, values } = attention(4);
    const twice = convolved(mixed(convolved(scores, 3, 3), 2), 2, 5);
    const taps = footprintBetween(twice, scores)!;
    expect(printFootprint(taps)).toBe('rows i-3 … i, keys j-3 … j+3, 28 taps, heads in groups of 2');
    const out = contractOverKeys(softmax(twice), values);
    expect(printFootprint(footprintBetween(out, scores)!)).toBe('rows i-3 … i, all keys, 4 taps, heads in groups of 2');
    const near = mapNodeOver(scores.domain, apply('add', readHere(scores), read(scores, [b, h, i, plus(j, 1)])));
    const both = mapNodeOver(scores.domain, apply('add', readHere(near), read(scores, [b, h, plus(i, -2), j])));
    expect(footprintBetween(both, scores)!.taps.map(({ query, key }) => [query, key])).toEqual([
      [-2, 0],
      [0, 0],
      [0, 1],
    ]);
    const one = footprint([{ heads: { sources: 1, reads: [[0]] }, query: 'all', key: 2 }]);
    expect(compose(one, one).taps[0]).toMatchObject({ query: 'all', key: 4 });
  });

  it('a head index that depends on positions reads all heads in its range', () => {
    const { scores } = attention(4);
    const anywhere = mapNodeOver(scores.domain, read(scores, [b, apply('remainder', i, integer(3)), i, j]));
    expect(printFootprint(footprintsOf(anywhere).get(scores)!)).toContain('{0,1,2}');
  });
});

describe('head groups', () => {
  it('are single heads, mixing groups, or chains of what is shifted', () => {
    const { scores, graph, values } = attention(4);
    const out = (node: Node) => graph(contractOverKeys(softmax(node), values));
    expect(headGroups(out(scores))).toEqual({ groups: [[0], [1], [2], [3]], size: 1 });
    expect(headGroups(out(mixed(scores, 2)))).toEqual({
      groups: [
        [0, 1],
        [2, 3],
      ],
      size: 2,
    });
    const next = mapNodeOver(scoreDomain(4), apply('add', readHere(scores), read(scores, [b, plus(h, 1), i, j])));
    expect(headGroups(out(next)).size).toBe(4);
  });

  it('what all heads share without heads of its own ties nothing', () => {
    const { scores, graph, values } = attention(3);
    const scalar = mapNodeOver([] as Domain, apply('exponential', float(0.5)));
    const scaled = mapNodeOver(scores.domain, apply('multiply', read(scalar, []), readHere(scores)));
    expect(headGroups(graph(contractOverKeys(softmax(scaled), values))).size).toBe(1);
  });
});

describe('footprints and values', () => {
  it('the history is enough: the last rows of a decode step are those of a full prefill, in every bit', () => {
    fc.assert(
      fc.property(randomCases, fc.nat({ max: 3 }), ({ graph: drawn, sizes: { batch, keys }, seed }, more) => {
        const graph = { ...drawn, outputs: drawn.outputs.slice(0, 1) };
        const inputs = randomInputs(drawn, { batch, keys, queries: keys }, seed);
        const rows = Math.min(1 + more, keys);
        const queries = Math.min(keys, rows + history(graph));
        const lastRows = new Map(
          drawn.inputs.map((input) => {
            const tensor = inputs.get(input.name)!;
            const axis = input.domain.findIndex(({ kind }) => kind === 'query');
            return [input.name, axis < 0 ? tensor : lastOf(tensor, axis, queries)] as const;
          }),
        );
        const full = interpret(graph, inputs).get('out')!;
        const decoded = interpret(graph, lastRows, { rows }).get('out')!;
        expect(decoded.data).toEqual(lastOf(full, 2, rows).data);
      }),
      { numRuns: 150 },
    );
  });

  it('a change of one query row shows only where the footprint on the queries reaches', () => {
    fc.assert(
      fc.property(randomCases, fc.nat(), ({ graph, sizes, seed }, choice) => {
        const out = graph.outputs[0]!.node;
        const q = graph.inputs.find(({ name }) => name === 'q')!;
        if (!topological({ inputs: [], outputs: [graph.outputs[0]!] }).includes(q)) return;
        const inputs = randomInputs(graph, sizes, seed);
        const before = interpret(graph, inputs).get('out')!;
        const given = inputs.get('q')!;
        const [, heads, rows, features] = given.shape as [number, number, number, number];
        const [changedHead, changedRow] = [choice % heads, Math.floor(choice / heads) % rows];
        const data = Float64Array.from(given.data);
        data[(changedHead * rows + changedRow) * features]! += 1;
        const after = interpret(graph, new Map(inputs).set('q', { ...given, data })).get('out')!;

        const taps = footprintsAbove(out).get(q)!.taps;
        const width = before.shape[3]!;
        const kept = before.shape[2]!;
        for (let at = 0; at < heads * kept * width; at += 1) {
          if (Object.is(before.data[at], after.data[at])) continue;
          const row = (Math.floor(at / width) % kept) + (rows - kept);
          const reader = Math.floor(at / width / kept);
          const isReached = taps.some(({ heads: relation, query }) => {
            const isRow = query === 'all' || query === changedRow - row;
            return isRow && relation.reads[reader]!.includes(changedHead);
          });
          expect(isReached).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
