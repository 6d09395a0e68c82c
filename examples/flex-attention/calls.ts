// What takes FlexAttention more than a score_mod and a mask_mod: other inputs, the log-sum-exp, two calls.
// calls.py says the same, function by function; docs/flex-attention.md shows both, test/flex-attention/ compares them.
import type { Mask } from 'heddle';
import {
  attention,
  dot,
  fill,
  keys,
  keysAndValues,
  map,
  param,
  queries,
  scores,
  softmax,
  weights,
} from 'heddle';
import { sigmoid as logistic, scaledDot } from 'heddle/library';

const causal: Mask = (i, j) => j <= i;

/** Grouped queries. */
export const groupedQuery = attention(
  { heads: 8, kvHeads: 2, headDim: 64 },
  ({ q, k, v }) => softmax(fill(scaledDot(q, k), causal, -Infinity)).times(v),
);

/** Scores that are not divided by √D. */
export const unscaled = attention({ heads: 8, headDim: 64 }, ({ q, k, v }) =>
  softmax(fill(dot(q, k), causal, -Infinity)).times(v),
);

/** Learned attention sinks: a logit for each head that has no value (gpt-oss). */
export const sinks = attention({ heads: 8, headDim: 64 }, ({ q, k, v }) => {
  const sink = param('sink', ['head']);
  return softmax(fill(scaledDot(q, k), causal, -Infinity), {
    sink: (h) => sink(h),
  }).times(v);
});

/** Multi-head latent attention, absorbed: keys that are the values too, and rotated features beside them. */
export const latent = attention(
  { heads: 16, latentDim: 512, ropeDim: 64, nopeDim: 128 },
  (spec) => {
    const { latentDim, ropeDim, nopeDim } = spec;
    const c = keysAndValues('c', { heads: 1, dim: latentDim });
    const content = dot(queries('q_nope', { dim: latentDim }), c);
    const position = dot(
      queries('q_rope', { dim: ropeDim }),
      keys('k_rope', { heads: 1, dim: ropeDim }),
    );
    const logits = scores(
      (h, i, j) =>
        (content(h, i, j) + position(h, i, j)) / Math.sqrt(nopeDim + ropeDim),
    );
    return softmax(fill(logits, causal, -Infinity)).times(c);
  },
);

/** Differential attention: one softmax less λ times another. */
export const differential = attention(
  { heads: 8, headDim: 64, lambda: 0.8 },
  ({ v, lambda }) => {
    const first = softmax(
      fill(scaledDot(queries('q1'), keys('k1')), causal, -Infinity),
    );
    const second = softmax(
      fill(scaledDot(queries('q2'), keys('k2')), causal, -Infinity),
    );
    return map(first, (x, h, i, j) => x - lambda * second(h, i, j)).times(v);
  },
);

/** No softmax: each weight a function of its own score. */
export const sigmoid = attention({ heads: 8, headDim: 64 }, ({ q, k, v }) => {
  const s = scaledDot(q, k);
  const each = weights((h, i, j) => logistic(s(h, i, j)));
  return fill(each, causal, 0).times(v);
});
