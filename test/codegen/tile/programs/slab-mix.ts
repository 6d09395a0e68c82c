// Head mixing before the softmax for more heads than a block can hold, by hand, as a slab: for each band of query rows,
// one kernel writes the scores of all heads to scratch of band × Tk, the next mixes them and goes on as flash does.
import { along, axis, kernel } from '../../../../codegen/tile/builder.js';
import { operand } from '../../../../codegen/tile/operations.js';
import type { Decision, Repetition, TileProgram } from '../../../../codegen/tile/program.js';
import { least, most, quotient, scalar, times } from '../../../../codegen/tile/scalars.js';
import type { Buffer, Placement } from '../../../../codegen/tile/types.js';
import { apply, extent, head, integer, length, read, tensorNode, variable } from '../../../../src/ir/index.js';
import {
  batchAxis,
  batchGrid,
  buffer,
  callBuffers,
  causal,
  causalEnd,
  emptyStatistics,
  firstRow,
  foldLogits,
  h,
  headGrid,
  j,
  keyAxis,
  keys,
  keyView,
  minusInfinity,
  queryView,
  type Sizes,
  scaleBy,
  sharedHead,
  storeRows,
  where,
} from './common.js';

export function slabMix(sizes: Sizes, band: number, rows: number, columns: number): TileProgram {
  const { q, k, v, out, lse } = callBuffers(sizes);
  const { heads, headDim } = sizes;
  const mix = buffer('mix_pre', 'input', [extent(1), extent(heads), extent(heads)]);
  const table = tensorNode('mix_pre', 'parameter', [extent(1), extent(heads), extent(heads)]);
  const slab: Buffer = buffer('slab', 'workspace', [
    batchAxis,
    head(heads),
    { kind: 'band', origin: variable('band'), size: variable('bandRows') },
    keyAxis,
  ]);
  const group = sharedHead(sizes);
  // Whole blocks, as many as a launcher decides: fewer where keys are few, so that calls of a test meet several.
  const value = times(most(1, least(band / rows, quotient(length('key'), 2 * rows))), rows);
  const step: Decision = { variable: 'bandRows', value, most: band };
  const bands: Repetition = { variable: 'band', from: firstRow, to: keys, step };
  // Rows of this band, and none beyond the last.
  const bandEnd = apply('minimum', keys, apply('add', variable('band'), variable('bandRows')));
  const rowsOfBand = { variable: 'I', from: variable('band'), to: bandEnd, step: rows };
  const slabPlace = (ofHead: number | string): Placement => [scalar('b'), scalar(ofHead), along('query'), along('key')];

  const scoresKernel = kernel(
    'scores',
    [batchGrid, headGrid(heads), rowsOfBand, { variable: 'J', from: integer(0), to: length('key'), step: columns }],
    (block) => {
      const [own, box] = [axis('query', 'I', rows), axis('key', 'J', columns)];
      const scores = block.matmul(undefined, queryView(q, own, headDim), keyView(k, box, headDim, group), 'feature');
      block.store(block.map([scores], scaleBy(headDim)), slab, slabPlace('h'));
    },
  );

  const mixKernel = kernel('mix', [batchGrid, headGrid(heads), rowsOfBand], (block) => {
    const own = axis('query', 'I', rows);
    const results = block.loop(
      'J',
      { from: integer(0), to: causalEnd(rows), step: columns },
      emptyStatistics(block, own, headDim),
      (inner, folded, origin) => {
        const box = axis('key', origin, columns);
        const scores = Array.from({ length: heads }, (_, n) => inner.load(slab, slabPlace(n), [own, box]));
        const mixed = inner.mix(scores, read(table, [integer(0), h, variable('n')]));
        const visible = apply('and', causal, apply('less', j, keys));
        const logits = inner.map([mixed], where(visible, operand(0), minusInfinity));
        return foldLogits(inner, folded, logits, keyView(v, box, headDim, group));
      },
    );
    storeRows(block, results, out, lse);
  });

  return {
    name: 'slab_mix',
    buffers: [q, k, v, mix, slab, out, lse],
    launches: [{ launch: 'repeat', axis: bands, kernels: [scoresKernel, mixKernel] }],
  };
}
