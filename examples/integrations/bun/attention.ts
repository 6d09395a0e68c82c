// The attention of this project: scores are convolved over neighbouring queries and keys before the softmax.
// Change it, and `npm test` checks the kernels that it becomes.
import { attention, fill, softmax } from 'heddle';
import { causal, convKernel, keyQueryConv, scaledDot } from 'heddle/library';

/** Each score becomes a weighted sum of the scores of nearby queries and keys. */
export const convolved = attention({ heads: 4, headDim: 32, rows: 3, columns: 5 }, ({ q, k, v, rows, columns }) => {
  const theta = convKernel('theta', rows, columns);
  const logits = keyQueryConv(fill(scaledDot(q, k), causal, 0), theta);
  return softmax(fill(logits, causal, -Infinity)).times(v);
});
