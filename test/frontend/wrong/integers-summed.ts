// HD1081: a sum of entries over a counter
import { attention, integers, map, param, softmax, sum } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const p = param('p', [8]);
  const t = integers('t', ['position']);
  const s = scaledDot(q, k);
  const b = map(s, (x, _h, _i, j) => x + p(sum(4, (n) => t(j) + n))); // <-- here: sum(4, (n) => t(j) + n)
  return softmax(b).times(v);
});
