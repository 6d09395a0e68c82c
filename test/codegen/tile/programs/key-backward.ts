// The gradients of keys and values of MTA's pre-softmax convolution, by hand, owned by tiles of keys: logits are computed
// again on a halo of keys, their gradients kept in a ring over queries, from which the transposed convolution trails.
import { axis, type BlockBuilder, kernel, view } from '../../../../codegen/tile/builder.js';
import { operand } from '../../../../codegen/tile/operations.js';
import type { TileProgram } from '../../../../codegen/tile/program.js';
import { minus, most, plus, times } from '../../../../codegen/tile/scalars.js';
import type { Buffer, Placement, Ring, Scalar, Tile } from '../../../../codegen/tile/types.js';
import {
  apply,
  extent,
  feature,
  float,
  head,
  integer,
  length,
  read,
  tensorNode,
  variable,
} from '../../../../src/ir/index.js';
import {
  batchAxis,
  batchGrid,
  buffer,
  callBuffers,
  causalInside,
  h,
  headGrid,
  i,
  j,
  keyAxis,
  keyPlace,
  keys,
  keyView,
  queryAxis,
  queryPlace,
  queryView,
  type Sizes,
  scaleBy,
  statisticPlace,
  where,
} from './common.js';
import type { Kernel } from './pre-convolution.js';

export const firstGiven: Scalar = minus(keys, length('query'));

/** The buffers of a backward pass, all of Tq rows. */
export function backwardBuffers(sizes: Sizes) {
  const { q, k, v } = callBuffers(sizes);
  const { heads, kvHeads, headDim } = sizes;
  const rowsOf = (name: string, role: Buffer['role']) => buffer(name, role, [batchAxis, head(heads), queryAxis]);
  const vectors = (name: string) => buffer(name, 'input', [batchAxis, head(heads), queryAxis, feature(headDim)]);
  const gradients = (name: string) => buffer(name, 'output', [batchAxis, head(kvHeads), keyAxis, feature(headDim)]);
  return {
    ...{ q, k, v },
    ...{ out: vectors('out'), gradOut: vectors('grad_out') },
    ...{ lse: rowsOf('lse', 'input'), delta: rowsOf('delta', 'workspace') },
    ...{ gradK: gradients('grad_k'), gradV: gradients('grad_v') },
  };
}

/** δ = Σ_j A·dA, which is the row sum of dO ∘ O where weights go straight into V. */
export const deltaKernel = (
  { out, gradOut, delta }: Readonly<Record<'out' | 'gradOut' | 'delta', Buffer>>,
  { heads, headDim }: Sizes,
  rows: number,
) =>
  kernel('delta', [batchGrid, headGrid(heads), { variable: 'I', from: firstGiven, to: keys, step: rows }], (block) => {
    const axes = [axis('query', 'I', rows), axis('feature', 0, headDim)];
    const [o, dO] = [block.load(out, queryPlace('h'), axes), block.load(gradOut, queryPlace('h'), axes)];
    const product = block.map([o, dO], apply('multiply', operand(0), operand(1)));
    block.store(block.reduce(product, 'feature', 'sum'), delta, statisticPlace('h'));
  });

