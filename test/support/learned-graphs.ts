// Graphs that learn something at every kind of place: what is added to scores and to outputs, by axes in any order, read at
// computed places, shared by heads, by groups of them or by the batch. Their gradients are sums of every form.
import {
  type Axis,
  accumulate,
  apply,
  batch,
  columnDomain,
  contractOverKeys,
  dotNode,
  type Expression,
  extent,
  feature,
  fillNode,
  type Graph,
  head,
  integer,
  key,
  mapNodeOver,
  type Node,
  normalisedNode,
  outputDomain,
  position,
  query,
  read,
  readHere,
  rowDomain,
  scoreDomain,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  topological,
} from '../../src/ir/index.js';
import { b, c, d, e, h, i, j, minus, modulo, plus, quotient, times } from './terms.js';

const causal = apply('lessOrEqual', j, i);
const distance = minus(i, j);
const bounded = (x: Expression): Expression => apply('hyperbolicTangent', x);

const heads = 4;
const features = 3;
const q = tensorNode('q', 'queries', outputDomain(heads, 2));
const k = tensorNode('k', 'keys', columnDomain(2, 2));
const v = tensorNode('v', 'values', columnDomain(2, features));
const scores = dotNode(q, k);
const onScores = (value: Expression): Node => mapNodeOver(scoreDomain(heads), value);
const onRows = (value: Expression): Node => mapNodeOver(rowDomain(heads), value);
const onOutputs = (value: Expression): Node => mapNodeOver(outputDomain(heads, features), value);
const sum = (name: string, size: number, body: Expression): Expression =>
  accumulate('sum', [{ name, extent: size }], body);

function graphOf(out: Node): Graph {
  const outputs = [{ name: 'out', node: out }];
  const inputs = topological({ inputs: [], outputs }).filter((node): node is TensorNode => node.op === 'tensor');
  return { name: 'learned', settings: {}, inputs, outputs };
}

const attended = (logits: Node): Node => {
  const hidden = fillNode(logits, causal, Number.NEGATIVE_INFINITY);
  return contractOverKeys(normalisedNode(hidden, statisticsNodes(hidden, undefined)), v);
};

/** Attention whose scores are changed. */
const onLogits = (change: (score: Expression) => Expression): Graph =>
  graphOf(attended(onScores(change(readHere(scores)))));

/** Attention with what a tensor over some axes holds at a place added to its scores. */
const added = (domain: readonly Axis[], ...index: readonly Expression[]): Graph =>
  onLogits((score) =>
    plus(score, read(tensorNode('learned', domain.some(isOfCall) ? 'tensor' : 'parameter', domain), index)),
  );
const isOfCall = ({ kind }: Axis): boolean => !['head', 'feature', 'extent'].includes(kind);

/** Attention whose output is changed. */
const behind = (change: (output: Node) => Node): Graph => graphOf(change(attended(onScores(readHere(scores)))));
const parameter = (...domain: readonly Axis[]): TensorNode => tensorNode('learned', 'parameter', domain);

