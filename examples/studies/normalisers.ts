// Ways to make weights of scores: softmax, softmax that may attend to nothing, with a learned sink, over more keys sharper, and none.
// All are causal and differ in nothing else.
import { ablation, attention, fill, map, param, softmax } from 'heddle';
import { causal as earlier, scaledDot } from 'heddle/library';
import { causal } from '../causal.js';
import { sigmoid } from '../sigmoid.js';
import { softmaxOffByOne } from '../softmax-off-by-one.js';

/**
 * A learned logit for each head that joins the sum and has no value.
 * @formula w = e^S / (e^sink[h] + Σⱼ e^S),  S = fill(q·kᵀ/√D, j ≤ i, −∞)
 * @paper arXiv:2508.10925
 */
const sink = attention({ heads: 8, headDim: 64 }, ({ q, k, v }) => {
  const logit = param('sink', ['head']);
  return softmax(fill(scaledDot(q, k), earlier, -Infinity), { sink: (h) => logit(h) }).times(v);
});

/**
 * Scalable softmax: scores grow with the logarithm of how many keys a row sees, so that long rows stay as sharp as short ones.
 * @formula softmax(fill(s[h]·log(i + 1)·q·kᵀ/√D, j ≤ i, −∞)) · v
 * @paper arXiv:2501.19399
 */
const scalable = attention({ heads: 8, headDim: 64 }, ({ q, k, v }) => {
  const s = param('s', ['head'], 0.43);
  const scaled = map(scaledDot(q, k), (x, h, i) => x * s(h) * Math.log(Math.max(i, 0) + 1));
  return softmax(fill(scaled, earlier, -Infinity)).times(v);
});

/** What weights cost, by how they are made. */
export const normalisers = ablation(causal, {
  title: 'Normalisers',
  base: { heads: 2, headDim: 16 },
  baseline: 'softmax',
  variants: {
    softmax: {},
    'off by one': softmaxOffByOne,
    sink,
    sigmoid: [sigmoid, { context: 128 }],
    SSMax: scalable,
  },
  shapes: [{ keys: 64 }, { keys: 128 }],
  text: 'Nobody answered. Who answered?',
});
