// A convolution of scores whose taps are products of two parameters: no numbers of 16 bits, though both parameters are.
import { attention, fill, logSumExp, map, param, softmax, sum } from 'heddle';
import { causal, scaledDot } from 'heddle/library';

/** Taps for rows times taps for keys. */
export const separableTaps = attention({ heads: 2, headDim: 16 }, ({ q, k, v }) => {
  const rows = param('rows', ['head', 3], 0);
  const keys = param('keys', ['head', 5], 0);
  const s = fill(scaledDot(q, k), causal, 0);
  const near = map(s, (_x, h, i, j) => sum([3, 5], (u, w) => rows(h, u) * keys(h, w) * s(h, i + u - 2, j + w - 2)));
  const logits = fill(near, causal, -Infinity);
  return { out: softmax(logits).times(v), lse: logSumExp(logits) };
});