export const learned: Readonly<Record<string, Graph>> = {
  'a number': added([]),
  'a slope of all heads': onLogits((score) =>
    plus(score, times(read(parameter(extent(1)), [integer(0)]), apply('toFloat', distance))),
  ),
  'a slope of each head': onLogits((score) =>
    plus(score, times(read(parameter(head(heads)), [h]), apply('toFloat', distance))),
  ),
  'a temperature of each head and sequence': onLogits((score) =>
    times(score, read(tensorNode('learned', 'tensor', [batch, head(heads)]), [b, h])),
  ),
  'a matrix of each head': added([head(heads), query, key], h, i, j),
  'a matrix of each head and sequence': added([batch, head(heads), query, key], b, h, i, j),
  'a matrix for all': added([query, key], i, j),
  'a matrix of each group of heads': added([batch, head(2), query, key], b, quotient(h, 2), i, j),
  'rows of all sequences': added([head(heads), query], h, i),
  'keys of all sequences': added([key, head(heads)], j, h),
  'keys of all heads': added([batch, key], b, j),
  'positions of all, read by rows and keys': onLogits((score) => {
    const table = tensorNode('learned', 'tensor', [position]);
    return plus(score, times(read(table, [i]), read(table, [j])));
  }),
  'the key before': added([batch, head(heads), key], b, h, minus(j, 1)),
  'rows of indices': added([batch, query, extent(3), head(heads)], b, i, modulo(j, 3), h),
  'a table of all heads': added([extent(5)], distance),
  'a table of each sequence': added([batch, extent(5), head(heads)], b, distance, h),
  'a table of each group of heads': added([extent(5), head(2)], distance, quotient(h, 2)),
  'a table of two indices': added([extent(2), head(heads), extent(3)], modulo(i, 2), h, modulo(j, 3)),
  'a table of two indices, one of them the head': added([extent(3), extent(heads)], modulo(distance, 3), h),
  'weights of a convolution for each row': onLogits((score) => {
    const own = score as Extract<Expression, { kind: 'read' }>;
    const table = tensorNode('learned', 'tensor', [batch, query, extent(3)]);
    return sum('c', 3, times(read(table, [b, i, c]), read(own.source, [b, h, i, minus(j, c)])));
  }),
  'weights of a convolution of groups of heads': onLogits((score) => {
    const own = score as Extract<Expression, { kind: 'read' }>;
    return sum(
      'c',
      3,
      times(read(parameter(head(2), extent(3)), [quotient(h, 2), c]), read(own.source, [b, h, minus(i, c), j])),
    );
  }),
  'a convolution of one tap': onLogits((score) => {
    const own = score as Extract<Expression, { kind: 'read' }>;
    return sum('c', 1, times(read(parameter(head(heads), extent(1)), [h, c]), read(own.source, [b, h, i, plus(j, c)])));
  }),
  'scores of other heads and places': onLogits((score) => {
    const own = score as Extract<Expression, { kind: 'read' }>;
    const other = read(own.source, [b, modulo(plus(h, 1), heads), plus(i, 1), minus(j, 2)]);
    return plus(score, times(read(parameter(extent(1)), [integer(0)]), bounded(other)));
  }),
  'a mix of the outputs of heads': behind((out) =>
    onOutputs(sum('c', heads, times(read(parameter(head(heads), extent(heads)), [h, c]), read(out, [b, c, i, d])))),
  ),
  'a sink of each group of heads': (() => {
    const hidden = fillNode(scores, causal, Number.NEGATIVE_INFINITY);
    const sink = read(parameter(head(2)), [quotient(h, 2)]);
    return graphOf(contractOverKeys(normalisedNode(hidden, statisticsNodes(hidden, sink)), v));
  })(),
  'a gain of features': behind((out) => onOutputs(times(readHere(out), read(parameter(feature(features)), [d])))),
  'a gain of rows by a table': behind((out) =>
    onOutputs(times(readHere(out), read(parameter(extent(3), head(heads)), [modulo(i, 3), h]))),
  ),
  'rows with features of all sequences': behind((out) =>
    onOutputs(
      plus(
        readHere(out),
        times(read(tensorNode('learned', 'tensor', [position, feature(features)]), [i, d]), readHere(out)),
      ),
    ),
  ),
  'a full gate': behind((out) => {
    const gate = sum(
      'e',
      features,
      times(read(parameter(extent(features), extent(features)), [d, e]), read(out, [b, h, i, e])),
    );
    return onOutputs(times(readHere(out), bounded(gate)));
  }),
  'a full gate of each head': behind((out) => {
    const table = parameter(head(heads), extent(features), extent(features));
    const gate = sum('e', features, times(read(table, [h, d, e]), read(out, [b, h, i, e])));
    return onOutputs(times(readHere(out), bounded(gate)));
  }),
  'a gate of the row above': behind((out) => {
    const gate = onRows(
      sum('e', features, times(read(parameter(extent(features)), [e]), read(out, [b, h, minus(i, 1), e]))),
    );
    return onOutputs(times(readHere(out), bounded(read(gate, [b, h, i]))));
  }),
};
