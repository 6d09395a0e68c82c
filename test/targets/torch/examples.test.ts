// Every example against the interpreter over the awkward shapes: the error rule, the dependency probe and the same bits
// from a second run in float32; in float64 the graph as the spec wrote it, to 1e-10.
import { describe, expect } from 'vitest';
import { awkwardShapes, checkGraph, fewShapes, randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { exampleGraph, openExample } from '../../support/example-graphs.js';
import { exampleCases } from '../../support/examples.js';
import { distance, onTorch, torch, torch64 } from './support.js';

describe.each(exampleCases)('$name', ({ name, settings }) => {
  onTorch('passes every check', async () => {
    const graph = await exampleGraph(name, settings);
    const cases = await checkGraph(graph, torch, { shapes: awkwardShapes(graph) });
    expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
  });

  onTorch('is the same as written, in float64', async () => {
    const graph = (await openExample(name)).compile(name, settings);
    for (const [seed, { rows, ...sizes }] of fewShapes(graph).entries()) {
      const inputs = randomInputs(graph, sizes, seed + 1, 'f64');
      const out = await torch64.run(graph, inputs, { rows });
      for (const [output, expected] of interpret(graph, inputs, { rows })) {
        expect(distance(out.get(output), expected), output).toBeLessThan(1e-10);
      }
    }
  });
});
