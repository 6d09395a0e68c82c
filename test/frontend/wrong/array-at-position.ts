// HD1071: an array of the configuration that is read at a position.
import { attention, fill, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention({ heads: 2, headDim: 8, window: [4, 8] }, ({ q, k, v, window }) =>
  softmax(
    fill(
      scaledDot(q, k),
      (row, column, head) => row - column < window[head]!, // <-- here: head
      -Infinity,
    ),
  ).times(v),
);
