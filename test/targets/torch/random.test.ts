// Random graphs in float64: outputs against the interpreter, and PyTorch's autograd against the graph of gradients, which
// knows nothing of each other. The same graphs after all passes.
import fc from 'fast-check';
import { expect } from 'vitest';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { axisSize, type CallSizes, type Graph, history } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, Random } from '../../../src/tensors/index.js';
import { randomCases } from '../../support/random-graph.js';
import { randomInputs } from '../../support/random-inputs.js';
import { shareOf } from '../../support/share.js';
import { distance, onTorch, torch64 } from './support.js';

const rowsOf = (graph: Graph, { queries, keys }: CallSizes): number =>
  queries >= keys ? queries : queries - history(graph);

const cotangentsOf = (graph: Graph, sizes: CallSizes, rows: number, seed: number): Map<string, HostTensor> =>
  new Map(
    graph.outputs.map(({ name, node }) => {
      const shape = node.domain.map((axis) => (axis.kind === 'query' ? rows : axisSize(axis, sizes)));
      return [`grad_${name}`, new Random(seed).fork(`w ${name}`).normalTensor(shape)];
    }),
  );

/** ‖actual − expected‖ ≤ 1e-9, relative to the largest gradient: one that is 0 but for rounding has no relative error. */
function expectClose(actual: ReadonlyMap<string, HostTensor>, expected: ReadonlyMap<string, HostTensor>): void {
  const largest = Math.max(
    1,
    ...[...expected.values()].flatMap(({ data }) => data.reduce((x, y) => Math.max(x, Math.abs(y)), 0)),
  );
  for (const [name, { shape, data }] of expected) {
    const found = actual.get(name)!;
    expect(found.shape, name).toEqual(shape);
    for (const [n, value] of data.entries()) {
      expect(Math.abs(found.data[n]! - value), `${name} ${n}`).toBeLessThanOrEqual(1e-9 * largest);
    }
  }
}

onTorch(
  'computes random graphs as the interpreter does',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomCases, async ({ graph, sizes, seed }) => {
        const inputs = randomInputs(graph, sizes, seed);
        const expected = interpret(graph, inputs);
        for (const each of [graph, optimise(graph)]) {
          const out = await torch64.run(each, inputs);
          for (const [name, tensor] of expected) expect(distance(out.get(name), tensor), name).toBeLessThan(1e-10);
        }
      }),
      { numRuns: shareOf(120) },
    );
  },
  120_000,
);

onTorch(
  'differentiates random graphs as their graphs of gradients do',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomCases, async ({ graph, sizes, seed }) => {
        const rows = rowsOf(graph, sizes);
        fc.pre(rows > 0);
        const inputs = new Map([...randomInputs(graph, sizes, seed), ...cotangentsOf(graph, sizes, rows, seed)]);
        const gradients = gradientGraph(graph);
        const expected = interpret(gradients, inputs);
        expectClose(await torch64.differentiate(graph, inputs), expected);
        expectClose(await torch64.run(optimise(gradients), inputs), expected);
      }),
      { numRuns: shareOf(60) },
    );
  },
  120_000,
);
