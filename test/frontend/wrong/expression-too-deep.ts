// HD1061: a loop that nests more levels than a stack takes
import { attention, map, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

const places = Array.from({ length: 600 }, (_, n) => n);

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const s = scaledDot(q, k);
  const t = map(s, (x) => places.reduce((total, n) => total * 0.5 + n, x)); // <-- here
  return softmax(t).times(v);
});
