// What FlexAttention says with a score_mod, as specs: score-mods.py says the same, function by function.
// Side by side in docs/flex-attention.md; test/flex-attention/ holds each pair to each other.
import {
  attention,
  fill,
  integers,
  map,
  normal,
  param,
  softmax,
  sum,
  tensor,
} from 'heddle';
import { alibiSlope, clamp, scaledDot } from 'heddle/library';

const sizes = { heads: 8, headDim: 64 };

/** No modification. */
export const plain = attention(sizes, ({ q, k, v }) =>
  softmax(scaledDot(q, k)).times(v),
);

/** A factor for all scores (temperature). */
export const temperature = attention(
  { ...sizes, factor: 0.7 },
  ({ q, k, v, factor }) =>
    softmax(map(scaledDot(q, k), (x) => x * factor)).times(v),
);

/** A learned factor for each head. */
export const scaleByHead = attention(sizes, ({ q, k, v }) => {
  const scale = param('scale', ['head'], 1);
  return softmax(map(scaledDot(q, k), (x, h) => x * scale(h))).times(v);
});

/** A factor that grows with the position, log n (arXiv:2501.19399). */
export const scaleByLength = attention(sizes, ({ q, k, v }) =>
  softmax(map(scaledDot(q, k), (x, _h, i) => x * Math.log(i + 2))).times(v),
);

/** A learned bias for each head. */
export const headBias = attention(sizes, ({ q, k, v }) => {
  const bias = param('bias', ['head']);
  return softmax(map(scaledDot(q, k), (x, h) => x + bias(h))).times(v);
});

/** The relative position, added. */
export const relativePosition = attention(sizes, ({ q, k, v }) =>
  softmax(map(scaledDot(q, k), (x, _h, i, j) => x + (i - j))).times(v),
);

/** ALiBi: a slope for each head times the distance. */
export const alibi = attention(sizes, ({ q, k, v, heads }) =>
  softmax(
    map(scaledDot(q, k), (x, h, i, j) => x + alibiSlope(h, heads) * (j - i)),
  ).times(v),
);

/** A learned bias for each relative position up to a farthest one, in one dimension. */
export const relative1d = attention(
  { ...sizes, farthest: 64 },
  ({ q, k, v, farthest }) => {
    const bias = param('bias', ['head', 2 * farthest + 1], normal(0.02));
    const place = (i: number, j: number) =>
      clamp(i - j, -farthest, farthest) + farthest;
    return softmax(
      map(scaledDot(q, k), (x, h, i, j) => x + bias(h, place(i, j))),
    ).times(v);
  },
);

/** The same in two dimensions: pixels row by row, a bias for each step down and right (Swin). */
export const relative2d = attention(
  { ...sizes, height: 7, width: 7 },
  ({ q, k, v, height, width }) => {
    const bias = param(
      'bias',
      ['head', 2 * height - 1, 2 * width - 1],
      normal(0.02),
    );
    const biased = map(scaledDot(q, k), (x, h, i, j) => {
      const down = Math.floor(i / width) - Math.floor(j / width);
      const right = (i % width) - (j % width);
      return x + bias(h, down + height - 1, right + width - 1);
    });
    return softmax(biased).times(v);
  },
);

// Distances get buckets of their own up to half of them, wider and wider ones from there on.
function bucket(distance: number, buckets: number, farthest: number): number {
  const exact = buckets / 2;
  const n = Math.max(distance, 0);
  if (n < exact) return n;
  const wide = Math.floor(
    (Math.log(n / exact) / Math.log(farthest / exact)) * (buckets - exact),
  );
  return Math.min(exact + wide, buckets - 1);
}

/** T5's buckets of distances, a learned bias for each. */
export const t5 = attention(
  { ...sizes, buckets: 32, farthest: 128 },
  ({ q, k, v, buckets, farthest }) => {
    const bias = param('bias', ['head', buckets], normal(0.02));
    const biased = map(
      scaledDot(q, k),
      (x, h, i, j) => x + bias(h, bucket(i - j, buckets, farthest)),
    );
    return softmax(biased).times(v);
  },
);

/** A table of biases for every query and key. */
export const tableBias = attention(sizes, ({ q, k, v }) => {
  const bias = tensor('bias', ['batch', 'head', 'query', 'key']);
  return softmax(map(scaledDot(q, k), (x, h, i, j) => x + bias(h, i, j))).times(v);
});

/** A learned bias for each distance in a graph (Graphormer, arXiv:2106.05234). */
export const graphormer = attention(
  { ...sizes, distances: 8 },
  ({ q, k, v, distances }) => {
    const bias = param('bias', ['head', distances], normal(0.02));
    const distance = integers('distance', ['batch', 'query', 'key'], {
      below: distances,
    });
    return softmax(
      map(scaledDot(q, k), (x, h, i, j) => x + bias(h, distance(i, j))),
    ).times(v);
  },
);

/** Sandwich: the inner product of sinusoids, for each head less (arXiv:2212.10356). */
export const sandwich = attention(
  { ...sizes, waves: 16 },
  ({ q, k, v, heads, waves }) => {
    const biased = map(scaledDot(q, k), (x, h, i, j) => {
      const wave = sum(waves, (n) => Math.cos((i - j) / 10000 ** (n / waves)));
      return x + (wave * heads) / (8 * (h + 1));
    });
    return softmax(biased).times(v);
  },
);

/** Tanh soft-capping. */
export const softCap = attention({ ...sizes, cap: 20 }, ({ q, k, v, cap }) =>
  softmax(map(scaledDot(q, k), (x) => cap * Math.tanh(x / cap))).times(v),
);

/** Checkerboard: every second score halved. */
export const checkerboard = attention(sizes, ({ q, k, v }) =>
  softmax(
    map(scaledDot(q, k), (x, _h, i, j) => ((i + j) % 2 === 1 ? x / 2 : x)),
  ).times(v),
);

/** Forgetting: a sum of log forget gates up to each position (arXiv:2503.02130). */
export const forgetting = attention(sizes, ({ q, k, v }) => {
  const gates = tensor('gates', ['batch', 'head', 'position']);
  const logits = map(
    scaledDot(q, k),
    (x, h, i, j) => x + gates(h, i) - gates(h, j),
  );
  return softmax(fill(logits, (i, j) => j <= i, -Infinity)).times(v);
});

/** Several at once: ALiBi, soft cap, causal. */
export const alibiCapped = attention(
  { ...sizes, cap: 20 },
  ({ q, k, v, heads, cap }) => {
    const biased = map(
      scaledDot(q, k),
      (x, h, i, j) => x + alibiSlope(h, heads) * (j - i),
    );
    const capped = map(biased, (x) => cap * Math.tanh(x / cap));
    return softmax(fill(capped, (i, j) => j <= i, -Infinity)).times(v);
  },
);
