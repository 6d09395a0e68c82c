// What is trained in minutes on a CPU, on each of the tasks: attention as it is, with scores of nearby queries and keys
// convolved, and with heads mixed.
import { ablation } from 'heddle';
import { mta } from '../mta.js';

/** Two heads of 32 features: plain attention, key-query convolution before the softmax, heads mixed, and both. */
export const miniature = ablation(mta, {
  base: {
    heads: 2,
    headDim: 32,
    preQueryKernel: 0,
    preMix: 0,
    postQueryKernel: 0,
    postMix: 0,
    norm: 'none',
    gate: 'none',
  },
  variants: {
    MTA: { preQueryKernel: 2, preKeyKernel: 9 },
    'heads mixed': { preMix: 2 },
    'MTA, heads mixed': { preQueryKernel: 2, preKeyKernel: 9, preMix: 2 },
  },
});
