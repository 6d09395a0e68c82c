// What FlexAttention says with a mask_mod, as specs: mask-mods.py says the same, function by function.
// Side by side in docs/flex-attention.md; test/flex-attention/ holds each pair to each other.
import type { Mask, Query } from 'heddle';
import { attention, fill, integers, max, softmax } from 'heddle';
import {
  ancestors,
  both,
  clamp,
  either,
  neighbourhood2d as near,
  scaledDot,
  causal as visible,
} from 'heddle/library';

const sizes = { heads: 8, headDim: 64 };

/** Causal. */
export const causal = attention(sizes, ({ q, k, v }) =>
  softmax(fill(scaledDot(q, k), (i, j) => j <= i, -Infinity)).times(v),
);

/** Anti-causal: the keys from the query's own on. */
export const antiCausal = attention(sizes, ({ q, k, v }) =>
  softmax(fill(scaledDot(q, k), (i, j) => j >= i, -Infinity)).times(v),
);

/** Sliding window. */
export const slidingWindow = attention(
  { ...sizes, window: 1024 },
  ({ q, k, v, window }) =>
    softmax(
      fill(scaledDot(q, k), (i, j) => j <= i && i - j < window, -Infinity),
    ).times(v),
);

/** Dilated sliding window: a band with a step. */
export const dilatedWindow = attention(
  { ...sizes, window: 256, step: 4 },
  ({ q, k, v, window, step }) => {
    const seen: Mask = (i, j) =>
      j <= i && i - j < window * step && (i - j) % step === 0;
    return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
  },
);

/** A window of its own for each head. */
export const windowByHead = attention(
  { ...sizes, window: [32, 32, 64, 64, 128, 256, 512, 1024] },
  (spec) => {
    const { q, k, v, window } = spec;
    return softmax(
      fill(scaledDot(q, k), (h, i, j) => j <= i && i - j < window[h]!, -Infinity),
    ).times(v);
  },
);

/** Chunks: causal within blocks of the sequence (Llama 4). */
export const chunked = attention(
  { ...sizes, chunk: 8192 },
  ({ q, k, v, chunk }) => {
    const seen: Mask = (i, j) =>
      j <= i && Math.floor(i / chunk) === Math.floor(j / chunk);
    return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
  },
);

/** Streaming: a window and the first few keys (StreamingLLM, arXiv:2309.17453). */
export const streaming = attention(
  { ...sizes, window: 1024, first: 4 },
  ({ q, k, v, window, first }) => {
    const seen: Mask = (i, j) => j <= i && (i - j < window || j < first);
    return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
  },
);

/** Global and local: some positions see and are seen by all (Longformer). */
export const globalLocal = attention(
  { ...sizes, reach: 128, globals: 16 },
  ({ q, k, v, reach, globals }) => {
    const seen: Mask = (i, j) =>
      Math.abs(i - j) <= reach || i < globals || j < globals;
    return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
  },
);

/** Big Bird: a window, global positions, and blocks of keys drawn beforehand for each block of queries. */
export const bigBird = attention(
  { ...sizes, blocks: 64, block: 64, drawn: 3 },
  (spec) => {
    const { q, k, v, blocks, block, drawn } = spec;
    const choice = integers('choice', [blocks, drawn]);
    const blockOf = (p: number) => Math.floor(p / block);
    const isDrawn: Mask = (i, j) =>
      max(drawn, (n) => (choice(blockOf(i), n) === blockOf(j) ? 1 : 0)) > 0;
    const seen: Mask = (i, j) => {
      const isNear = Math.abs(blockOf(i) - blockOf(j)) <= 1;
      return isNear || i < block || j < block || isDrawn(i, j);
    };
    return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
  },
);

/** Prefix LM: the first keys of each sequence seen by all its queries, the others causally. */
export const prefixLm = attention(sizes, ({ q, k, v }) => {
  const prefix = integers('prefix', ['batch'], { upTo: 'key' });
  return softmax(
    fill(scaledDot(q, k), (i, j) => j < prefix() || j <= i, -Infinity),
  ).times(v);
});

/** Documents packed into one sequence. */
export const documents = attention(sizes, ({ q, k, v }) => {
  const document = integers('document', ['batch', 'position']);
  const seen: Mask = (i, j) => j <= i && document(i) === document(j);
  return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
});

/** Documents with a prefix each. */
export const prefixDocuments = attention(sizes, ({ q, k, v }) => {
  const document = integers('document', ['batch', 'position']);
  const inPrefix = integers('in_prefix', ['batch', 'position'], { below: 2 });
  const seen: Mask = (i, j) =>
    document(i) === document(j) && (j <= i || inPrefix(j) === 1);
  return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
});

/** Ragged sequences end to end: each position knows where its own starts and ends. */
export const ragged = attention(sizes, ({ q, k, v }) => {
  const start = integers('start', ['position'], { below: 'position' });
  const end = integers('end', ['position'], { upTo: 'position' });
  return softmax(
    fill(scaledDot(q, k), (i, j) => start(i) <= j && j < end(i), -Infinity),
  ).times(v);
});

/** Answers that share a prompt: documents, and of each the one whose continuation it is. */
export const sharedPrefix = attention(sizes, ({ q, k, v }) => {
  const document = integers('document', ['position']);
  const prompt = integers('prompt', ['position']); // the document that i continues, its own for a prompt
  const seen: Mask = (i, j) =>
    j <= i && (document(i) === document(j) || prompt(i) === document(j));
  return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
});

