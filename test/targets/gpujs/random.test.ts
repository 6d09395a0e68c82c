// Random score graphs, and their gradients, through the emitted module: fusion, guards and layouts that no example has.
// A failing case is shrunk and printed by fast-check.
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { distance, frobenius } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import type { CallSizes, Graph } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { roundTensor } from '../../../src/tensors/index.js';
import { gpujsDevice } from '../../../targets/gpujs/device.js';
import { randomCases } from '../../support/random-graph.js';
import { randomInputs } from '../../support/random-inputs.js';
import { shareOf } from '../../support/share.js';

describe.each(['webasm', 'cpu'] as const)('%s', (mode) => {
  const device = gpujsDevice(mode);
  afterAll(device.close);

  const compare = async (graph: Graph, sizes: CallSizes, seed: number): Promise<void> => {
    const inputs = new Map(
      [...randomInputs(graph, sizes, seed)].map(([name, tensor]) => [name, roundTensor(tensor, 'f32')]),
    );
    const gold = interpret(graph, inputs);
    const low = interpret(graph, inputs, { precision: 'f32' });
    const out = await device.run(graph, inputs);
    for (const [name, expected] of gold) {
      const actual = out.get(name)!;
      expect(actual.shape).toEqual(expected.shape);
      expect([...actual.data].map(Number.isFinite), name).toEqual([...expected.data].map(Number.isFinite));
      // Gradients of a row with one visible key cancel to 0: what is left is rounding of numbers around 1.
      const rounding = 1e-6 * Math.sqrt(expected.data.length);
      const explained = 3 * distance(low.get(name)!.data, expected.data);
      const bound = Math.max(1e-5 * frobenius(expected.data), explained, rounding);
      expect(distance(actual.data, expected.data), name).toBeLessThanOrEqual(bound);
    }
  };

  test('graphs', () =>
    fc.assert(
      fc.asyncProperty(randomCases, ({ graph, sizes, seed }) => compare(graph, sizes, seed)),
      { numRuns: shareOf(60), seed: 11 },
    ));

  test('optimised graphs', () =>
    fc.assert(
      fc.asyncProperty(randomCases, ({ graph, sizes, seed }) => compare(optimise(graph), sizes, seed)),
      { numRuns: shareOf(60), seed: 12 },
    ));

  test('gradients', () =>
    fc.assert(
      fc.asyncProperty(randomCases, ({ graph, sizes, seed }) =>
        compare(optimise(gradientGraph(graph)), { ...sizes, queries: Math.max(sizes.queries, sizes.keys) }, seed),
      ),
      { numRuns: shareOf(25), seed: 13 },
    ));
});
