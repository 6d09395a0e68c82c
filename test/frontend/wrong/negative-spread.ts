// HD1060: start values are drawn from a law with a finite spread
import { attention, map, normal, param, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const s = scaledDot(q, k);
  const table = param('table', ['head'], normal(-1)); // <-- here: -1
  const t = map(s, (x, h) => x + table(h));
  return softmax(t).times(v);
});
