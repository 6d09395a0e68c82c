// Multi-Token Attention built node by node, without the frontend: the ground's own tests stand on it.
// The settings are those of examples/mta.ts; a size of 0 leaves its part out.
import {
  accumulate,
  apply,
  columnDomain,
  contractOverKeys,
  dotNode,
  type Expression,
  extent,
  fillNode,
  float,
  type Graph,
  head,
  integer,
  logSumExpNode,
  mapNodeOver,
  type Node,
  normalisedNode,
  outputDomain,
  read,
  readHere,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  variable,
} from '../../src/ir/index.js';

export interface MultiTokenAttentionSettings {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly preQueryKernel?: number;
  readonly preKeyKernel?: number;
  readonly preMix?: number;
  readonly postQueryKernel?: number;
  readonly postKeyKernel?: number;
  readonly postMix?: number;
  readonly norm?: 'rms' | 'none';
  readonly depthScale?: boolean;
  readonly layer?: number;
  readonly gate?: 'scalar' | 'none';
}

const [b, h, i, j, d] = ['b', 'h', 'i', 'j', 'd'].map(variable) as [
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
];
const plus = (x: Expression, y: Expression): Expression => apply('add', x, y);
const times = (x: Expression, y: Expression): Expression => apply('multiply', x, y);
const causal = apply('lessOrEqual', j, i);

/** The unoptimised graph: one node for each step of the authors' code. */
export function multiTokenAttention(settings: MultiTokenAttentionSettings): Graph {
  const { heads, kvHeads, headDim } = settings;
  const inputs: TensorNode[] = [];
  const declare = (node: TensorNode): TensorNode => {
    inputs.push(node);
    return node;
  };
  const q = declare(tensorNode('q', 'queries', outputDomain(heads, headDim)));
  const k = declare(tensorNode('k', 'keys', columnDomain(kvHeads, headDim)));
  const v = declare(tensorNode('v', 'values', columnDomain(kvHeads, headDim)));

  const convolved = (source: Node, name: string, queries: number, keys: number): Node => {
    const theta = declare(tensorNode(name, 'parameter', [head(heads), extent(queries), extent(keys)]));
    const [u, w] = [variable('u'), variable('w')];
    const row = plus(i, apply('subtract', u, integer(queries - 1)));
    const column = plus(j, apply('subtract', w, integer((keys - 1) / 2)));
    const term = times(read(theta, [h, u, w]), read(source, [b, h, row, column]));
    const counters = [
      { name: 'u', extent: queries },
      { name: 'w', extent: keys },
    ];
    return mapNodeOver(source.domain, accumulate('sum', counters, term));
  };
  const mixed = (source: Node, name: string, size: number): Node => {
    const mix = declare(tensorNode(name, 'parameter', [extent(heads / size), extent(size), extent(size)]));
    const n = variable('n');
    const group = apply('floorDivide', h, integer(size));
    const from = plus(times(group, integer(size)), n);
    const term = times(read(mix, [group, apply('remainder', h, integer(size)), n]), read(source, [b, from, i, j]));
    return mapNodeOver(source.domain, accumulate('sum', [{ name: 'n', extent: size }], term));
  };

  const product = dotNode(q, k);
  let s: Node = mapNodeOver(product.domain, apply('divide', readHere(product), float(Math.sqrt(headDim))));
  if (settings.preQueryKernel) {
    s = convolved(fillNode(s, causal, 0), 'theta_pre', settings.preQueryKernel, settings.preKeyKernel!);
  }
  if (settings.preMix) s = mixed(s, 'mix_pre', settings.preMix);
  const logits = fillNode(s, causal, Number.NEGATIVE_INFINITY);
  const statistics = statisticsNodes(logits, undefined);
  const lse = logSumExpNode(statistics, { label: 'lse' });
  let a: Node = normalisedNode(logits, statistics);
  if (settings.postQueryKernel) {
    a = fillNode(convolved(a, 'theta_post', settings.postQueryKernel, settings.postKeyKernel!), causal, 0);
  }
  if (settings.postMix) a = mixed(a, 'mix_post', settings.postMix);
  let o: Node = contractOverKeys(a, v);
  const e = variable('e');
  const overFeatures = (term: Expression): Expression => accumulate('sum', [{ name: 'e', extent: headDim }], term);
  if (settings.norm === 'rms') {
    const gain = declare(tensorNode('gain', 'parameter', [extent(headDim)]));
    const other = readHere(o, { d: e });
    const mean = apply('divide', overFeatures(times(other, other)), float(headDim));
    const size = apply('squareRoot', plus(mean, float(1e-5)));
    o = mapNodeOver(o.domain, times(apply('divide', readHere(o), size), read(gain, [d])));
  }
  if (settings.depthScale) {
    const lambda = 0.8 - 0.6 * Math.exp(-0.3 * (settings.layer ?? 0));
    o = mapNodeOver(o.domain, times(readHere(o), float(1 - lambda)));
  }
  if (settings.gate === 'scalar') {
    const weight = declare(tensorNode('gate_weight', 'parameter', [extent(1), extent(headDim)]));
    const bias = declare(tensorNode('gate_bias', 'parameter', [extent(1)]));
    const logit = plus(
      read(bias, [integer(0)]),
      overFeatures(times(read(weight, [integer(0), e]), readHere(o, { d: e }))),
    );
    const sigmoid = apply('divide', float(1), plus(float(1), apply('exponential', apply('negate', logit))));
    o = mapNodeOver(o.domain, times(readHere(o), sigmoid));
  }
  return {
    name: 'mta',
    settings: { ...settings },
    inputs,
    outputs: [
      { name: 'out', node: o },
      { name: 'lse', node: lse },
    ],
  };
}
