// HD2013: a default export that would be called as another export is
import { attention, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const defaultNamedLikeOther = 3;
export default attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v)); // <-- here
