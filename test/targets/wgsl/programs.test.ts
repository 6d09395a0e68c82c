// The hand-written tile programs, emitted as WGSL: valid with default limits on Dawn's null backend, and right on a device
// at shapes that fit no tile, against the meaning of the graphs that they implement.

import { afterAll, describe, expect, it } from 'vitest';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { type HostTensor, Random } from '../../../src/tensors/index.js';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { emitWgsl } from '../../../targets/wgsl/index.js';
import { runWgsl } from '../../../targets/wgsl/run.js';
import { keyBackward } from '../../codegen/tile/programs/key-backward.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { inLongTests } from '../../support/share.js';
import { handWritten, inputsOf, shapes } from './hand-written.js';

const tiles = [
  { headDim: 5, rows: 8, columns: 6 },
  { headDim: 40, rows: 16, columns: 16 },
  ...inLongTests({ headDim: 96, rows: 32, columns: 16 }),
];

function expectClose(actual: HostTensor, expected: HostTensor, name: string): void {
  expect(actual.shape, name).toEqual(expected.shape);
  for (const [n, value] of expected.data.entries()) expect(actual.data[n], `${name} ${n}`).toBeCloseTo(value, 4);
}

afterAll(async () => {
  await closeValidation();
  await webgpu.close();
});

describe.each(tiles)('D = $headDim, tiles of $rows × $columns', ({ headDim, rows, columns }) => {
  describe.each(handWritten(headDim, rows, columns))('$name', ({ graph, program, history }) => {
    const emitted = emitWgsl(program, { name: program.name, settings: {}, history });

    it('is valid with default limits', async () => {
      expect(await validate(emitted.wgsl)).toEqual([]);
    });

    it.each(shapes)('is right for $batch×$queries×$keys, $rows rows', async (shape) => {
      const inputs = inputsOf(graph, shape);
      const gold = interpret(graph, inputs, { rows: shape.rows });
      const outputs = await runWgsl(webgpu, emitted, inputs, shape);
      for (const [name, expected] of gold) expectClose(outputs.get(name)!, expected, name);
    });
  });
});

describe('key-owned backward of the pre-softmax convolution', () => {
  const sizes = { heads: 4, kvHeads: 2, headDim: 5 };
  const graph = multiTokenAttention({ ...sizes, preQueryKernel: 4, preKeyKernel: 5 });
  const outGraph: Graph = { ...graph, outputs: graph.outputs.filter(({ name }) => name === 'out') };
  const program = keyBackward(sizes, { queries: 4, keys: 5 }, 6, 8);
  const emitted = emitWgsl(program, { name: program.name, settings: {}, history: 0 });

  it('is valid with default limits', async () => {
    expect(await validate(emitted.wgsl)).toEqual([]);
  });

  it.each(shapes)('is right for $batch×$queries×$keys, $rows rows', async (shape) => {
    const inputs = inputsOf(graph, shape);
    const gradOut = new Random(3).normalTensor([shape.batch, sizes.heads, shape.rows, sizes.headDim]);
    const gradients = gradientGraph(outGraph);
    const gold = interpret(gradients, new Map(inputs).set('grad_out', gradOut));
    const left = interpret({ ...graph, history: 0 }, inputs, { rows: shape.queries });
    const padded = bindInputs(gradients, new Map(inputs).set('grad_out', gradOut)).tensors.get('grad_out')!;
    const all = new Map([...inputs, ...left, ['grad_out', padded]]);
    const outputs = await runWgsl(webgpu, emitted, all, shape);
    for (const name of ['grad_k', 'grad_v']) expectClose(outputs.get(name)!, gold.get(name)!, name);
  });
});
