// Specs whose gradients have edges: rows that see no key, sinks, caps that saturate, logits of −1e9, and forwards that are constant.
// What each call sees is in its tensors: a bias for logits of any size, documents for hidden keys.
import { attention, fill, integers, map, param, softmax, tensor, weights } from 'heddle';
import { both, causal, keyQueryConv, sameDocument, scaledDot, softCap } from 'heddle/library';

/** Capped scores, a bias behind the cap, documents, a sink. */
export const cappedWithSink = attention({ heads: 2, kvHeads: 1, headDim: 8 }, ({ q, k, v }) => {
  const bias = tensor('bias', ['query', 'key']);
  const sink = param('sink', ['head'], 0);
  const document = integers('document', ['batch', 'position']);
  const visible = both(both(causal, sameDocument(document)), (_i, j) => document(j) >= 0);
  const logits = map(softCap(scaledDot(q, k), 30), (x, _h, i, j) => x + bias(i, j));
  return softmax(fill(logits, visible, -Infinity), { sink: (h) => sink(h) }).times(v);
});

/** Neighbours before the softmax, documents, no sink: rows may see no key at all. */
export const convolved = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => {
  const theta = param('theta', ['head', 2, 3], 0);
  const document = integers('document', ['batch', 'position']);
  const visible = both(both(causal, sameDocument(document)), (_i, j) => document(j) >= 0);
  const own = fill(scaledDot(q, k), visible, 0);
  return softmax(fill(keyQueryConv(own, theta), visible, -Infinity)).times(v);
});

/** What most code hides keys with in place of −Infinity: where all are hidden so, the row is the mean of all values. */
export const finiteFill = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) =>
  softmax(fill(scaledDot(q, k), (i, j) => j <= i && j > 2, -1e9)).times(v),
);

/** No row sees a key: what is given tells only how many rows and keys there are. */
export const hidden = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) =>
  softmax(fill(scaledDot(q, k), (_i, j) => j < 0, -Infinity)).times(v),
);

/** All weights of a row are equal, whatever the scores. */
export const mean = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) =>
  softmax(fill(scaledDot(q, k), (_i, j) => j < 0, 0)).times(v),
);

/** Nothing that it gives depends on a float. */
export const constant = attention({ heads: 2, headDim: 8 }, ({ v }) =>
  map(weights((_h, i, j) => (j <= i ? 1 : 0)).times(v), (_o, _h, i) => i / 2),
);
