// Reverse mode on random graphs: ⟨Jv, w⟩ = ⟨v, Jᵀw⟩ against dual numbers, for gradients and for gradients of gradients.
// Gradient graphs are graphs: they verify, and the passes keep their answer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph } from '../../src/autodiff/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { history } from '../../src/ir/footprint/history.js';
import { axisSize, type CallSizes, type Domain, type Graph, verify } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { type HostTensor, Random } from '../../src/tensors/index.js';
import { tangents } from '../support/dual.js';
import { randomCases } from '../support/random-graph.js';
import { randomInputs } from '../support/random-inputs.js';
import { shareOf } from '../support/share.js';

const random = (seed: number, name: string, domain: Domain, sizes: CallSizes): HostTensor =>
  new Random(seed).fork(name).normalTensor(domain.map((axis) => axisSize(axis, sizes)));

const inner = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, n) => sum + value * y[n]!, 0);
/** Σ |x · y|: what rounding errors of an inner product are relative to. */
const magnitude = (x: Float64Array, y: Float64Array): number =>
  x.reduce((sum, value, n) => sum + Math.abs(value * y[n]!), 0);

/** The rows of output that the given rows of queries allow. */
const rowsOf = (graph: Graph, { queries, keys }: CallSizes): number =>
  queries >= keys ? queries : Math.max(0, queries - history(graph));

/** Random incoming gradients for the last `rows` rows of each output. */
const cotangentsOf = (graph: Graph, sizes: CallSizes, rows: number, seed: number): Map<string, HostTensor> =>
  new Map(
    graph.outputs.map(({ name, node }) => {
      const shape = node.domain.map((axis) => (axis.kind === 'query' ? rows : axisSize(axis, sizes)));
      return [`grad_${name}`, new Random(seed).fork(`w ${name}`).normalTensor(shape)];
    }),
  );

/** The last `rows` rows of a value over `domain`. */
function lastRows(data: Float64Array, domain: Domain, sizes: CallSizes, rows: number): Float64Array {
  const axis = domain.findIndex(({ kind }) => kind === 'query');
  if (axis < 0) return data;
  const inside = domain.slice(axis + 1).reduce((product, each) => product * axisSize(each, sizes), 1);
  return data.filter((_, n) => Math.floor(n / inside) % sizes.queries >= sizes.queries - rows);
}

describe('reverse mode on random graphs', () => {
  it('is the transpose of forward mode, to 1e-10', () => {
    fc.assert(
      fc.property(randomCases, ({ graph, sizes, seed }) => {
        const rows = rowsOf(graph, sizes);
        fc.pre(rows > 0);
        const inputs = randomInputs(graph, sizes, seed);
        const floats = graph.inputs.filter(({ dtype }) => dtype === 'float');
        const directions = new Map(floats.map(({ name, domain }) => [name, random(seed, `v ${name}`, domain, sizes)]));
        const cotangents = cotangentsOf(graph, sizes, rows, seed);
        const backward = interpret(gradientGraph(graph), new Map([...inputs, ...cotangents]));
        let [left, right, scale] = [0, 0, 1];
        for (const [name, tangent] of tangents(graph, sizes, inputs, directions)) {
          const { domain } = graph.outputs.find((output) => output.name === name)!.node;
          const [kept, incoming] = [lastRows(tangent, domain, sizes, rows), cotangents.get(`grad_${name}`)!.data];
          left += inner(kept, incoming);
          scale += magnitude(kept, incoming);
        }
        for (const [name, { data }] of directions) {
          right += inner(data, backward.get(`grad_${name}`)!.data);
          scale += magnitude(data, backward.get(`grad_${name}`)!.data);
        }
        expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-10 * scale);
      }),
      { numRuns: shareOf(150) },
    );
  });

  it('gives graphs that verify and that the passes keep, to the last bit', () => {
    fc.assert(
      fc.property(randomCases, ({ graph, sizes, seed }) => {
        const rows = rowsOf(graph, sizes);
        fc.pre(rows > 0);
        const reverse = gradientGraph(graph);
        verify(reverse);
        const inputs = new Map([...randomInputs(graph, sizes, seed), ...cotangentsOf(graph, sizes, rows, seed)]);
        const before = interpret(reverse, inputs);
        const after = interpret(optimise(reverse, { verify: true }), inputs);
        for (const [name, { data }] of before) expect([...after.get(name)!.data], name).toEqual([...data]);
      }),
      { numRuns: shareOf(60) },
    );
  });

  it('can be differentiated again: the set of nodes is closed', () => {
    fc.assert(
      fc.property(randomCases, ({ graph, sizes, seed }) => {
        fc.pre(sizes.queries >= sizes.keys);
        const first = gradientGraph(graph);
        const inputs = new Map([
          ...randomInputs(graph, sizes, seed),
          ...cotangentsOf(graph, sizes, sizes.queries, seed),
        ]);
        const floats = first.inputs.filter(({ dtype }) => dtype === 'float');
        const directions = new Map(floats.map(({ name, domain }) => [name, random(seed, `v ${name}`, domain, sizes)]));
        const cotangents = cotangentsOf(first, sizes, sizes.queries, seed + 1);
        const second = gradientGraph(first, { inputs: floats.map(({ name }) => name) });
        verify(second);
        const backward = interpret(second, new Map([...inputs, ...cotangents]));
        let [left, right, scale] = [0, 0, 1];
        for (const [name, tangent] of tangents(first, sizes, inputs, directions)) {
          left += inner(tangent, cotangents.get(`grad_${name}`)!.data);
          scale += magnitude(tangent, cotangents.get(`grad_${name}`)!.data);
        }
        for (const [name, { data }] of directions) {
          right += inner(data, backward.get(`grad_${name}`)!.data);
          scale += magnitude(data, backward.get(`grad_${name}`)!.data);
        }
        expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-10 * scale);
      }),
      { numRuns: shareOf(25) },
    );
  });
});
