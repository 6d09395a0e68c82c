// A window for each head: the mask takes the head as well, and each head's kernel visits its own keys alone.
// Early heads look at few keys and late ones at many, or as an ablation says (--set window=…).
import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';

/**
 * Causal attention where each head sees the last keys of a window of its own.
 *
 * @formula softmax(fill(q·kᵀ/√D, j ≤ i and i − j < window[h], −∞))·v
 * @paper arXiv:1905.07799
 */
export const windowByHead = attention(
  { heads: 8, kvHeads: 0, headDim: 64, window: [32, 32, 64, 64, 128, 256, 512, 1024] },
  ({ q, k, v, window }) =>
    softmax(fill(scaledDot(q, k), (h, i, j) => causal(i, j) && i - j < window[h]!, -Infinity)).times(v),
);
