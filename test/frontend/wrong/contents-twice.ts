// HD1024: one name, two declarations
import { attention, fill, integers, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const prefix = integers('prefix', ['batch'], { upTo: 'key' });
  const again = integers('prefix', ['batch']); // <-- here: integers('prefix', ['batch'])
  return softmax(fill(scaledDot(q, k), (_, j) => j < prefix() || j < again(), -Infinity)).times(v);
});
