// The training pair: its two graphs together give what the gradient graph gives, keep O(T) alone, and pass over no scores for
// the row sums that an output tells.
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { gradientGraph, trainingPair } from '../../src/autodiff/index.js';
import { awkwardShapes, randomInputs } from '../../src/checking/index.js';
import { bindInputs, interpret } from '../../src/interpreter/index.js';
import { type Graph, topological, violations } from '../../src/ir/index.js';
import { exampleGraph, smallSettings } from '../support/example-graphs.js';
import { exampleCases } from '../support/examples.js';

const pairOf = async (name: string): Promise<{ graph: Graph; pair: ReturnType<typeof trainingPair> }> => {
  const graph = await exampleGraph(name, smallSettings(name));
  return { graph, pair: trainingPair(graph) };
};

/** Passes over the scores that sum them along rows. */
const rowSums = ({ inputs, outputs }: Graph): number =>
  topological({ inputs, outputs }).filter(
    ({ op, domain }) => op === 'reduce' && domain.length === 3 && domain[2]!.kind === 'query',
  ).length;

describe.each(exampleCases.map(({ name }) => name))('the pair of %s', (name) => {
  it('gives the gradients of the spec, with fewer queries than keys, and fewer rows than queries', async () => {
    const { graph, pair } = await pairOf(name);
    for (const each of [pair.forward, pair.backward]) expect(violations(each)).toEqual([]);
    const gradient = gradientGraph(graph);
    for (const [n, shape] of awkwardShapes(graph).slice(2, 4).entries()) {
      const inputs = randomInputs(gradient, shape, n);
      const { tensors, sizes } = bindInputs(gradient, inputs, shape.rows);
      const kept = interpret(pair.forward, tensors, { rows: sizes.queries });
      const given = new Map([...tensors, ...pair.kept.map(({ name: each }) => [each, kept.get(each)!] as const)]);
      const found = interpret(pair.backward, given);
      for (const [output, { data, shape: expected }] of interpret(gradient, inputs, { rows: shape.rows })) {
        expect(found.get(output)!.shape, output).toEqual(expected);
        for (const [at, value] of data.entries()) expect(found.get(output)!.data[at], output).toBeCloseTo(value, 9);
      }
    }
  });

  it('keeps rows, and nothing with an entry for each score', async () => {
    const { pair } = await pairOf(name);
    for (const { name: kept } of pair.kept) {
      const { domain } = pair.backward.inputs.find((input) => input.name === kept)!;
      expect(domain.map(({ kind }) => kind).slice(0, 3)).toEqual(['batch', 'head', 'query']);
      expect(domain.some(({ kind }) => kind === 'key')).toBe(false);
    }
  });
});

it('has no pass for the row sums of weights that go straight into v', async () => {
  for (const name of ['causal', 'decode', 'alibi', 'sinks', 't5', 'mlaAbsorbed']) {
    expect(rowSums((await pairOf(name)).pair.backward), name).toBe(0);
  }
  // Weights that are convolved or mixed on their way tell no output of their own.
  expect(rowSums((await pairOf('mta')).pair.backward)).toBeGreaterThan(0);
});

it('refuses a gradient of more rows than there are of queries, and of none, by the name of the tensor', async () => {
  const { graph } = await pairOf('causal');
  const gradient = gradientGraph(graph);
  const shape = { batch: 1, queries: 5, keys: 5, rows: 5 };
  const [, , ...lengths] = randomInputs(gradient, shape, 1).get('grad_out')!.shape;
  for (const rows of [0, 6]) {
    const inputs = randomInputs(gradient, { ...shape, rows }, 1);
    const message = `\`grad_out\` has shape [1, 2, ${rows}, ${lengths[1]}]`;
    expect(() => bindInputs(gradient, inputs)).toThrow(message);
  }
});

it('tells how many keys there are where no gradient depends on any, and keeps nothing for it', async () => {
  const specs = await openSpec(new URL('../targets/specs/gradient-edges.ts', import.meta.url).pathname);
  for (const name of ['hidden', 'mean']) {
    const { forward, backward, kept } = trainingPair(specs.compile(name, {}));
    const taken = backward.inputs.map((input) => input.name);
    expect(taken, name).toEqual(expect.arrayContaining([...kept.map((each) => each.name), 'q', 'k']));
    const given = randomInputs(backward, { batch: 1, queries: 5, keys: 3 }, 1);
    expect(interpret(backward, given).get('grad_v')!.shape, name).toEqual([1, 2, 3, 8]);
    expect(forward.outputs.length, name).toBe(2 + kept.filter(({ isOutput }) => !isOutput).length);
  }
});
