// Gradients by the builder of kernels: rows own those of queries, keys those of keys and values, which sweep the rows. They are
// compared with what the gradient graph means, and with the program that is written by hand.
import { describe, expect, it } from 'vitest';
import { Unschedulable } from '../../../codegen/schedule/index.js';
import { gradient } from '../../../codegen/schedule/recipes/gradient.js';
import { stagedBy } from '../../../codegen/schedule/recipes/staged.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { printProgram } from '../../../codegen/tile/print.js';
import { programViolations } from '../../../codegen/tile/verify.js';
import { openSpec } from '../../../dsl/frontend/index.js';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { randomInputs } from '../../../src/checking/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import { featuresOf, type Graph, headsOf } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { Random } from '../../../src/tensors/index.js';
import { exampleCases, exampleFiles } from '../../support/examples.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const sizes = { heads: 4, kvHeads: 2, headDim: 5 };
const tiles = { rows: 6, columns: 4 };
const shapes = [
  { batch: 1, queries: 1, keys: 1, rows: 1 },
  { batch: 2, queries: 9, keys: 9, rows: 5 },
  { batch: 1, queries: 12, keys: 23, rows: 8 },
];

/** The gradients of the main output, of those with a name in `wanted`. */
function gradientOf(settings: Parameters<typeof multiTokenAttention>[0], wanted: readonly string[]): Graph {
  const forward = multiTokenAttention(settings);
  const graph = gradientGraph({ ...forward, outputs: forward.outputs.filter(({ name }) => name !== 'lse') });
  return optimise({ ...graph, outputs: graph.outputs.filter(({ name }) => wanted.includes(name)) });
}

/** As `gradientOf`, of an example's small settings. */
async function gradientOfExample(name: string, wanted: readonly string[]): Promise<Graph> {
  const spec = await openSpec(exampleFiles.get(name)!);
  const forward = spec.compile(undefined, exampleCases.find((each) => each.name === name)!.settings);
  const graph = gradientGraph({ ...forward, outputs: forward.outputs.slice(0, 1) });
  return optimise({ ...graph, outputs: graph.outputs.filter((output) => wanted.includes(output.name)) });
}

const ofTensors = ['grad_q', 'grad_k', 'grad_v'];
const convolved = { ...sizes, preQueryKernel: 4, preKeyKernel: 5 };
const cases: Readonly<Record<string, { readonly graph: Graph; readonly direction?: -1 }>> = {
  'plain attention': { graph: gradientOf(sizes, ofTensors) },
  'plain attention, from the last row to the first': { graph: gradientOf(sizes, ofTensors), direction: -1 },
  'a convolution before the softmax': { graph: gradientOf(convolved, ofTensors) },
  'keys and values alone': { graph: gradientOf(convolved, ['grad_k', 'grad_v']) },
  'a convolution behind the softmax': {
    graph: gradientOf({ ...sizes, postQueryKernel: 2, postKeyKernel: 3 }, ofTensors),
  },
  'the kernel of a convolution before the softmax': { graph: gradientOf(convolved, ['grad_theta_pre']) },
  'everything that MTA with a convolution learns': { graph: gradientOf(convolved, [...ofTensors, 'grad_theta_pre']) },
  'a convolution behind the softmax, and its kernel': {
    graph: gradientOf({ ...sizes, postQueryKernel: 2, postKeyKernel: 3 }, ['grad_v', 'grad_theta_post']),
  },
  'a bias by distance': { graph: await gradientOfExample('t5', ['grad_bias', 'grad_k']) },
  'mixed heads': { graph: gradientOf({ ...sizes, preMix: 2 }, ofTensors) },
};

describe.each(Object.entries(cases))('the gradient of %s', (_, { graph, direction }) => {
  const { program } = stagedBy(gradient(direction), graph, tiles);

  it('verifies', () => expect(programViolations(program)).toEqual([]));

  it.each(shapes)('is right for $batch×$queries×$keys, $rows rows', (shape) => {
    const { domain } = graph.inputs.find(({ name }) => name === 'grad_out')!;
    const gradOut = new Random(3).normalTensor([shape.batch, headsOf(domain), shape.rows, featuresOf(domain)]);
    const inputs = new Map(randomInputs(graph, shape, 7)).set('grad_out', gradOut);
    const gold = interpret(graph, inputs);
    const call = bindInputs(graph, inputs);
    const alwaysPartial = shape.batch > 1;
    // Gradients are of all rows that are given: those above the outputs' own get theirs by the history.
    const outputs = interpretProgram(program, call.tensors, { ...shape, rows: shape.queries }, { alwaysPartial });
    for (const [name, { data, shape: expected }] of gold) {
      expect(outputs.get(name)!.shape).toEqual(expected);
      for (const [n, value] of data.entries()) expect(outputs.get(name)!.data[n], `${name} ${n}`).toBeCloseTo(value, 4);
    }
  });
});

it('is one kernel that owns keys, and sweeps the rows that see them', () => {
  const text = printProgram(stagedBy(gradient(), cases['plain attention']!.graph, tiles).program);
  expect(text.match(/^kernel .*$/gm)).toEqual([
    'kernel mta_gradient_rows(b < B, g < 4, I from Tk - R to Tk by 6)',
    'kernel mta_gradient_rows4(b < B, g < 4, I from Tk - R to Tk by 6)',
    'kernel mta_gradient_grad_q(b < B, g < 4, I from Tk - R to Tk by 6)',
    'kernel mta_gradient_grad_k(b < B, g < 2, J from 0 to Tk by 6)',
  ]);
  const [ofKeys] = /kernel mta_gradient_grad_k[\s\S]*/.exec(text)!;
  // For each of the two heads that share keys: scores, dO · v, and the products that are summed for keys and for values.
  expect(ofKeys.match(/matmul/g)).toHaveLength(2 * 4);
});

it('sweeps from the last row on where no score is read beside its place alone', () => {
  expect(() => stagedBy(gradient(-1), cases['a convolution before the softmax']!.graph, tiles)).toThrow(Unschedulable);
});
