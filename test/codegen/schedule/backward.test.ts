// The whole gradient of each example, by every input and of every output: what its kernels give on the tile interpreter is what
// the gradient graph means. Rows, keys, tables and nobody own them, in memory that grows with the sequence alone.
import { describe, expect, it } from 'vitest';
import { gradient, gradientBands } from '../../../codegen/schedule/recipes/gradient.js';
import { gradientMaterialised } from '../../../codegen/schedule/recipes/gradient-materialised.js';
import { stagedBy } from '../../../codegen/schedule/recipes/staged.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { printProgram } from '../../../codegen/tile/print.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { programViolations } from '../../../codegen/tile/verify.js';
import { gradientGraph, trainingPair } from '../../../src/autodiff/index.js';
import { judgeOutput } from '../../../src/checking/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import { axisSize, type CallSizes, type Graph, history } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, Random } from '../../../src/tensors/index.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleCases } from '../../support/examples.js';
import { learned } from '../../support/learned-graphs.js';
import { mixedMasks } from '../../support/mixed-masks.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { randomInputs } from '../../support/random-inputs.js';

interface Shape extends CallSizes {
  readonly rows: number;
}

const tiles = { rows: 6, columns: 4 };
/** Fewer keys than a tile, lengths that are a multiple of none, rows of history, keys before the first row. */
const shapes: readonly Shape[] = [
  { batch: 1, queries: 1, keys: 1, rows: 1 },
  { batch: 2, queries: 9, keys: 9, rows: 5 },
  { batch: 1, queries: 12, keys: 23, rows: 8 },
];

const sizes = { heads: 4, kvHeads: 2, headDim: 5 };
const convolved = { ...sizes, preQueryKernel: 4, preKeyKernel: 5 };
const graphs: Readonly<Record<string, Graph>> = {
  ...Object.fromEntries(
    await Promise.all(
      exampleCases.map(async ({ name, settings }) => [name, await exampleGraph(name, settings)] as const),
    ),
  ),
  'a convolution before the softmax': multiTokenAttention(convolved),
  'a convolution behind the softmax': multiTokenAttention({ ...sizes, postQueryKernel: 2, postKeyKernel: 3 }),
  'mixed heads': multiTokenAttention({ ...sizes, preMix: 2 }),
  'heads that look at different keys, mixed': mixedMasks,
  ...learned,
};

const gradientOf = (forward: Graph): Graph => optimise(gradientGraph(forward));

/** Random inputs with random cotangents of all outputs. */
function inputsOf(graph: Graph, shape: Shape): ReadonlyMap<string, HostTensor> {
  const inputs = new Map(randomInputs(graph, shape, 7));
  for (const { name, role, domain } of graph.inputs) {
    if (role !== 'cotangent') continue;
    const lengths = domain.map((axis) => (axis.kind === 'query' ? shape.rows : axisSize(axis, shape)));
    inputs.set(name, new Random(3).normalTensor(lengths));
  }
  return inputs;
}

describe.each(Object.entries(graphs))('the gradient of %s', (_, forward) => {
  const graph = gradientOf(forward);
  const { program } = stagedBy(gradient, graph, tiles);

  it('verifies, and has no buffer that grows with the square of the sequence', () => {
    expect(programViolations(program)).toEqual([]);
    expect(program.keepsMatrices).toBeUndefined();
  });

  it.each(shapes)('is right for $batch×$queries×$keys, $rows rows', (shape) => {
    const inputs = inputsOf(graph, shape);
    const gold = interpret(graph, inputs);
    const { tensors } = bindInputs(graph, inputs);
    // Gradients are of all rows that are given: those above the outputs' own get theirs by the history.
    const call = { ...shape, rows: shape.queries };
    const outputs = interpretProgram(program, tensors, call, { alwaysPartial: shape.batch > 1 });
    for (const [name, { data, shape: expected }] of gold) {
      const { data: found, shape: own } = outputs.get(name)!;
      expect(own).toEqual(expected);
      const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      const worst = data.reduce((most, value, n) => Math.max(most, Math.abs(value - found[n]!)), 0);
      // Where terms cancel, the rule of the checks says how much rounding explains.
      const call = { inputs, rows: shape.rows };
      const isRounding =
        worst / largest < 2e-6 ||
        judgeOutput(graph, 'f32', call, name, { out: outputs.get(name)!, gold: gold.get(name)! }).passed;
      expect(isRounding, `${name}: ${worst / largest}`).toBe(true);
      expect(found.every(Number.isFinite), name).toBe(true);
    }
  });
});

/** What a program gives, at more keys than rows and lengths that are a multiple of no tile. */
function expectMeaning(graph: Graph, program: TileProgram): void {
  const shape = { batch: 1, queries: 14, keys: 23, rows: 14 };
  const inputs = inputsOf(graph, shape);
  const gold = interpret(graph, inputs);
  const outputs = interpretProgram(program, bindInputs(graph, inputs).tensors, shape);
  for (const [output, { data }] of gold) {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = data.reduce((most, value, n) => Math.max(most, Math.abs(value - outputs.get(output)!.data[n]!)), 0);
    expect(worst / largest, output).toBeLessThan(2e-6);
  }
}

