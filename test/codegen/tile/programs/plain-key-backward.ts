// The gradients of keys and values of plain causal attention, by hand, owned by tiles of keys: each sweeps the queries that see
// them, and computes Sᵀ where its rows are keys.
import { axis, kernel } from '../../../../codegen/tile/builder.js';
import { operand } from '../../../../codegen/tile/operations.js';
import type { TileProgram } from '../../../../codegen/tile/program.js';
import { most } from '../../../../codegen/tile/scalars.js';
import type { Tile } from '../../../../codegen/tile/types.js';
import { apply, float, integer } from '../../../../src/ir/index.js';
import {
  batchGrid,
  causalInside,
  headGrid,
  j,
  keyPlace,
  keys,
  keyView,
  queryView,
  type Sizes,
  scaleBy,
  statisticPlace,
  where,
} from './common.js';
import { backwardBuffers, deltaKernel, firstGiven } from './key-backward.js';

/** Takes q, k, v, the forward pass's out and lse and grad_out, all of Tq rows; gives grad_k and grad_v. One head of keys a head. */
export function plainKeyBackward(sizes: Sizes, rows: number, columns: number): TileProgram {
  const { heads, headDim } = sizes;
  const { q, k, v, out, gradOut, lse, delta, gradK, gradV } = backwardBuffers(sizes);
  const visible = apply('and', causalInside, apply('less', j, keys));
  const gradientKernel = kernel(
    'key_value_gradients',
    [batchGrid, headGrid(heads), { variable: 'J', from: integer(0), to: keys, step: columns }],
    (block) => {
      const own = axis('key', 'J', columns);
      const features = axis('feature', 0, headDim);
      const zeros = [block.constant([own, features], 0), block.constant([own, features], 0)] as const;
      const range = { from: most(firstGiven, 'J'), to: keys, step: rows };
      const [dK, dV] = block.loop('I', range, zeros, (inner, [dKeys, dValues]) => {
        const newest = axis('query', 'I', rows);
        const [queries, dOut] = [queryView(q, newest, headDim), queryView(gradOut, newest, headDim)];
        const [ownKeys, ownValues] = [keyView(k, own, headDim, 'h'), keyView(v, own, headDim, 'h')];
        const scores = inner.matmul(undefined, queries, ownKeys, 'feature');
        const statistics = [lse, delta].map((each) => inner.load(each, statisticPlace('h'), [newest])) as [Tile, Tile];
        const logits = inner.map([scores], where(visible, scaleBy(headDim), Number.NEGATIVE_INFINITY));
        const a = inner.map([logits, statistics[0]], apply('exponentialDifference', operand(0), operand(1)));
        const dA = inner.matmul(undefined, dOut, ownValues, 'feature');
        const dLogits = inner.map(
          [a, dA, statistics[1]],
          apply('multiply', operand(0), apply('subtract', operand(1), operand(2))),
        );
        const dScores = inner.map([dLogits], apply('divide', operand(0), float(Math.sqrt(headDim))));
        return [inner.matmul(dKeys, dScores, queries, 'query'), inner.matmul(dValues, a, dOut, 'query')];
      });
      block.store(dK, gradK, keyPlace('h'));
      block.store(dV, gradV, keyPlace('h'));
    },
  );
  return {
    name: 'plain_key_backward',
    buffers: [q, k, v, out, lse, gradOut, delta, gradK, gradV],
    launches: [
      { launch: 'kernel', kernel: deltaKernel({ out, gradOut, delta }, sizes, rows) },
      { launch: 'kernel', kernel: gradientKernel },
    ],
  };
}
