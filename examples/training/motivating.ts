// What is trained on the motivating task at its published size: plain attention, and Multi-Token Attention whose kernels
// reach over a block of letters, 2 queries × 2N − 1 keys for blocks of N, before the softmax and nothing else.
import { ablation } from 'heddle';
import { mta } from '../mta.js';

/** The motivating task of Multi-Token Attention: two heads of 128 features, key-query convolution before the softmax alone. */
export const motivating = ablation(mta, {
  base: {
    heads: 2,
    headDim: 128,
    preQueryKernel: 0,
    preMix: 0,
    postQueryKernel: 0,
    postMix: 0,
    norm: 'none',
    gate: 'none',
  },
  variants: {
    MTA: { preQueryKernel: 2, preKeyKernel: 9 },
    'MTA, N = 8': { preQueryKernel: 2, preKeyKernel: 15 },
  },
});
