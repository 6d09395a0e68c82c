// HD1081: a difference of entries may be larger than what a kernel divides exactly
import { attention, integers, map, param, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const p = param('p', [8]);
  const t = integers('t', ['position']);
  const s = scaledDot(q, k);
  const b = map(s, (x, _h, i, j) => x + p((t(i) - t(j)) % 8)); // <-- here: (t(i) - t(j)) % 8
  return softmax(b).times(v);
});
