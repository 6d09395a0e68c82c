// Declarations that say what a tensor may hold, in every form; meanings stay what they are without.
import type { Key, Query } from 'heddle';
import { attention, fill, integers, map, softmax, tensor } from 'heddle';
import { causal, sameDocument, scaledDot } from 'heddle/library';

export const contents = attention({ heads: 2, headDim: 4, most: 1 }, ({ q, k, v, most }) => {
  const document = integers('document', ['batch', 'position'], { increasing: true });
  const length = integers('length', ['batch'], { upTo: 'key' });
  const other = integers('other', ['position'], { from: -1, below: 'position' });
  const gate = integers('gate', ['head'], { below: 'head' });
  const weight = tensor('weight', ['batch', 'key'], { between: [-most, most] });
  const table = tensor('table', ['head', 12]);
  // Differences of positions are small enough to be divided.
  const apart = (i: Query, j: Key) => Math.abs(other(i) - other(j));
  const s = map(
    scaledDot(q, k),
    (x, h, i, j) => x + weight(j) * table(gate(h), other(i)) + table(h, apart(i, j) % 12) + Math.floor(apart(i, j) / 2),
  );
  const visible = sameDocument(document);
  return softmax(fill(s, (i, j) => causal(i, j) && visible(i, j) && Boolean(j < length()), -Infinity)).times(v);
});
