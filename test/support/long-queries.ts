// Specs whose masks, tables and neighbour reads meet rows above the first key, whose positions are negative: quotients,
// remainders and bits of them, tables by position and by row, windows, convolutions, decisions by documents.
import type { Key, Query } from 'heddle';
import { attention, fill, integers, logSumExp, map, param, rows, scores, softmax, tensor } from 'heddle';
import { causal, convKernel, headMix, keyQueryConv, mixHeads, scaledDot } from 'heddle/library';

const sizes = { heads: 2, headDim: 8 };

/** No mask: every row sees every key. */
export const plain = attention(sizes, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v));

/** Rows above the first key see nothing. */
export const causalRows = attention(sizes, ({ q, k, v }) => {
  const logits = fill(scaledDot(q, k), causal, -Infinity);
  return { out: softmax(logits).times(v), lse: logSumExp(logits) };
});

/** Rows from three above the first key on see something; a sink takes what no key does. */
export const aheadWindow = attention(sizes, ({ q, k, v }) => {
  const sink = param('sink', ['head']);
  const visible = (i: Query, j: Key) => j <= i + 3 && i - j < 5;
  return softmax(fill(scaledDot(q, k), visible, -Infinity), { sink: (h) => sink(h) }).times(v);
});

/** Blocks of four positions, also below 0; every third diagonal; even bits. */
export const blocks = attention(sizes, ({ q, k, v }) => {
  const visible = (i: Query, j: Key) =>
    Math.floor(j / 4) <= Math.floor((i + 9) / 4) && ((i - j) % 3 !== 0 || (i & 1) === (j & 1) || i >> 1 < -2);
  return softmax(fill(scaledDot(q, k), visible, -Infinity)).times(v);
});

/** The remainder of a negative position is negative, its quotient is rounded down. */
export const grid = attention(sizes, ({ q, k, v }) =>
  softmax(
    map(scaledDot(q, k), (x, _h, i, j) => x + (i % 4) * 0.25 - Math.floor(i / 4) * 0.5 * (j % 3) + Math.abs(i) * 0.125),
  ).times(v),
);

/** Tables of numbers: by position, which has no entry below 0; by row, which has; by distance; by a number. */
export const tables = attention(sizes, ({ q, k, v }) => {
  const place = tensor('place', ['batch', 'position']);
  const row = tensor('row', ['batch', 'query']);
  const distance = param('distance', [16, 'head']);
  const start = param('start', [6]);
  return softmax(
    map(
      scaledDot(q, k),
      (x, h, i, j) =>
        x * (1 + row(i) / 2 + row(i - 3) / 4) +
        place(i) * start(j) +
        place(i - 2) * place(j + 1) +
        distance(i - j + 4, h) +
        start(i) * start(j),
    ),
  ).times(v);
});

/** Documents: a row above the first key reads 0 for its document. */
export const documents = attention(sizes, ({ q, k, v }) => {
  const document = integers('document', ['batch', 'position']);
  const visible = (i: Query, j: Key) => document(i) === document(j) && j <= i + 20;
  return softmax(fill(scaledDot(q, k), visible, -Infinity)).times(v);
});

/** An integer for each row that is there, whatever its position. */
export const rowLimits = attention(sizes, ({ q, k, v }) => {
  const limit = integers('limit', ['batch', 'query']);
  return softmax(fill(scaledDot(q, k), (i, j) => j <= limit(i) || j === limit(i - 1), -Infinity)).times(v);
});

/** A convolution over rows above the first key, which are there: not masked, and masked before it. */
export const convolved = attention({ ...sizes, rows: 3, columns: 3 }, ({ q, k, v, rows: up, columns }) => {
  const theta = convKernel('theta', up, columns);
  return softmax(keyQueryConv(scaledDot(q, k), theta)).times(v);
});

/** Multi-Token Attention with both convolutions. */
export const both = attention({ ...sizes, rows: 3, columns: 3 }, ({ q, k, v, rows: up, columns }) => {
  const visible = (i: Query, j: Key) => j <= i + 4;
  const logits = keyQueryConv(fill(scaledDot(q, k), visible, 0), convKernel('theta', up, columns));
  const weights = softmax(fill(logits, visible, -Infinity));
  return fill(keyQueryConv(weights, convKernel('phi', up, columns)), visible, 0).times(v);
});

/** Neighbours by hand: what is read above the first row is 0, what is read at a negative position is not. */
export const neighbours = attention(sizes, ({ q, k, v }) => {
  const s = scaledDot(q, k);
  const near = map(s, (x, h, i, j) => x + 0.5 * s(h, i - 2, j) + (i - 1 >= 0 ? s(h, i - 1, j + 1) : 0.25));
  return softmax(near).times(v);
});

/** Heads mixed before and after. */
export const mixed = attention(sizes, ({ q, k, v }) => {
  const visible = (i: Query, j: Key) => j <= i + 2;
  const logits = mixHeads(fill(scaledDot(q, k), visible, 0), headMix('before', 2, 2));
  return mixHeads(softmax(fill(logits, visible, -Infinity)), headMix('after', 2, 2)).times(v);
});

/** Weights from positions alone, and a factor by row. */
export const positional = attention(sizes, ({ q, k, v }) => {
  const factor = rows((_h, i) => Math.log(Math.max(i, 0) + 2));
  const s = scaledDot(q, k);
  const bias = scores((h, i, j) => -Math.abs(i - j) / (h + 2));
  return softmax(map(s, (x, h, i, j) => x * factor(h, i) + bias(h, i, j))).times(v);
});
