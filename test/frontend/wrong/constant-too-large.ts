// HD1080: float32 has nothing as large
import { attention, map, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4, huge: 1e39 }, ({ q, k, v, huge }) => {
  const s = map(scaledDot(q, k), (x) => x * (huge / 1e39));
  const t = map(s, (x) => Math.min(x, huge)); // <-- here: Math.min(x, huge)
  return softmax(t).times(v);
});
