// ⟨Jv, w⟩ = ⟨v, Jᵀw⟩ for every example: forward mode by dual numbers against the gradient as the interpreter gives it, and as tile
// programs do in two runs; incoming gradients of all outputs, at fewer rows than there are of queries.
import { describe, expect, it } from 'vitest';
import { tilesDevice } from '../../codegen/schedule/index.js';
import { inTwoRuns, wholeGradient } from '../../driver/gradients.js';
import { awkwardShapes, randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { axisSize, type CallSizes, type Domain } from '../../src/ir/index.js';
import { type HostTensor, Random } from '../../src/tensors/index.js';
import { tangents } from '../support/dual.js';
import { exampleGraph, smallSettings } from '../support/example-graphs.js';
import { exampleCases } from '../support/examples.js';

const tiles = inTwoRuns(tilesDevice());

/** The sum of products, and of their absolute values, which rounding errors are relative to. */
function inner(x: Float64Array, y: Float64Array): readonly [sum: number, magnitude: number] {
  return [
    x.reduce((sum, value, n) => sum + value * y[n]!, 0),
    x.reduce((sum, value, n) => sum + Math.abs(value * y[n]!), 0),
  ];
}

/** The last `rows` rows of a value over `domain`. */
function lastRows(data: Float64Array, domain: Domain, sizes: CallSizes, rows: number): Float64Array {
  const axis = domain.findIndex(({ kind }) => kind === 'query');
  if (axis < 0) return data;
  const inside = domain.slice(axis + 1).reduce((product, each) => product * axisSize(each, sizes), 1);
  return data.filter((_, n) => Math.floor(n / inside) % sizes.queries >= sizes.queries - rows);
}

describe.each(exampleCases.map(({ name }) => name))('the gradient of %s', (name) => {
  it('is the transpose of forward mode', async () => {
    const graph = await exampleGraph(name, smallSettings(name));
    const gradient = wholeGradient(graph);
    const { batch, queries, keys, rows } = awkwardShapes(graph)[3]!;
    const sizes = { batch, queries, keys };
    const given = randomInputs(gradient, { ...sizes, rows }, 5);
    const floats = graph.inputs.filter(({ dtype }) => dtype === 'float');
    const directions = new Map(
      floats.map(({ name: each, domain }) => [
        each,
        new Random(7).fork(each).normalTensor(domain.map((axis) => axisSize(axis, sizes))),
      ]),
    );
    let [left, scale] = [0, 1];
    for (const [output, tangent] of tangents(graph, sizes, given, directions)) {
      const { domain } = graph.outputs.find((each) => each.name === output)!.node;
      const [sum, size] = inner(lastRows(tangent, domain, sizes, rows), given.get(`grad_${output}`)!.data);
      left += sum;
      scale += size;
    }
    const differenceOf = (gradients: ReadonlyMap<string, HostTensor>): number => {
      let [right, magnitude] = [0, scale];
      for (const [each, { data }] of directions) {
        const [sum, size] = inner(data, gradients.get(`grad_${each}`)!.data);
        right += sum;
        magnitude += size;
      }
      return Math.abs(left - right) / magnitude;
    };
    expect(differenceOf(interpret(gradient, given, { rows }))).toBeLessThan(1e-10);
    expect(differenceOf(await tiles.run(gradient, given, { rows }))).toBeLessThan(2e-6);
  });
});