/** Padding: sequences of different lengths in a batch. */
export const padding = attention(sizes, ({ q, k, v }) => {
  const length = integers('length', ['batch'], { upTo: 'key' });
  return softmax(fill(scaledDot(q, k), (_i, j) => j < length(), -Infinity)).times(
    v,
  );
});

/** Any mask at all, from a table drawn beforehand. */
export const tableMask = attention(sizes, ({ q, k, v }) => {
  const shown = integers('shown', ['query', 'key'], { below: 2 });
  return softmax(
    fill(scaledDot(q, k), (i, j) => shown(i, j) === 1, -Infinity),
  ).times(v);
});

/** Blocks of keys chosen for each query and head (Native Sparse Attention, arXiv:2502.11089). */
export const selectedBlocks = attention(
  { ...sizes, block: 64, count: 16 },
  ({ q, k, v, block, count }) => {
    const chosen = integers('chosen', ['batch', 'head', 'query', count]);
    const mask = both(
      visible,
      (h, i, j) =>
        max(count, (n) => (chosen(h, i, n) === Math.floor(j / block) ? 1 : 0)) > 0,
    );
    return softmax(fill(scaledDot(q, k), mask, -Infinity)).times(v);
  },
);

/** Neighbourhood in two dimensions (NATTEN). */
export const neighbourhood = attention(
  { ...sizes, height: 56, width: 56, window: 7 },
  (spec) => {
    const { q, k, v, height, width, window } = spec;
    return softmax(
      fill(scaledDot(q, k), near(height, width, window), -Infinity),
    ).times(v);
  },
);

/** The same with pixels tile by tile, so that neighbours are near in memory (tiled NATTEN). */
export const tiledNeighbourhood = attention(
  { ...sizes, height: 56, width: 56, window: 7, tile: 8 },
  (spec) => {
    const { q, k, v, height, width, window, tile } = spec;
    const tiles = width / tile;
    const tileOf = (p: number) => Math.floor(p / (tile * tile));
    const rowOf = (p: number) =>
      Math.floor(tileOf(p) / tiles) * tile + Math.floor((p % (tile * tile)) / tile);
    const columnOf = (p: number) => (tileOf(p) % tiles) * tile + (p % tile);
    const reach = (window - 1) / 2;
    const isNear = (from: number, to: number, extent: number) =>
      Math.abs(clamp(from, reach, extent - 1 - reach) - to) <= reach;
    const seen: Mask = (i, j) =>
      isNear(rowOf(i), rowOf(j), height) && isNear(columnOf(i), columnOf(j), width);
    return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
  },
);

/** Sliding tiles: whole tiles see whole tiles (arXiv:2502.04507). */
export const slidingTile = attention(
  { ...sizes, rows: 6, columns: 6, tile: 64, window: 3 },
  (spec) => {
    const { q, k, v, rows, columns, tile, window } = spec;
    const tileOf = (p: number) => Math.floor(p / tile); // a tile is `tile` positions one after the other
    const grid = near(rows, columns, window);
    return softmax(
      fill(scaledDot(q, k), (i, j) => grid(tileOf(i), tileOf(j)), -Infinity),
    ).times(v);
  },
);

/** Text that looks at the image before it, across (Flamingo). */
export const imageBefore = attention(sizes, ({ q, k, v }) => {
  const last = integers('last', ['batch', 'query']); // the image before each token, −1 before the first
  const image = integers('image', ['batch', 'key']);
  return softmax(
    fill(scaledDot(q, k), (i, j) => last(i) === image(j), -Infinity),
  ).times(v);
});

/** Text causally, each image within itself in both directions (Transfusion, arXiv:2408.11039). */
export const transfusion = attention(sizes, ({ q, k, v }) => {
  const image = integers('image', ['batch', 'position']); // which image, 0 for text
  const seen: Mask = (i, j) => j <= i || (image(i) === image(j) && image(i) > 0);
  return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
});

/** A tree of drafted tokens: each sees its ancestors. */
export const tree = attention(sizes, ({ q, k, v }) => {
  const enter = integers('enter', ['batch', 'position']);
  const leave = integers('leave', ['batch', 'position']);
  return softmax(fill(scaledDot(q, k), ancestors(enter, leave), -Infinity)).times(
    v,
  );
});

/** Block diffusion: noisy blocks, and behind them clean ones (arXiv:2503.09573). */
export const blockDiffusion = attention(
  { ...sizes, length: 1024, block: 16 },
  ({ q, k, v, length, block }) => {
    const blockOf = (p: number) => Math.floor((p % length) / block);
    const seen: Mask = (i, j) => {
      const [own, other] = [blockOf(i), blockOf(j)];
      if (j < length) return i < length && other === own;
      return i < length ? other < own : other <= own;
    };
    return softmax(fill(scaledDot(q, k), seen, -Infinity)).times(v);
  },
);

/** Masks put together: and_masks and or_masks. */
export const combined = attention(
  { ...sizes, window: 1024, globals: 16 },
  ({ q, k, v, window, globals }) => {
    const document = integers('document', ['batch', 'position']);
    const local: Mask = (i, j) => i - j < window;
    const global: Mask = (_i: Query, j) => j < globals;
    const sameDocument: Mask = (i, j) => document(i) === document(j);
    const mask = both(both(visible, sameDocument), either(local, global));
    return softmax(fill(scaledDot(q, k), mask, -Infinity)).times(v);
  },
);
