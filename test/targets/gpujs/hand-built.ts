// Score graphs built by hand, one for each shape of node and operation that the target must get right.
// They need neither the frontend nor the passes, so that what fails here is the target.
import {
  accumulate,
  apply,
  batch,
  binNode,
  bool,
  contractOverKeys,
  contractOverQueries,
  dotNode,
  type Expression,
  extent,
  feature,
  fillNode,
  float,
  type Graph,
  type GraphOutput,
  head,
  integer,
  key,
  logSumExpNode,
  mapNodeOver,
  type Node,
  normalisedNode,
  position,
  query,
  read,
  readHere,
  reduceNode,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  topological,
  variable,
} from '../../../src/ir/index.js';

export interface Sizes {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly valueDim: number;
}

export const usual: Sizes = { heads: 3, kvHeads: 3, headDim: 5, valueDim: 7 };

export const [b, h, i, j, d] = ['b', 'h', 'i', 'j', 'd'].map(variable) as [
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
];
export const visible = apply('lessOrEqual', j, i);

export function graphOf(name: string, outputs: readonly GraphOutput[] | Node): Graph {
  const named = Array.isArray(outputs) ? (outputs as readonly GraphOutput[]) : [{ name: 'out', node: outputs as Node }];
  const inputs = topological({ inputs: [], outputs: named }).filter((node): node is TensorNode => node.op === 'tensor');
  return { name, settings: {}, inputs, outputs: named };
}

export function attentionInputs({ heads, kvHeads, headDim, valueDim }: Sizes) {
  return {
    q: tensorNode('q', 'queries', [batch, head(heads), query, feature(headDim)]),
    k: tensorNode('k', 'keys', [batch, head(kvHeads), key, feature(headDim)]),
    v: tensorNode('v', 'values', [batch, head(kvHeads), key, feature(valueDim)]),
  };
}

export function scaledScores(sizes: Sizes) {
  const { q, k, v } = attentionInputs(sizes);
  const dot = dotNode(q, k, { label: 'scores' });
  const scaled = mapNodeOver(dot.domain, apply('divide', readHere(dot), float(Math.sqrt(sizes.headDim))));
  return { q, k, v, scaled };
}

export function softmaxOf(scores: Node): Node {
  return normalisedNode(scores, statisticsNodes(scores, undefined), { label: 'weights' });
}

export function causalGraph(sizes: Sizes = usual): Graph {
  const { scaled, v } = scaledScores(sizes);
  const logits = fillNode(scaled, visible, Number.NEGATIVE_INFINITY, { label: 'logits' });
  return graphOf('causal', contractOverKeys(softmaxOf(logits), v, { label: 'output' }));
}

/** Σ_u Σ_w θ[h, u, w] · s[h, i + u − (rows − 1), j + w − (columns − 1) / 2]. */
export function convolution(scores: Node, heads: number, rows: number, columns: number): Node {
  const theta = tensorNode('theta', 'parameter', [head(heads), extent(rows), extent(columns)]);
  const [u, w] = [variable('c0'), variable('c1')];
  const row = apply('subtract', apply('add', i, u), integer(rows - 1));
  const column = apply('subtract', apply('add', j, w), integer((columns - 1) / 2));
  const counters = [
    { name: 'c0', extent: rows },
    { name: 'c1', extent: columns },
  ];
  const tap = apply('multiply', read(theta, [h, u, w]), read(scores, [b, h, row, column]));
  return mapNodeOver(scores.domain, accumulate('sum', counters, tap), { label: 'convolved' });
}

export function mixed(scores: Node, heads: number, group: number): Node {
  const mix = tensorNode('mix', 'parameter', [extent(heads / group), extent(group), extent(group)]);
  const n = variable('c0');
  const groupOf = apply('floorDivide', h, integer(group));
  const member = apply('remainder', h, integer(group));
  const from = apply('add', apply('multiply', groupOf, integer(group)), n);
  const term = apply('multiply', read(mix, [groupOf, member, n]), read(scores, [b, from, i, j]));
  return mapNodeOver(scores.domain, accumulate('sum', [{ name: 'c0', extent: group }], term), { label: 'mixed' });
}

