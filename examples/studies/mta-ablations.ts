// The parts of Multi-Token Attention one by one and together, as the paper's Table 5 and its appendix take them apart.
// Heads are few and small, so that a software device can compile every variant; kernels have the paper's sizes.
import { ablation } from 'heddle';
import { mta } from '../mta.js';

const none = {
  preQueryKernel: 0,
  preKeyKernel: 0,
  preMix: 0,
  postQueryKernel: 0,
  postKeyKernel: 0,
  postMix: 0,
  norm: 'none',
  gate: 'none',
} as const;
const before = { preQueryKernel: 6, preKeyKernel: 11 };
const after = { postQueryKernel: 6, postKeyKernel: 11 };

/** A kernel of this size on both sides of the softmax. */
const kernels = (queries: number, keys: number) => ({
  preQueryKernel: queries,
  preKeyKernel: keys,
  postQueryKernel: queries,
  postKeyKernel: keys,
});

/** What each part of Multi-Token Attention costs, and whether the whole computes what it says. */
export const mtaAblations = ablation(mta, {
  title: 'Multi-Token Attention, part by part',
  base: { heads: 2, headDim: 16, preMix: 2, postMix: 2 },
  baseline: 'plain attention',
  variants: {
    'plain attention': none,
    // The same kernel under another name: whoever calls it faster or slower is wrong.
    'plain attention, again': { ...none, start: 'zero' },
    'convolution before': { ...none, ...before },
    'convolution after': { ...none, ...after },
    'both convolutions': { ...none, ...before, ...after },
    'mixing before': { ...none, preMix: 2 },
    'mixing after': { ...none, postMix: 2 },
    norm: { ...none, norm: 'rms' },
    'norm, depth scale': { ...none, norm: 'rms', depthScale: true, layer: 11 },
    'norm, gate': { ...none, norm: 'rms', gate: 'scalar' },
    MTA: {},
    'MTA, depth scale for gate': { gate: 'none', depthScale: true, layer: 11 },
    'MTA, 4 × 9': kernels(4, 9),
    'MTA, 8 × 13': kernels(8, 13),
    'MTA, from 0.3': { start: 'const' },
    'MTA, from uniform': { start: 'uniform' },
    'MTA, from normal': { start: 'normal' },
  },
  shapes: [{ keys: 64 }, { keys: 128 }],
  text: 'Alice saw the white rabbit near the door. Bob saw the cat. Where did Alice see the rabbit?',
});
