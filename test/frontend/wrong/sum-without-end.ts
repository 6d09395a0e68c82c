// HD1082: a sum ends within a time that somebody waits
import { attention, map, softmax, sum } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4, size: 4096 }, ({ q, k, v, size }) => {
  const most = map(scaledDot(q, k), (x) => x + sum([size, size], () => x));
  const t = map(most, (x) => x + sum([size, size + 1], () => x)); // <-- here: [size, size + 1]
  return softmax(t).times(v);
});