export function preConvGraph(sizes: Sizes = usual, rows = 3, columns = 5): Graph {
  const { scaled, v } = scaledScores(sizes);
  const convolved = convolution(fillNode(scaled, visible, 0, { label: 'hidden' }), sizes.heads, rows, columns);
  const logits = fillNode(convolved, visible, Number.NEGATIVE_INFINITY, { label: 'logits' });
  return graphOf('pre-conv', contractOverKeys(softmaxOf(logits), v, { label: 'output' }));
}

export function postConvGraph(sizes: Sizes = usual, rows = 3, columns = 5): Graph {
  const { scaled, v } = scaledScores(sizes);
  const logits = fillNode(scaled, visible, Number.NEGATIVE_INFINITY, { label: 'logits' });
  const weights = fillNode(convolution(softmaxOf(logits), sizes.heads, rows, columns), visible, 0);
  return graphOf('post-conv', contractOverKeys(weights, v, { label: 'output' }));
}

export function mixedNormGraph(sizes: Sizes = { ...usual, heads: 4, kvHeads: 2 }): Graph {
  const { scaled, v } = scaledScores(sizes);
  const logits = fillNode(mixed(scaled, sizes.heads, 2), visible, Number.NEGATIVE_INFINITY);
  const output = contractOverKeys(softmaxOf(logits), v, { label: 'attended' });
  const gain = tensorNode('gain', 'parameter', [feature(sizes.valueDim)]);
  const element = read(output, [b, h, i, variable('c0')]);
  const squares = accumulate('sum', [{ name: 'c0', extent: sizes.valueDim }], apply('multiply', element, element));
  const mean = apply('add', apply('divide', squares, float(sizes.valueDim)), float(1e-5));
  const size = mapNodeOver(output.domain.slice(0, 3), apply('squareRoot', mean), { label: 'size' });
  const scaledRow = apply('divide', readHere(output), readHere(size));
  const normed = mapNodeOver(output.domain, apply('multiply', scaledRow, read(gain, [d])), { label: 'normed' });
  return graphOf('mixed-norm', normed);
}

/** A bias looked up at a logarithmic bucket of the distance, as T5 does. */
export function bucketGraph(sizes: Sizes = usual, buckets = 8, farthest = 32): Graph {
  const { scaled, v } = scaledScores(sizes);
  const bias = tensorNode('bias', 'parameter', [extent(buckets), head(sizes.heads)]);
  const exact = buckets / 4;
  const distance = apply('subtract', i, j);
  const n = apply('absolute', distance);
  const side = apply('select', apply('less', distance, integer(0)), integer(buckets / 2), integer(0));
  const logarithm = apply('logarithm', apply('divide', n, integer(exact)));
  const scaledLog = apply('multiply', apply('divide', logarithm, float(Math.log(farthest / exact))), float(exact));
  const far = apply('add', integer(exact), apply('toInteger', apply('floor', scaledLog)));
  const bucket = apply(
    'add',
    side,
    apply('select', apply('less', n, integer(exact)), n, apply('minimum', far, integer(buckets / 2 - 1))),
  );
  const biased = mapNodeOver(scaled.domain, apply('add', readHere(scaled), read(bias, [bucket, h])));
  return graphOf('buckets', contractOverKeys(softmaxOf(biased), v));
}

/** A document mask beside the causal one: integers read at queries and at keys. */
export function documentGraph(sizes: Sizes = usual): Graph {
  const { scaled, v } = scaledScores(sizes);
  const document = tensorNode('document', 'integers', [batch, position]);
  const same = apply('equal', read(document, [b, i]), read(document, [b, j]));
  const logits = fillNode(scaled, apply('and', visible, same), Number.NEGATIVE_INFINITY);
  return graphOf('documents', contractOverKeys(softmaxOf(logits), v));
}

