// A convolution of scores as its gradient has it, transposed: taps read backwards, whichever counter comes first.
import { attention, fill, logSumExp, map, param, softmax, sum } from 'heddle';
import { causal, scaledDot } from 'heddle/library';

/** The same sum with its counters in either order: columns of keys first, or rows of queries first. */
export const transposedConvolution = attention(
  { heads: 2, headDim: 16, keysFirst: false },
  ({ q, k, v, keysFirst }) => {
    const theta = param('theta', ['head', 3, 5], 0);
    const s = fill(scaledDot(q, k), causal, 0);
    const near = keysFirst
      ? map(s, (_x, h, i, j) => sum([5, 3], (w, u) => theta(h, u, w) * s(h, i - u, j - w + 2)))
      : map(s, (_x, h, i, j) => sum([3, 5], (u, w) => theta(h, u, w) * s(h, i - u, j - w + 2)));
    const logits = fill(near, causal, -Infinity);
    return { out: softmax(logits).times(v), lse: logSumExp(logits) };
  },
);
