// Blocks of keys that are chosen outside, by scores of compressed keys: the kernel gets their numbers in a table.
// Tiles that no row of a block of queries has chosen are skipped by the range of what it chose.
import { attention, fill, integers, max, softmax } from 'heddle';
import { both, causal, scaledDot } from 'heddle/library';

/**
 * Causal attention to the blocks of keys that a table names for each query and group of heads (Native Sparse Attention).
 *
 * @formula softmax(fill(q·kᵀ/√D, j ≤ i and ⌊j / block⌋ ∈ chosen[⌊h / (heads / groups)⌋, i], −∞))·v
 * @paper arXiv:2502.11089
 */
export const selectedBlocks = attention(
  { heads: 8, kvHeads: 2, headDim: 64, groups: 2, block: 64, count: 16 },
  ({ q, k, v, heads, groups, block, count }) => {
    const chosen = integers('chosen', ['batch', groups, 'position', count]);
    return softmax(
      fill(
        scaledDot(q, k),
        both(
          causal,
          (h, i, j) =>
            max(count, (n) => (chosen(Math.floor(h / (heads / groups)), i, n) === Math.floor(j / block) ? 1 : 0)) > 0,
        ),
        -Infinity,
      ),
    ).times(v);
  },
);
