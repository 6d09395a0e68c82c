// Query heads that share keys and values, and what depends on the head beside that: numbers, tables and biases of each head's own,
// whose rows a block holds together; and what keeps heads apart.
import { attention, fill, map, normal, param, softmax, tensor, weights } from 'heddle';
import { alibi, causal, clamp, headMix, mixHeads, scaledDot } from 'heddle/library';

/** A slope for each head, from its number. */
export const groupedSlopes = attention({ heads: 6, kvHeads: 2, headDim: 4 }, ({ q, k, v }) =>
  softmax(fill(alibi(scaledDot(q, k)), causal, -Infinity)).times(v),
);

/** A learned number for each head and distance, and one for each pair of head and row. */
export const groupedBias = attention({ heads: 4, kvHeads: 2, headDim: 4, farthest: 3 }, ({ q, k, v, farthest }) => {
  const bias = param('bias', [2 * farthest + 1, 'head'], normal(0.5));
  const ofRow = tensor('of_row', ['head', 'query']);
  const s = map(
    scaledDot(q, k),
    (x, h, i, j) => x + bias(clamp(i - j, -farthest, farthest) + farthest, h) + ofRow(h, i),
  );
  return softmax(s).times(v);
});

/** A bias for each head, row and key, and one for each key of a head. */
export const groupedMatrix = attention({ heads: 4, kvHeads: 1, headDim: 4 }, ({ q, k, v }) => {
  const bias = tensor('bias', ['head', 'query', 'key']);
  const ofKey = tensor('of_key', ['head', 'key']);
  const s = map(scaledDot(q, k), (x, h, i, j) => x + bias(h, i, j) * ofKey(h, j));
  return softmax(fill(s, causal, -Infinity)).times(v);
});

/** A sink and a gate of each head, and weights without a softmax whose scale is each head's. */
export const groupedSigmoid = attention({ heads: 4, kvHeads: 2, headDim: 4 }, ({ q, k, v }) => {
  const scale = param('scale', ['head'], normal(1));
  const s = scaledDot(q, k);
  const a = weights((h, i, j) => (causal(i, j) ? 1 / (1 + Math.exp(-scale(h) * s(h, i, j))) : 0));
  return a.times(v);
});

/** Heads that are mixed with the others of their group: no rows of a block by themselves. */
export const groupedMix = attention({ heads: 4, kvHeads: 2, headDim: 4 }, ({ q, k, v }) => {
  const s = mixHeads(scaledDot(q, k), headMix('mix', 4, 2));
  return softmax(fill(s, causal, -Infinity)).times(v);
});
