// HD1031: a number that only the kernel knows has no truth value
import { attention, map, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention(
  { heads: 2, headDim: 4 },
  ({ q, k, v }) => softmax(map(scaledDot(q, k), (x) => (Boolean(x) ? x : 1))).times(v), // <-- here: Boolean(x)
);
