// Sums and maxima along a row that are none of a softmax: folds of their own, under each schedule that serves them, and stages
// where weights are what is summed.
import { describe, expect, it } from 'vitest';
import { type ScheduleKind, schedule } from '../../../codegen/schedule/index.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import {
  apply,
  columnDomain,
  contractOverKeys,
  dotNode,
  type Expression,
  fillNode,
  float,
  type Graph,
  integer,
  mapNodeOver,
  type Node,
  normalisedNode,
  outputDomain,
  readHere,
  reduceNode,
  rowDomain,
  scoreDomain,
  statisticsNodes,
  tensorNode,
  variable,
} from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';

const heads = 2;
const [q, k, v] = [
  tensorNode('q', 'queries', outputDomain(heads, 3)),
  tensorNode('k', 'keys', columnDomain(heads, 3)),
  tensorNode('v', 'values', columnDomain(heads, 3)),
];
const causal = apply('lessOrEqual', variable('j'), variable('i'));
const hidden = (otherwise: number, value: Node): Node => fillNode(value, causal, otherwise);
const product = dotNode(q, k);
const along = [{ variable: 'j', axis: { kind: 'key' } }] as const;
const summed = (monoid: 'sum' | 'max', value: Expression): Node => reduceNode(monoid, rowDomain(heads), along, value);
const square = (x: Expression): Expression => apply('multiply', x, x);
const logits = hidden(Number.NEGATIVE_INFINITY, product);
const weights = normalisedNode(logits, statisticsNodes(logits, undefined));
const graphOf = (...nodes: readonly Node[]): Graph =>
  optimise({
    name: 'sums',
    settings: {},
    inputs: [q, k, v],
    outputs: nodes.map((node, n) => ({ name: `out${n}`, node })),
  });

const cases: Readonly<Record<string, { readonly graph: Graph; readonly kinds: readonly ScheduleKind[] }>> = {
  'the largest score of a row, and the sum of its squares': {
    graph: graphOf(summed('max', readHere(logits)), summed('sum', square(readHere(hidden(0, product))))),
    kinds: ['online', 'decode', 'materialised'],
  },
  'a sum, scaled behind it, beside an attention': {
    graph: graphOf(
      contractOverKeys(weights, v),
      mapNodeOver(rowDomain(heads), apply('multiply', readHere(summed('sum', readHere(hidden(0, product)))), float(3))),
    ),
    kinds: ['online', 'decode', 'materialised'],
  },
  'the squares of weights, whose own sum is known first': {
    graph: graphOf(contractOverKeys(weights, v), summed('sum', square(readHere(weights)))),
    kinds: ['two-pass', 'decode', 'materialised'],
  },
  'scores that are convolved': {
    graph: graphOf(
      summed(
        'max',
        readHere(
          hidden(
            Number.NEGATIVE_INFINITY,
            mapNodeOver(
              scoreDomain(heads),
              apply(
                'add',
                readHere(hidden(0, product)),
                readHere(hidden(0, product), { j: apply('add', variable('j'), integer(1)) }),
              ),
            ),
          ),
        ),
      ),
    ),
    kinds: ['online', 'slab', 'decode', 'materialised'],
  },
};
const shapes = [
  { batch: 1, queries: 1, keys: 1, rows: 1 },
  { batch: 2, queries: 7, keys: 7, rows: 7 },
  { batch: 1, queries: 4, keys: 11, rows: 3 },
];

describe.each(Object.entries(cases))('%s', (_, { graph, kinds }) => {
  it.each(kinds)('%s', (kind) => {
    const { program } = schedule(graph, { kind, candidates: [{ rows: 3, columns: 2 }] });
    for (const [n, shape] of shapes.entries()) {
      const inputs = randomInputs(graph, shape, 5);
      const outputs = interpretProgram(program, inputs, shape, { alwaysPartial: n % 2 === 0 });
      for (const [name, { data }] of interpret(graph, inputs, { rows: shape.rows }))
        for (const [at, value] of data.entries())
          expect(outputs.get(name)!.data[at], `${name} ${at}`).toBeCloseTo(value, 4);
    }
  });
});
