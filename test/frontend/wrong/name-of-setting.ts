// HD2012: a setting whose name ends a comment
import { attention, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const spec = attention(
  {
    heads: 2,
    headDim: 4,
    'x\nglobalThis.heddleCaseRan = true;//': 1, // <-- here
  },
  ({ q, k, v }) => softmax(scaledDot(q, k)).times(v),
);
