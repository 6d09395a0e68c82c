// Multi-Token Attention, the layer of the paper with all its parts, each of which a setting can leave out.
// The order of the statements is the definition: fill, convolve, mix, fill, softmax, convolve, fill, mix, sum, norm, gate.
import { attention, ensure, fill, map, oneOf, param, softmax } from 'heddle';
import {
  causal,
  convKernel,
  headMix,
  kernelStart,
  keyQueryConv,
  lambdaInit,
  mixHeads,
  rmsNorm,
  scaledDot,
  sigmoidGate,
} from 'heddle/library';

/**
 * Multi-Token Attention: scores are convolved over neighbouring queries and keys and mixed across heads, before and
 * after the softmax; the output is normalised and gated. A size of 0 leaves its part out.
 * @formula gate(norm(mix(fill(conv(softmax(fill(mix(conv(fill(S, j ≤ i, 0))), j ≤ i, −∞))), j ≤ i, 0)) · v))
 * @paper arXiv:2504.00927v2
 */
export const mta = attention(
  {
    heads: 16,
    kvHeads: 0,
    headDim: 96,
    preQueryKernel: 6,
    preKeyKernel: 11,
    preMix: 16,
    postQueryKernel: 6,
    postKeyKernel: 11,
    postMix: 16,
    padKey: oneOf('both', 'left', 'right'),
    start: oneOf('identity', 'const', 'uniform', 'normal', 'diagonal', 'zero'),
    norm: oneOf('rms', 'none'),
    depthScale: false,
    layer: 0,
    gate: oneOf('scalar', 'full', 'none'),
  },
  ({ q, k, v, heads, padKey, start, ...use }) => {
    ensure(!use.depthScale || use.norm === 'rms', 'depthScale scales the norm: set norm to rms');

    let s = scaledDot(q, k);
    if (use.preQueryKernel > 0) {
      const size = [use.preQueryKernel, use.preKeyKernel] as const;
      const theta = convKernel('theta_pre', ...size, padKey, kernelStart(start, ...size, padKey));
      s = keyQueryConv(fill(s, causal, 0), theta, { padKey });
    }
    if (use.preMix > 0) s = mixHeads(s, headMix('mix_pre', heads, use.preMix));

    let a = softmax(fill(s, causal, -Infinity));
    if (use.postQueryKernel > 0) {
      const size = [use.postQueryKernel, use.postKeyKernel] as const;
      const theta = convKernel('theta_post', ...size, padKey, kernelStart(start, ...size, padKey));
      a = fill(keyQueryConv(a, theta, { padKey }), causal, 0);
    }
    if (use.postMix > 0) a = mixHeads(a, headMix('mix_post', heads, use.postMix));

    let o = a.times(v);
    if (use.norm === 'rms') o = rmsNorm(o, param('gain', [o.dim], 1));
    if (use.depthScale) o = map(o, (x) => x * (1 - lambdaInit(use.layer)));
    if (use.gate !== 'none') {
      const rows = use.gate === 'full' ? o.dim : 1;
      o = sigmoidGate(o, param('gate_weight', [rows, o.dim]), param('gate_bias', [rows]));
    }
    return o;
  },
);
