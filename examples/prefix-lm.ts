// Causal attention behind a prefix that is read in both directions.
// The prefix length differs from one batch entry to the next, so it is a tensor and not a setting.
import { attention, fill, integers, softmax } from 'heddle';
import { prefixCausal, scaledDot } from 'heddle/library';

/**
 * Prefix language model: the first `prefix` keys of each batch entry are visible to all its queries, the rest causally.
 * @formula softmax(fill(q·kᵀ/√D, j ≤ i ∨ j < prefix, −∞)) · v
 * @paper arXiv:1910.10683
 */
export const prefixLm = attention({ heads: 8, headDim: 64 }, ({ q, k, v }) => {
  const prefix = integers('prefix', ['batch'], { upTo: 'key' });
  return softmax(fill(scaledDot(q, k), prefixCausal(prefix), -Infinity)).times(v);
});
