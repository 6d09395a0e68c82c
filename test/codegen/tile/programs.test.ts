// Hand-written tile programs on the tile interpreter against the meaning of the graph that they implement. They hold the
// set of operations to what attention needs: whoever changes an operation sees here whether it still fits.
import { describe, expect, it } from 'vitest';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { Random } from '../../../src/tensors/index.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { inputsOf, withoutStatistics } from './programs/cases.js';
import { flash } from './programs/flash.js';
import { keyBackward } from './programs/key-backward.js';
import { postConvolution } from './programs/post-convolution.js';
import { preConvolution } from './programs/pre-convolution.js';
import { slabMix } from './programs/slab-mix.js';
import { splitDecode } from './programs/split-decode.js';

const sizes = { heads: 4, kvHeads: 2, headDim: 5 };
const sixteen = { heads: 16, kvHeads: 4, headDim: 3 };
const [rows, columns] = [8, 6];

/** Shapes that fit no tile, with fewer queries than keys and fewer rows than queries. */
const shapes = [
  { batch: 2, queries: 1, keys: 1, rows: 1 },
  { batch: 1, queries: 3, keys: 3, rows: 3 },
  { batch: 1, queries: 19, keys: 19, rows: 19 },
  { batch: 1, queries: 12, keys: 23, rows: 7 },
  { batch: 2, queries: 17, keys: 17, rows: 5 },
];

interface Case {
  readonly graph: Graph;
  readonly program: TileProgram;
}

const cases: Readonly<Record<string, Case>> = {
  flash: { graph: multiTokenAttention(sizes), program: flash(sizes, rows, columns) },
  'pre-softmax convolution': {
    graph: multiTokenAttention({ ...sizes, preQueryKernel: 4, preKeyKernel: 5 }),
    program: preConvolution(sizes, { queries: 4, keys: 5 }, rows, columns),
  },
  'two-pass post-softmax convolution': {
    graph: withoutStatistics(multiTokenAttention({ ...sizes, postQueryKernel: 4, postKeyKernel: 5 })),
    program: postConvolution(sizes, { queries: 4, keys: 5 }, rows, columns),
  },
  'slab mix of 16 heads': {
    graph: multiTokenAttention({ ...sixteen, preMix: 16 }),
    program: slabMix(sixteen, 12, 6, columns),
  },
  'split decode': { graph: multiTokenAttention(sizes), program: splitDecode(sizes, 3, 4, 4) },
};

describe.each(Object.entries(cases))('%s', (_, { graph, program }) => {
  it.each(shapes)('is right for $batch×$queries×$keys, $rows rows', (shape) => {
    const inputs = inputsOf(graph, shape);
    const gold = interpret(graph, inputs, { rows: shape.rows });
    for (const alwaysPartial of [false, true]) {
      const outputs = interpretProgram(program, inputs, shape, { alwaysPartial });
      for (const [name, expected] of gold) {
        const actual = outputs.get(name)!;
        expect(actual.shape, name).toEqual(expected.shape);
        for (const [n, value] of expected.data.entries()) expect(actual.data[n], `${name} ${n}`).toBeCloseTo(value, 4);
      }
    }
  });
});

describe('key-owned backward of the pre-softmax convolution', () => {
  const graph = withoutStatistics(multiTokenAttention({ ...sizes, preQueryKernel: 4, preKeyKernel: 5 }));
  const program = keyBackward(sizes, { queries: 4, keys: 5 }, 6, 8);

  it.each(shapes)('is right for $batch×$queries×$keys, $rows rows', (shape) => {
    const inputs = inputsOf(graph, shape);
    const gradOut = new Random(3).normalTensor([shape.batch, sizes.heads, shape.rows, sizes.headDim]);
    const gold = interpret(gradientGraph(graph), new Map(inputs).set('grad_out', gradOut));
    // What the forward pass leaves behind, and the incoming gradient of all given rows.
    const forward = multiTokenAttention({ ...sizes, preQueryKernel: 4, preKeyKernel: 5 });
    const everyRow: Graph = { ...forward, history: 0 };
    const left = interpret(everyRow, inputs, { rows: shape.queries });
    const padded = bindInputs(gradientGraph(graph), new Map(inputs).set('grad_out', gradOut)).tensors.get('grad_out')!;
    const outputs = interpretProgram(program, new Map([...inputs, ...left, ['grad_out', padded]]), shape);
    for (const name of ['grad_k', 'grad_v']) {
      const actual = outputs.get(name)!;
      for (const [n, value] of gold.get(name)!.data.entries())
        expect(actual.data[n], `${name} ${n}`).toBeCloseTo(value, 4);
    }
  });
});
