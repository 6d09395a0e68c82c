// HD1021: an output is read at its own head, and a counter is none
import { attention, map, softmax, sum } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const o = softmax(scaledDot(q, k)).times(v);
  return map(o, (_, _h, i, d) => sum(2, (n) => o(n, i, d))); // <-- here: n
});