/** Rows without any visible key: query rows up to `first` see nothing. */
export function blindRowsGraph(first: number, sizes: Sizes = usual): Graph {
  const { scaled, v } = scaledScores(sizes);
  const mask = apply('and', visible, apply('greater', i, integer(first)));
  const logits = fillNode(scaled, mask, Number.NEGATIVE_INFINITY);
  const weights = softmaxOf(logits);
  return graphOf('blind-rows', [
    { name: 'out', node: contractOverKeys(weights, v) },
    { name: 'weights', node: weights },
    { name: 'lse', node: logSumExpNode(statisticsNodes(logits, undefined)) },
  ]);
}

/** What gradients are made of: a contraction over queries with a sum over heads, reductions of parameters, a bin. */
export function transposedGraph(sizes: Sizes = { ...usual, heads: 4, kvHeads: 2 }): Graph {
  const { scaled, q } = scaledScores(sizes);
  const buckets = 4;
  const index = apply('minimum', apply('absolute', apply('subtract', i, j)), integer(buckets));
  const iterate = [
    { variable: 'b', axis: batch },
    { variable: 'h', axis: head(sizes.heads) },
    { variable: 'i', axis: query },
    { variable: 'j', axis: key },
  ];
  const hs = { variable: 'h', axis: head(sizes.heads) };
  const here = readHere(scaled);
  return graphOf('transposed', [
    { name: 'columns', node: contractOverQueries(scaled, q, sizes.kvHeads) },
    { name: 'bins', node: binNode([extent(buckets), head(sizes.heads)], iterate, [index, h], here) },
    { name: 'total', node: reduceNode('sum', [], iterate, here) },
    { name: 'largest', node: reduceNode('max', [batch, key], [hs, { variable: 'i', axis: query }], here) },
    { name: 'softest', node: reduceNode('logSumExp', [query], [iterate[0]!, hs, { variable: 'j', axis: key }], here) },
  ]);
}

/** Reads of nodes that are fused and of nodes that are kept, outside of their domains: 0, whatever they would compute. */
export function outsideGraph(): Graph {
  const slope = tensorNode('slope', 'parameter', [head(3)]);
  const shifted = mapNodeOver([head(3)], apply('add', read(slope, [h]), float(1)));
  const heads = accumulate('sum', [{ name: 'c0', extent: 5 }], read(shifted, [variable('c0')]));
  const keys = tensorNode('keys', 'tensor', [key]);
  const raised = mapNodeOver([key], apply('add', read(keys, [j]), float(10)));
  const around = accumulate(
    'sum',
    [{ name: 'c0', extent: 7 }],
    read(raised, [apply('subtract', apply('add', j, variable('c0')), integer(3))]),
  );
  return graphOf('outside', mapNodeOver([key], apply('add', heads, around)));
}

/** Axes in an unusual order and number: five of them, queries before heads, a single head. */
export function layoutGraph(): Graph {
  const wide = tensorNode('wide', 'tensor', [batch, query, extent(2), head(1), extent(3)]);
  const [x, x2] = [variable('x'), variable('x2')];
  const here = read(wide, [b, i, x, h, x2]);
  const position0 = apply('multiply', apply('toFloat', i), float(100));
  return graphOf('layout', mapNodeOver(wide.domain, apply('add', here, position0)));
}

/** Truth values that no pass has folded, shared and compared, and an input that is asked for as it is. */
export function truthGraph(): Graph {
  const { scaled, q } = scaledScores(usual);
  const near = apply('less', apply('absolute', apply('subtract', i, j)), integer(2));
  const sum = accumulate('sum', [{ name: 'c0', extent: 3 }], apply('select', near, readHere(scaled), float(1)));
  const agreed = apply('equal', near, apply('greater', readHere(scaled), float(0)));
  const value = apply('add', sum, apply('select', apply('and', agreed, bool(true)), float(2), float(-3)));
  const kept = fillNode(mapNodeOver(scaled.domain, value), apply('or', bool(false), visible), 5);
  return graphOf('truth', [
    { name: 'out', node: kept },
    { name: 'same', node: q },
  ]);
}
