// HD1081: two shifts by 16 bits leave nothing of 32
import { attention, map, param, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const p = param('p', [8]);
  const s = scaledDot(q, k);
  const b = map(s, (x, _h, _i, j) => x + p(j * 65536 * 65536)); // <-- here: j * 65536 * 65536
  return softmax(b).times(v);
});
