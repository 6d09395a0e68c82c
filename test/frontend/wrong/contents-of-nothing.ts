// HD1052: no integer is from 3 to 2
import { attention, fill, integers, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const prefix = integers('prefix', ['batch'], { from: 3, below: 3 }); // <-- here: { from: 3, below: 3 }
  return softmax(fill(scaledDot(q, k), (_, j) => j < prefix(), -Infinity)).times(v);
});
