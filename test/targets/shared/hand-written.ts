// The six hand-written tile programs as the tests of targets run them, with what their graphs give on the interpreter.
// Sizes and tiles are chosen so that little divides evenly.
import { expect } from 'vitest';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { type HostTensor, Random } from '../../../src/tensors/index.js';
import { inputsOf, type Shape, withoutStatistics } from '../../codegen/tile/programs/cases.js';
import type { Sizes } from '../../codegen/tile/programs/common.js';
import { flash } from '../../codegen/tile/programs/flash.js';
import { keyBackward } from '../../codegen/tile/programs/key-backward.js';
import { plainKeyBackward } from '../../codegen/tile/programs/plain-key-backward.js';
import { postConvolution } from '../../codegen/tile/programs/post-convolution.js';
import { preConvolution } from '../../codegen/tile/programs/pre-convolution.js';
import { slabMix } from '../../codegen/tile/programs/slab-mix.js';
import { splitDecode } from '../../codegen/tile/programs/split-decode.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

export interface HandWritten {
  readonly name: string;
  readonly graph: Graph;
  readonly program: TileProgram;
  readonly history: number;
}

export function handWritten(headDim: number, rows: number, columns: number): readonly HandWritten[] {
  const sizes = { heads: 3, kvHeads: 3, headDim };
  const grouped = { heads: 4, kvHeads: 2, headDim };
  const sixteen = { heads: 16, kvHeads: 4, headDim };
  const taps = { queries: 4, keys: 5 };
  return [
    { name: 'flash', graph: multiTokenAttention(sizes), program: flash(sizes, rows, columns), history: 0 },
    {
      name: 'pre-softmax convolution',
      graph: multiTokenAttention({ ...grouped, preQueryKernel: 4, preKeyKernel: 5 }),
      program: preConvolution(grouped, taps, rows, columns),
      history: 3,
    },
    {
      name: 'two-pass post-softmax convolution',
      graph: withoutStatistics(multiTokenAttention({ ...grouped, postQueryKernel: 4, postKeyKernel: 5 })),
      program: postConvolution(grouped, taps, rows, columns),
      history: 3,
    },
    {
      name: 'slab mix of 16 heads',
      graph: multiTokenAttention({ ...sixteen, preMix: 16 }),
      program: slabMix(sixteen, 2 * rows, rows, columns),
      history: 0,
    },
    {
      name: 'split decode',
      graph: multiTokenAttention(sizes),
      program: splitDecode(sizes, 3, rows, columns),
      history: 0,
    },
  ];
}

export const shapes: readonly Shape[] = [
  { batch: 2, queries: 1, keys: 1, rows: 1 },
  { batch: 1, queries: 19, keys: 19, rows: 19 },
  { batch: 1, queries: 12, keys: 43, rows: 7 },
  { batch: 2, queries: 37, keys: 37, rows: 5 },
];

/** A program as a target emits it, and a call of it with what it must give. */
export interface ProgramCase {
  readonly name: string;
  readonly program: TileProgram;
  readonly history: number;
  readonly callOf: (shape: Shape) => { readonly inputs: Tensors; readonly gold: Tensors };
}
type Tensors = ReadonlyMap<string, HostTensor>;

/** Those that give the outputs of a graph. */
export const forwardCases = (headDim: number, rows: number, columns: number): readonly ProgramCase[] =>
  handWritten(headDim, rows, columns).map(({ name, graph, program, history }) => ({
    name,
    program,
    history,
    callOf: (shape) => {
      const inputs = inputsOf(graph, shape);
      return { inputs, gold: interpret(graph, inputs, { rows: shape.rows }) };
    },
  }));

/** Gradients of keys and values by a program, for attention as a graph says it. */
const backwardCase = (name: string, program: TileProgram, graph: Graph, sizes: Sizes): ProgramCase => ({
  name,
  program,
  history: 0,
  callOf: (shape) => {
    const drawn = inputsOf(graph, shape);
    const gradOut = new Random(3).normalTensor([shape.batch, sizes.heads, shape.rows, sizes.headDim]);
    const given = new Map(drawn).set('grad_out', gradOut);
    const gradients = gradientGraph({ ...graph, outputs: graph.outputs.filter((each) => each.name === 'out') });
    const gold = interpret(gradients, given);
    // What the forward pass leaves behind, for all rows that are there.
    const left = interpret({ ...graph, history: 0 }, drawn, { rows: shape.queries });
    const padded = bindInputs(gradients, given).tensors.get('grad_out')!;
    const wanted = [...gold].filter(([each]) => each === 'grad_k' || each === 'grad_v');
    return { inputs: new Map([...drawn, ...left, ['grad_out', padded]]), gold: new Map(wanted) };
  },
});

/** Gradients of keys and values by blocks that own keys: of plain attention, and with a convolution before the softmax. */
export function backwardCases(headDim: number, rows: number, columns: number): readonly ProgramCase[] {
  const plain = { heads: 2, kvHeads: 2, headDim };
  const grouped = { heads: 4, kvHeads: 2, headDim };
  const taps = { queries: 4, keys: 5 };
  const convolved = multiTokenAttention({ ...grouped, preQueryKernel: 4, preKeyKernel: 5 });
  return [
    backwardCase(
      'key-owned backward of plain attention',
      plainKeyBackward(plain, rows, columns),
      multiTokenAttention(plain),
      plain,
    ),
    backwardCase(
      'key-owned backward of the pre-softmax convolution',
      keyBackward(grouped, taps, rows, columns),
      convolved,
      grouped,
    ),
  ];
}

/** Expects all that must be given to be there, within what sums of 32 bits explain. */
export function expectClose(outputs: Tensors, gold: Tensors): void {
  for (const [name, expected] of gold) {
    const actual = outputs.get(name)!;
    expect(actual.shape, name).toEqual(expected.shape);
    for (const [n, value] of expected.data.entries()) expect(actual.data[n], `${name} ${n}`).toBeCloseTo(value, 4);
  }
}

/** Expects them to be off by a few roundings of f16 at most, as parts of the largest number that is given. */
export function expectCloseInHalf(outputs: Tensors, gold: Tensors): void {
  const largestOf = (numbers: Iterable<number>): number => {
    let most = 0;
    for (const each of numbers) most = Math.max(most, Math.abs(each));
    return most;
  };
  const largest = largestOf([...gold.values()].map(({ data }) => largestOf(data)));
  for (const [name, expected] of gold) {
    const actual = outputs.get(name)!;
    expect(actual.shape, name).toEqual(expected.shape);
    const off = largestOf(expected.data.map((each, n) => actual.data[n]! - each));
    expect(off, name).toBeLessThanOrEqual(8 * 2 ** -11 * largest);
  }
}
