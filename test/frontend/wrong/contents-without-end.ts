// HD1052: an end is not finite
import { attention, map, softmax, tensor } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const weight = tensor('weight', ['key'], { between: [0, Infinity] }); // <-- here: { between: [0, Infinity] }
  return softmax(map(scaledDot(q, k), (x, _h, _i, j) => x + weight(j))).times(v);
});
