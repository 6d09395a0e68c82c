// Decoding by hand, split over the keys: each split runs flash over its own share of the keys and keeps its statistics;
// a second kernel combines the splits in their order.
import { along, axis, kernel } from '../../../../codegen/tile/builder.js';
import { operand } from '../../../../codegen/tile/operations.js';
import type { TileProgram } from '../../../../codegen/tile/program.js';
import { least, plus, quotient, scalar, times } from '../../../../codegen/tile/scalars.js';
import type { BufferAxis } from '../../../../codegen/tile/types.js';
import { apply, feature, head, integer, variable } from '../../../../src/ir/index.js';
import {
  batchAxis,
  batchGrid,
  buffer,
  callBuffers,
  causal,
  emptyStatistics,
  foldLogits,
  headGrid,
  j,
  keys,
  keyView,
  minusInfinity,
  queryView,
  rowAxis,
  rowGrid,
  type Sizes,
  scaleBy,
  sharedHead,
  storeRows,
  where,
} from './common.js';

export function splitDecode(sizes: Sizes, splits: number, rows: number, columns: number): TileProgram {
  const { q, k, v, out, lse } = callBuffers(sizes);
  const { heads, headDim } = sizes;
  const splitAxis: BufferAxis = { kind: 'split', size: integer(splits) };
  const maxima = buffer('maxima', 'workspace', [batchAxis, head(heads), splitAxis, rowAxis]);
  const sums = buffer('sums', 'workspace', [batchAxis, head(heads), splitAxis, rowAxis]);
  const partial = buffer('partial', 'workspace', [batchAxis, head(heads), splitAxis, rowAxis, feature(headDim)]);
  const group = sharedHead(sizes);
  // Shares of whole tiles, so that no tile belongs to two splits.
  const tiles = quotient(plus(keys, columns - 1), columns);
  const share = times(quotient(plus(tiles, splits - 1), splits), columns);
  const own = axis('query', 'I', rows);
  const statisticPlace = [scalar('b'), scalar('h'), scalar('split'), along('query')] as const;
  const visible = apply('and', causal, apply('less', j, keys));

  const splitKernel = kernel(
    'split',
    [batchGrid, headGrid(heads), rowGrid(rows), { variable: 'split', from: integer(0), to: integer(splits), step: 1 }],
    (block) => {
      const start = apply('multiply', share, variable('split'));
      const [m, l, o] = block.loop(
        'J',
        { from: start, to: least(keys, apply('add', start, share)), step: columns },
        emptyStatistics(block, own, headDim),
        (inner, folded, origin) => {
          const box = axis('key', origin, columns);
          const scores = inner.matmul(
            undefined,
            queryView(q, own, headDim),
            keyView(k, box, headDim, group),
            'feature',
          );
          const logits = inner.map([scores], where(visible, scaleBy(headDim), minusInfinity));
          return foldLogits(inner, folded, logits, keyView(v, box, headDim, group));
        },
      );
      block.store(m, maxima, statisticPlace);
      block.store(l, sums, statisticPlace);
      block.store(o, partial, [...statisticPlace, along('feature')]);
    },
  );

  const combineKernel = kernel('combine', [batchGrid, headGrid(heads), rowGrid(rows)], (block) => {
    // The splits are few: they are combined one by one, in their order.
    const results = block.loop(
      'split',
      { from: integer(0), to: integer(splits), step: 1 },
      emptyStatistics(block, own, headDim),
      (inner, [m, l, o]) => {
        const next = inner.load(maxima, statisticPlace, [own]);
        const sum = inner.load(sums, statisticPlace, [own]);
        const share = inner.load(partial, [...statisticPlace, along('feature')], [own, axis('feature', 0, headDim)]);
        const largest = inner.map([m, next], apply('maximum', operand(0), operand(1)));
        const weight = (of: typeof m) =>
          inner.map([of, largest], apply('exponentialDifference', operand(0), operand(1)));
        const [before, after] = [weight(m), weight(next)];
        const joined = apply(
          'add',
          apply('multiply', operand(0), operand(1)),
          apply('multiply', operand(2), operand(3)),
        );
        return [
          largest,
          inner.map([l, before, sum, after], joined),
          inner.map([o, before, share, after], joined),
        ] as const;
      },
    );
    storeRows(block, results, out, lse);
  });

  return {
    name: 'split_decode',
    buffers: [q, k, v, maxima, sums, partial, out, lse],
    launches: [
      { launch: 'kernel', kernel: splitKernel },
      { launch: 'kernel', kernel: combineKernel },
    ],
  };
}
