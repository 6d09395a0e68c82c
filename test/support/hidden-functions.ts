// Specs whose hidden scores, −Infinity, go through functions that are finite there: to weights, or on to a normaliser.
import { attention, fill, map, param, softmax, weights } from 'heddle';
import { causal, convKernel, keyQueryConv, relu, scaledDot, sigmoid, slidingWindow } from 'heddle/library';

const sizes = { heads: 2, headDim: 4 };

/** Sigmoid attention: 0 for what is hidden. */
export const sigmoids = attention(sizes, ({ q, k, v }) => {
  const bias = param('bias', ['head']);
  const hidden = fill(scaledDot(q, k), slidingWindow(3), -Infinity);
  return weights((h, i, j) => sigmoid(hidden(h, i, j) + bias(h))).times(v);
});

/** Rectified and squared, and exponentials without a sum. */
export const rectified = attention(sizes, ({ q, k, v }) => {
  const hidden = fill(scaledDot(q, k), causal, -Infinity);
  return weights((h, i, j) => relu(hidden(h, i, j)) ** 2 / 8 + Math.exp(Math.min(hidden(h, i, j), 1)) / 4).times(v);
});

/** A softmax of capped scores: what is hidden has the least logit and is seen all the same. */
export const capped = attention(sizes, ({ q, k, v }) => {
  const hidden = fill(scaledDot(q, k), causal, -Infinity);
  return softmax(map(hidden, (x) => 2 * Math.tanh(x) + Math.atan(x - 1))).times(v);
});

/** Softplus, a floor and a power of two, of scores and of their negatives. */
export const others = attention(sizes, ({ q, k, v }) => {
  const hidden = fill(scaledDot(q, k), causal, -Infinity);
  return weights((h, i, j) => {
    const x = hidden(h, i, j);
    return Math.log1p(Math.exp(x)) + 2 ** x + 1 / (2 + Math.exp(-x)) + Math.max(Math.expm1(x), -0.5) + Math.sign(x) / 8;
  }).times(v);
});

/** −Infinity goes on: a least number of two, and −Infinity less a number, before a softmax with a sink. */
export const passedOn = attention(sizes, ({ q, k, v }) => {
  const hidden = fill(scaledDot(q, k), causal, -Infinity);
  return softmax(
    map(hidden, (x, h, i, j) => Math.min(x, 0.5) - Math.abs(i - j) / (h + 4)),
    { sink: 0 },
  ).times(v);
});

/** A convolution over weights that hidden scores have made. */
export const convolved = attention(sizes, ({ q, k, v }) => {
  const hidden = fill(scaledDot(q, k), causal, -Infinity);
  const made = weights((h, i, j) => sigmoid(hidden(h, i, j)));
  return fill(keyQueryConv(made, convKernel('theta', 2, 3)), causal, 0).times(v);
});
