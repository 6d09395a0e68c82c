// HD1081: a product of entries
import { attention, integers, map, param, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const p = param('p', [8]);
  const t = integers('t', ['position']);
  const s = scaledDot(q, k);
  const b = map(s, (x, _h, i, j) => x + p(t(i) * t(j))); // <-- here: t(i) * t(j)
  return softmax(b).times(v);
});
