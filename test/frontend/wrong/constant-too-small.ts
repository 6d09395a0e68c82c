// HD1080: in float32 this is 0, and the logarithm of 0 hides a key
import { attention, map, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const s = scaledDot(q, k);
  const t = map(s, (x) => Math.log(Math.max(x, 1e-300))); // <-- here: Math.max(x, 1e-300)
  return softmax(t).times(v);
});
