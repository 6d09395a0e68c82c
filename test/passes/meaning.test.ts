// Every pass alone, and the whole list, keep the interpreter's answer in every bit, on random graphs at awkward sizes;
// every graph they give verifies, and running the list again changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph } from '../../src/autodiff/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { type Graph, history, print, verify } from '../../src/ir/index.js';
import { optimise, passes } from '../../src/passes/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { type RandomCase, randomCases } from '../support/random-graph.js';
import { randomInputs } from '../support/random-inputs.js';
import { shareOf } from '../support/share.js';

const bits = (tensor: HostTensor): readonly unknown[] => [
  ...tensor.shape,
  ...Array.from(tensor.data, (value) => (Object.is(value, -0) ? '-0' : String(value))),
];

function answers(graph: Graph, { graph: original, sizes, seed }: RandomCase): Record<string, unknown> {
  // A pass may find out that rows are never read; the rows of output are those that the graph as written allows.
  const results = interpret({ ...graph, history: history(original) }, randomInputs(original, sizes, seed));
  return Object.fromEntries([...results].map(([name, tensor]) => [name, bits(tensor)]));
}

const options = { numRuns: shareOf(100) };

describe('passes', () => {
  it('random graphs verify', () => {
    fc.assert(
      fc.property(randomCases, ({ graph }) => verify(graph)),
      { numRuns: shareOf(200) },
    );
  });

  for (const pass of passes) {
    it(`${pass.name}: same bits, still verifies`, () => {
      fc.assert(
        fc.property(randomCases, (drawn) => {
          const after = pass.run(drawn.graph);
          verify(after);
          expect(answers(after, drawn)).toEqual(answers(drawn.graph, drawn));
        }),
        options,
      );
    });
  }

  it('the whole list on gradients: same bits, every step verifies', () => {
    fc.assert(
      fc.property(randomCases, (drawn) => {
        const main = { ...drawn.graph, outputs: drawn.graph.outputs.slice(0, 1) };
        const graph = gradientGraph(main);
        // All rows: fewer would take the incoming gradients of fewer.
        const sizes = { ...drawn.sizes, queries: drawn.sizes.keys };
        const gradient: RandomCase = { graph, sizes, seed: drawn.seed };
        const after = optimise(graph, { verify: true });
        expect(answers(after, gradient)).toEqual(answers(graph, gradient));
      }),
      { numRuns: shareOf(60) },
    );
  });

  it('the whole list: same bits, every step verifies, and a second time changes nothing', () => {
    fc.assert(
      fc.property(randomCases, (drawn) => {
        const once = optimise(drawn.graph, { verify: true });
        expect(answers(once, drawn)).toEqual(answers(drawn.graph, drawn));
        expect(optimise(once)).toBe(once);
        expect(print(optimise(drawn.graph))).toBe(print(once));
      }),
      options,
    );
  });
});
