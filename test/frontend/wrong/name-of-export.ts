// HD2012: an export whose name leaves the folder
import { attention, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

const spec = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v));

export { spec as '../../outside' }; // <-- here: spec as '../../outside'
