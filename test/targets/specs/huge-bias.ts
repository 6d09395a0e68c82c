// Logits of any size, by a bias that a caller gives: what most PyTorch code adds for a mask, and worse. Plain softmax, one with
// a sink, and one whose weights are read by their neighbours.
import { attention, fill, logSumExp, map, param, softmax, tensor, weights } from 'heddle';
import { causal, keyQueryConv, scaledDot } from 'heddle/library';

/** One pass over the keys. */
export const hugeBias = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => {
  const bias = tensor('bias', ['query', 'key']);
  return softmax(map(scaledDot(q, k), (x, _h, i, j) => x + bias(i, j))).times(v);
});

/** A sink beside the logits. */
export const hugeBiasAndSink = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => {
  const bias = tensor('bias', ['query', 'key']);
  const sink = tensor('sink', ['head']);
  const s = map(scaledDot(q, k), (x, _h, i, j) => x + bias(i, j));
  return softmax(s, { sink: (h) => sink(h) }).times(v);
});

/** Weights of the row above and of the key before: sums are known before weights are. */
export const hugeBiasAndNeighbours = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => {
  const bias = tensor('bias', ['query', 'key']);
  const s = map(scaledDot(q, k), (x, _h, i, j) => x + bias(i, j));
  const a = softmax(s);
  const near = weights((h, i, j) => a(h, i, j) + 0.5 * a(h, i, j - 1) + 0.25 * a(h, i - 1, j));
  return { out: near.times(v), lse: logSumExp(s) };
});

/** Scores that a convolution of 3 × 5 reads. */
export const hugeConvolved = attention({ heads: 2, headDim: 16 }, ({ q, k, v }) => {
  const theta = param('theta', ['head', 3, 5], 0);
  const s = keyQueryConv(fill(scaledDot(q, k), causal, 0), theta);
  return softmax(fill(s, causal, -Infinity)).times(v);
});
