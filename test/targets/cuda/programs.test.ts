// The hand-written tile programs as CUDA on the emulation of a GPU, at shapes that fit no tile, against the meaning of the
// graphs that they implement: slabs, splits over keys, and a gradient that keys own among them.
import { describe, expect } from 'vitest';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { type HostTensor, Random } from '../../../src/tensors/index.js';
import { emulatorAvailability, runCuda } from '../../../targets/cuda/device/index.js';
import { emitCuda } from '../../../targets/cuda/index.js';
import { keyBackward } from '../../codegen/tile/programs/key-backward.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { handWritten, inputsOf, shapes } from '../wgsl/hand-written.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });

const tiles = [
  { headDim: 5, rows: 8, columns: 6 },
  { headDim: 40, rows: 40, columns: 24 },
];

function expectClose(actual: HostTensor, expected: HostTensor, name: string): void {
  expect(actual.shape, name).toEqual(expected.shape);
  for (const [n, value] of expected.data.entries()) expect(actual.data[n], `${name} ${n}`).toBeCloseTo(value, 4);
}

describe.each(tiles)('D = $headDim, tiles of $rows × $columns', ({ headDim, rows, columns }) => {
  for (const { name, graph, program, history } of handWritten(headDim, rows, columns)) {
    const emitted = emitCuda(program, { name: program.name, settings: {}, history });
    for (const shape of shapes) {
      onEmulator(`${name} is right for ${JSON.stringify(shape)}`, async () => {
        const inputs = inputsOf(graph, shape);
        const gold = interpret(graph, inputs, { rows: shape.rows });
        const outputs = await runCuda(emitted, inputs, shape);
        for (const [output, expected] of gold) expectClose(outputs.get(output)!, expected, output);
      });
    }
  }
});

describe('key-owned backward of the pre-softmax convolution', () => {
  const sizes = { heads: 4, kvHeads: 2, headDim: 5 };
  const graph = multiTokenAttention({ ...sizes, preQueryKernel: 4, preKeyKernel: 5 });
  const outGraph: Graph = { ...graph, outputs: graph.outputs.filter(({ name }) => name === 'out') };
  const emitted = emitCuda(keyBackward(sizes, { queries: 4, keys: 5 }, 6, 8), {
    name: 'backward',
    settings: {},
    history: 0,
  });
  for (const shape of shapes) {
    onEmulator(`is right for ${JSON.stringify(shape)}`, async () => {
      const inputs = inputsOf(graph, shape);
      const gradOut = new Random(3).normalTensor([shape.batch, sizes.heads, shape.rows, sizes.headDim]);
      const gradients = gradientGraph(outGraph);
      const gold = interpret(gradients, new Map(inputs).set('grad_out', gradOut));
      const left = interpret({ ...graph, history: 0 }, inputs, { rows: shape.queries });
      const padded = bindInputs(gradients, new Map(inputs).set('grad_out', gradOut)).tensors.get('grad_out')!;
      const all = new Map([...inputs, ...left, ['grad_out', padded]]);
      const outputs = await runCuda(emitted, all, shape);
      for (const name of ['grad_k', 'grad_v']) expectClose(outputs.get(name)!, gold.get(name)!, name);
    });
  }
});