/** Takes q, k, v, theta_pre, the forward pass's out and lse and grad_out, all of Tq rows; gives grad_k and grad_v. */
export function keyBackward(sizes: Sizes, taps: Kernel, rows: number, columns: number): TileProgram {
  const { heads, kvHeads, headDim } = sizes;
  const { q, k, v, out, gradOut, lse, delta, gradK, gradV } = backwardBuffers(sizes);
  const theta = buffer('theta_pre', 'input', [head(heads), extent(taps.queries), extent(taps.keys)]);
  const table = tensorNode('theta_pre', 'parameter', [head(heads), extent(taps.queries), extent(taps.keys)]);
  const history = taps.queries - 1;
  const halo = (taps.keys - 1) / 2;
  const group = heads / kvHeads;
  // Rows behind the last have no statistics: what they would weigh has no bound.
  const visible = [j, i].reduce((mask, index) => apply('and', mask, apply('less', index, keys)), causalInside);
  const [u, w] = [variable('u'), variable('w')];
  const counters = [
    { name: 'u', extent: taps.queries },
    { name: 'w', extent: taps.keys },
  ];
  const weight = read(table, [h, u, w]);

  const gradientKernel = kernel(
    'key_value_gradients',
    [
      batchGrid,
      { variable: 'g', from: integer(0), to: integer(kvHeads), step: 1 },
      { variable: 'J', from: integer(0), to: keys, step: columns },
    ],
    (block) => {
      const own = axis('key', 'J', columns);
      const halved = axis('key', minus('J', halo), columns + 2 * halo);
      const grown = axis('key', minus('J', 2 * halo), columns + 4 * halo);
      const features = axis('feature', 0, headDim);
      const zeros = [block.constant([own, features], 0), block.constant([halved, features], 0)] as const;
      const first = times('g', group);
      const [dK, dV] = block.loop('h', { from: first, to: plus(first, group), step: 1 }, zeros, (ofHead, sums) => {
        const ring = ofHead.ring('query', halved, rows + history, most(firstGiven, minus('J', halo)));
        const range = { from: most(firstGiven, minus('J', halo)), to: plus(keys, history), step: rows };
        const [, ...totals] = ofHead.loop('I', range, [ring, ...sums] as const, (inner, [before, dKeys, dValues]) =>
          step(inner, before, dKeys, dValues),
        );
        return totals as unknown as readonly [Tile, Tile];
      });
      // Only the block's own keys are complete; the halo belongs to its neighbours.
      const ownValues = { ...halved, valid: { low: halo, high: halo + columns } };
      block.store(dK, gradK, keyPlace('g'));
      block.store(block.map([dV], operand(0), [ownValues, features]), gradV, keyPlace('g'));

      function step(inner: BlockBuilder, before: Ring, dKeys: Tile, dValues: Tile): [Ring, Tile, Tile] {
        const newest = axis('query', 'I', rows);
        const above = axis('query', minus('I', history), rows + history);
        const trailing = axis('query', minus('I', history), rows);
        const product = inner.matmul(
          undefined,
          queryView(q, above, headDim),
          keyView(k, grown, headDim, 'g'),
          'feature',
        );
        const scores = inner.push(
          inner.ring('key', above, grown.size, grown.origin),
          inner.map([product], where(visible, scaleBy(headDim), 0)),
        );
        const convolved = inner.stencil(scores, [newest, halved], {
          counters,
          weight,
          queryOffset: minus(u, history),
          keyOffset: minus(w, halo),
        });
        const statistics = [lse, delta].map((each) => inner.load(each, statisticPlace('h'), [newest])) as [Tile, Tile];
        const a = inner.map(
          [convolved, statistics[0]],
          where(visible, apply('exponentialDifference', operand(0), operand(1)), 0),
        );
        const dOut = queryView(gradOut, newest, headDim);
        const dA = inner.matmul(undefined, dOut, keyView(v, halved, headDim, 'g'), 'feature');
        const dLogits = inner.map(
          [a, dA, statistics[1]],
          where(visible, apply('multiply', operand(0), apply('subtract', operand(1), operand(2))), 0),
        );
        const after = inner.push(before, dLogits);
        // The transposed convolution gathers from the rows behind and the keys around.
        const dConvolved = inner.stencil(after, [trailing, own], {
          counters,
          weight,
          queryOffset: minus(history, u),
          keyOffset: minus(halo, w),
        });
        const dScores = inner.map(
          [dConvolved],
          where(visible, apply('divide', operand(0), float(Math.sqrt(headDim))), 0),
        );
        const rowsBehind = view(q, queryPlace('h') as Placement, [trailing, features]);
        return [after, inner.matmul(dKeys, dScores, rowsBehind, 'query'), inner.matmul(dValues, a, dOut, 'query')];
      }
    },
  );
  return {
    name: 'mta_key_backward',
    buffers: [q, k, v, theta, out, lse, gradOut, delta, gradK, gradV],
    launches: [
      { launch: 'kernel', kernel: deltaKernel({ out, gradOut, delta }, sizes, rows) },
      { launch: 'kernel', kernel: gradientKernel },
    ],
  };
}
