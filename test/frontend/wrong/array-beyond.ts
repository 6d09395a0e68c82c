// HD1072: an array of the configuration that is read behind its end.
import { attention, fill, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 8, window: [4, 8] }, ({ q, k, v, window }) =>
  softmax(
    fill(
      scaledDot(q, k),
      (h, i, j) => i - j < window[h + 2]!, // <-- here: h + 2
      -Infinity,
    ),
  ).times(v),
);
