// HD1070: a mask with the arguments of FlexAttention, under a cast that hides how many they are.
import { attention, fill, type Mask, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

const flex = (_b: number, _h: number, query: number, key: number) => query >= key;

export const spec = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) =>
  softmax(
    fill(
      scaledDot(q, k),
      flex as unknown as Mask, // <-- here: flex as unknown as Mask
      -Infinity,
    ),
  ).times(v),
);
