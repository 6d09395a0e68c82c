// Ways to tell attention where a key stands: by a slope, by a learned bias for buckets of distances, by gates, or not at all.
// All are causal, so that they compute over the same keys.
import { ablation, attention, fill, map, normal, param, softmax } from 'heddle';
import { causal as earlier, scaledDot } from 'heddle/library';
import { alibi } from '../alibi.js';
import { causal } from '../causal.js';
import { forgettingTransformer } from '../forgetting-transformer.js';
import { bucket } from '../t5.js';

/**
 * T5's relative position bias over the keys before a query.
 * @formula softmax(fill(q·kᵀ/√D + bias[bucket(i − j), h], j ≤ i, −∞)) · v
 * @paper arXiv:1910.10683
 */
const t5 = attention({ heads: 8, headDim: 64, buckets: 32, farthest: 128 }, ({ q, k, v, buckets, farthest }) => {
  const bias = param('bias', [buckets, 'head'], normal(0.02));
  const biased = map(scaledDot(q, k), (x, h, i, j) => x + bias(bucket(i - j, buckets, farthest, false), h));
  return softmax(fill(biased, earlier, -Infinity)).times(v);
});

/** What it costs to know positions. */
export const positions = ablation(causal, {
  title: 'Positions',
  base: { heads: 2, headDim: 16 },
  baseline: 'none',
  variants: { none: {}, ALiBi: alibi, T5: t5, Forgetting: forgettingTransformer },
  shapes: [{ keys: 64 }, { keys: 128 }],
  text: 'The key is under the mat. Where is the key?',
});
