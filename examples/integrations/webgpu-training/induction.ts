// The attention of the model in train.js: Multi-Token Attention with one convolution, which lets a key's score come from the
// key before it. That is what an induction task asks for: find an earlier occurrence, and take the token after it.
import { attention, fill, softmax } from 'heddle';
import { causal, convKernel, keyQueryConv, scaledDot } from 'heddle/library';

/**
 * Scores are convolved over the row above and one key to each side before the softmax.
 * @formula softmax(fill(conv(fill(q·kᵀ/√D, j ≤ i, 0)), j ≤ i, −∞)) · v
 * @paper arXiv:2504.00927v2
 */
export const induction = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => {
  const theta = convKernel('theta', 2, 3);
  const logits = keyQueryConv(fill(scaledDot(q, k), causal, 0), theta);
  return softmax(fill(logits, causal, -Infinity)).times(v);
});
