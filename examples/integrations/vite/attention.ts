// The attention of this project: Multi-Token Attention, whose scores are convolved over neighbouring queries and keys and mixed by heads.
// Change it while `npm run dev` runs: the page follows.
import { attention, fill, softmax } from 'heddle';
import { causal, convKernel, headMix, keyQueryConv, mixHeads, scaledDot } from 'heddle/library';

/** Scores are convolved, then mixed across heads, before the softmax. */
export const mixed = attention({ heads: 4, headDim: 24, rows: 3, columns: 5 }, ({ q, k, v, heads, rows, columns }) => {
  const theta = convKernel('theta', rows, columns);
  const convolved = keyQueryConv(fill(scaledDot(q, k), causal, 0), theta);
  const logits = mixHeads(convolved, headMix('mix', heads, 4));
  return softmax(fill(logits, causal, -Infinity)).times(v);
});