/** Graphs whose scores are read at other rows, keys and heads: in memory one band after the other, none of them is ever whole. */
describe.each(['decode', 'dcmha', 'mta', 'mtaPacked', 'talkingHeads'])('the gradient of %s in bands', (name) => {
  const { backward: graph } = trainingPair(graphs[name]!);
  const { program } = stagedBy(gradientBands, graph, { ...tiles, band: 12 });

  it('verifies, and repeats kernels that own rows, and kernels that own keys', () => {
    expect(programViolations(program)).toEqual([]);
    const text = printProgram(program);
    expect(text).toMatch(/repeat bandRows\d*From/);
    expect(text).toMatch(/repeat bandKeys\d*From/);
  });

  it('is right', () => expectMeaning(graph, program));
});

/** The baseline of the benchmark: each matrix that is read elsewhere, summed up or read twice is stored by a kernel of its own. */
describe.each([
  ['a convolution before the softmax', 5],
  ['a convolution behind the softmax', 8],
  ['mixed heads', 7],
] as const)('the gradient of %s through memory', (name, matrices) => {
  const { backward: graph } = trainingPair(graphs[name]!);
  const { program } = stagedBy(gradientMaterialised, graph, tiles);

  it('verifies, and keeps whole matrices between kernels', () => {
    expect(programViolations(program)).toEqual([]);
    const kept = program.buffers.filter(
      ({ role, axes }) =>
        role === 'workspace' && ['query', 'key'].every((kind) => axes.some((axis) => axis.kind === kind)),
    );
    expect(kept).toHaveLength(matrices);
  });

  it('is right', () => expectMeaning(graph, program));
});

const kernelsOf = (graph: Graph): readonly string[] =>
  printProgram(stagedBy(gradient, graph, tiles).program).match(/^kernel .*$/gm)!;

it('sums rows and keys each in one kernel', () => {
  expect(kernelsOf(gradientOf(multiTokenAttention(sizes)))).toEqual([
    'kernel mta_gradient_rows(b < B, g < 4, I from Tk - R to Tk by 6)',
    'kernel mta_gradient_rows5(b < B, g < 4, I from Tk - R to Tk by 6)',
    'kernel mta_gradient_grad_q(b < B, g < 4, I from Tk - R to Tk by 6)',
    'kernel mta_gradient_grad_k(b < B, g < 2, J from 0 to Tk by 6)',
  ]);
});

it('computes a convolution, and what rows give, once for all that is made of them', () => {
  const { backward } = trainingPair(multiTokenAttention({ ...sizes, preQueryKernel: 3, preKeyKernel: 5 }));
  const text = printProgram(stagedBy(gradient, backward, tiles).program);
  const [, rows, ofRows, joined, ofKeys] = text.split(/^kernel /m);
  // What incoming gradients and outputs sum to in a row is of a kernel before the others.
  expect(text.match(/sum\(c0 < 5\)/g)).toHaveLength(1);
  expect(rows).toContain('sum(c0 < 5)');
  // The gradient of the kernel of the convolution is a part of each block of rows; what joins them has no scores.
  expect(ofRows!.match(/gram of /g)).toHaveLength(3);
  expect(joined).not.toContain('matmul');
  for (const kernel of [ofRows!, ofKeys!]) {
    expect(kernel.match(/= stencil /g)).toHaveLength(2);
    // Scores and their gradients; products of incoming gradients and values wait for none.
    expect(kernel.match(/= ring of /g)).toHaveLength(2);
  }
});

it('takes heads that share keys one after the other, into the same sums', () => {
  const { backward } = trainingPair(multiTokenAttention({ ...sizes, preQueryKernel: 3, preKeyKernel: 5 }));
  const [ofKeys] = printProgram(stagedBy(gradient, backward, tiles).program).match(/^kernel .*_grad_k\([\s\S]*/m)!;
  expect(ofKeys).toContain('g < 2');
  expect(ofKeys).toContain('for turn from 2 * g to 2 * g + 2 by 1');
  // One for keys and one for values.
  expect(ofKeys!.match(/= constant 0.0 : \[j: \d+ from J - \d+, d: \d+\]/g)).toHaveLength(2);
});

it('sums what nobody owns in shares of the rows, joined in their order', () => {
  expect(kernelsOf(gradientOf(graphs['sinks']!)).slice(-2)).toEqual([
    'kernel sinks_gradient_grad_sink_split(b < B, g < 4, split < 8)',
    'kernel sinks_gradient_grad_sink_combine(g < 4)',
  ]);
});

it('needs as many rows as the forward', () => {
  expect(gradientOf(graphs['mtaPacked']!).history).toBe(history(graphs['mtaPacked']!));
});
