// HD1080: a value of a fill is a constant of the kernel
import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const s = scaledDot(q, k);
  const t = fill(s, causal, -1e39); // <-- here: -1e39
  return softmax(t).times(v);
});
