// Kernels for sm_90a on the emulation of a GPU: products of warpgroups on boxes that copies bring keep to the rule of 16 bits,
// at head sizes that take each swizzle and at shapes that fit no tile; what takes other instructions says why.
import { describe, expect, it } from 'vitest';
import { awkwardShapes, type CheckShape, checkGraph } from '../../../src/checking/index.js';
import { type Graph, history } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import type { ProductForm } from '../../../targets/cuda/emit-kernel.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { randomInputs } from '../../support/random-inputs.js';
import { inLongTests } from '../../support/share.js';

const convolution = { preQueryKernel: 6, preKeyKernel: 11 };
const graphs = {
  'plain attention, D = 16': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 16 }),
  'plain attention, D = 64': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 64 }),
  'plain attention, D = 96': multiTokenAttention({ heads: 2, kvHeads: 2, headDim: 96 }),
  'plain attention, D = 128': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 128 }),
  'a convolution, D = 64': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 64, ...convolution }),
  'a convolution and a norm, D = 96': multiTokenAttention({
    heads: 2,
    kvHeads: 2,
    headDim: 96,
    ...convolution,
    norm: 'rms',
  }),
  'a convolution, D = 128': multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 128, ...convolution }),
} as const;

/** Each graph in one of the types, and two of them in both. */
const cases: readonly (readonly [name: keyof typeof graphs, dtype: 'bf16' | 'f16'])[] = [
  ['plain attention, D = 16', 'f16'],
  ['plain attention, D = 64', 'bf16'],
  ['a convolution, D = 64', 'bf16'],
  ...inLongTests<readonly [keyof typeof graphs, 'bf16' | 'f16']>(
    ['plain attention, D = 96', 'bf16'],
    ['plain attention, D = 128', 'f16'],
    ['a convolution and a norm, D = 96', 'f16'],
    ['a convolution, D = 128', 'bf16'],
  ),
];

const architecture = 'sm_90a';
const onEmulator = await testsOn(cudaEmulator({ dtype: 'bf16', architecture }));
/** Of the kernels for long calls: few rows are none of a warpgroup's. */
const formsOf = (graph: Graph, dtype: 'f32' | 'bf16' | 'f16'): readonly ProductForm[] =>
  compileCuda(optimise(graph), { dtype, architecture, single: true }).emitted.module.kernels.map(
    ({ products }) => products,
  );

describe('products of warpgroups', () => {
  for (const [name, dtype] of cases) {
    onEmulator(`${name}, in ${dtype}`, async () => {
      const graph = optimise(graphs[name]);
      expect(formsOf(graph, dtype)).toEqual([{ form: 'wgmma' }]);
      const rows = history(graph);
      // Sequences shorter than a box, whose neighbours are those of other heads and batch entries.
      const shapes: CheckShape[] = awkwardShapes(graph).filter((_, n) => n === 5);
      // A decode step whose keys go round in all stages more than once; more rows than a block has.
      shapes.push({ batch: 1, queries: 3 + rows, keys: 700, rows: 3 });
      shapes.push({ batch: 1, queries: 140, keys: 170, rows: 130 });
      const checked = await checkGraph(graph, cudaEmulator({ dtype, architecture }), { shapes });
      expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
    });
  }

  onEmulator('are the same wherever copies land', async () => {
    const graph = optimise(graphs['a convolution, D = 64']);
    const device = cudaEmulator({ dtype: 'bf16', architecture });
    const inputs = randomInputs(graph, { batch: 1, queries: 90, keys: 400 }, 3);
    const late = await device.run(graph, inputs, { rows: 80 });
    process.env['HEDDLE_EMULATION_EARLY'] = '1';
    try {
      const early = await device.run(graph, inputs, { rows: 80 });
      expect(early.get('out')!.data).toEqual(late.get('out')!.data);
    } finally {
      delete process.env['HEDDLE_EMULATION_EARLY'];
    }
  });

  onEmulator('of scores and weights read and write no two rows of a matrix in the same banks', async () => {
    process.env['HEDDLE_EMULATION_BANKS'] = '1';
    try {
      const graph = optimise(graphs['a convolution, D = 64']);
      const inputs = randomInputs(graph, { batch: 1, queries: 90, keys: 200 }, 3);
      await cudaEmulator({ dtype: 'bf16', architecture }).run(graph, inputs, { rows: 80 });
    } finally {
      delete process.env['HEDDLE_EMULATION_BANKS'];
    }
  });
});

describe('a kernel that takes other products', () => {
  const reasons: readonly (readonly [what: string, graph: Graph, reason: RegExp])[] = [
    [
      'rows of 40 entries',
      multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 40 }),
      /40 columns are no multiple of 16/,
    ],
    ['rows of 5 entries', multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 5 }), /no whole 16 bytes/],
  ];
  it.each(reasons)('says why: %s', (_, graph, reason) => {
    const [kernel] = formsOf(graph, 'bf16');
    expect(kernel).toMatchObject({ form: 'mma.sync', reason: expect.stringMatching(reason) });
  });

  it('has no reason to give for floats, nor on another device', () => {
    expect(formsOf(graphs['plain attention, D = 64'], 'f32')).toEqual([{ form: 'multiply-add' }]);
    const { emitted } = compileCuda(optimise(graphs['plain attention, D = 64']), {
      dtype: 'bf16',
      architecture: 'sm_90',
      single: true,
    });
    expect(emitted.manifest.kernels.map(({ products }) => products)).toEqual([{ form: 'mma.sync' }]);
    expect(emitted.manifest.requires.features).toEqual(['sm_80']);
  });
});
