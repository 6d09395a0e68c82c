// Graphs whose outputs and sums are read where no block holds them on chip, built by hand: at other rows, heads and features,
// by scores, or by a further softmax; with what must lie in memory for that.
import type { ScheduleKind } from '../../codegen/schedule/index.js';
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
  rowDomain,
  scoreDomain,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  topological,
  variable,
} from '../../src/ir/index.js';
import { b, d, e, h, i, j, minus, plus, times } from './terms.js';

const [n, r] = [variable('n'), variable('r')];
const half = (x: Expression): Expression => times(float(0.5), x);
const causal = apply('lessOrEqual', j, i);

/** More heads than a block takes for the sake of what stands behind the sum with v. */
const heads = 6;
const features = 4;
const v = tensorNode('v', 'values', columnDomain(2, features));
const scoresOf = (suffix = ''): Node =>
  dotNode(
    tensorNode(`q${suffix}`, 'queries', outputDomain(heads, 2)),
    tensorNode(`k${suffix}`, 'keys', columnDomain(2, 2)),
  );
const onScores = (value: Expression): Node => mapNodeOver(scoreDomain(heads), value);
const onRows = (value: Expression): Node => mapNodeOver(rowDomain(heads), value);
const onOutputs = (value: Expression): Node => mapNodeOver(outputDomain(heads, features), value);
const hide = (node: Node): Node => fillNode(node, causal, Number.NEGATIVE_INFINITY);
const sumOf = (logits: Node): Node => logSumExpNode(statisticsNodes(logits, undefined));
const softmax = (logits: Node, sink?: Expression): Node => normalisedNode(logits, statisticsNodes(logits, sink));
const sum = (name: string, extent: number, body: Expression): Expression => accumulate('sum', [{ name, extent }], body);

const logits = hide(scoresOf());
const output = contractOverKeys(softmax(logits), v, { label: 'mixed' });
const convolved = onScores(plus(readHere(scoresOf()), half(read(scoresOf(), [b, h, minus(i, 2), minus(j, 1)]))));
/** Two rows above, and behind a convolution of weights. */
const later = contractOverKeys(
  onScores(plus(readHere(softmax(hide(convolved))), half(read(softmax(hide(convolved)), [b, h, minus(i, 1), j])))),
  v,
);

function graphOf(out: Node, ...further: readonly { readonly name: string; readonly node: Node }[]): Graph {
  const outputs = [{ name: 'out', node: out }, ...further];
  const inputs = topological({ inputs: [], outputs }).filter((node): node is TensorNode => node.op === 'tensor');
  return { name: 'cut', settings: {}, inputs, outputs };
}

const square = tensorNode('square', 'parameter', [extent(features), extent(features)]);
const narrow = tensorNode('narrow', 'parameter', [extent(2), extent(features)]);
const projection = tensorNode('projection', 'parameter', [head(heads), extent(heads)]);

export interface StagedCase {
  readonly graph: Graph;
  /** What lies in memory, and why. */
  readonly inMemory: readonly (readonly [name: string, why: string | undefined])[];
  /** Kinds that serve no stage. Bands are of use only where scores are read elsewhere. */
  readonly not?: readonly ScheduleKind[];
}

const above = onOutputs(plus(readHere(output), half(read(output, [b, h, minus(i, 1), d]))));
const aboveThat = onOutputs(plus(readHere(above), half(read(above, [b, h, minus(i, 2), minus(d, 1)]))));
const lseAbove = read(sumOf(logits), [b, h, minus(i, 1)]);
const bounded = (x: Expression): Expression => apply('hyperbolicTangent', x);
const ofSum = softmax(hide(onScores(minus(readHere(scoresOf()), bounded(read(sumOf(logits), [b, h, i]))))));
const ofFirstHead = mapNodeOver(
  [{ kind: 'batch' }, { kind: 'query' }],
  bounded(read(output, [b, integer(0), i, integer(1)])),
);
const size = onRows(
  apply('squareRoot', plus(float(1), sum('e', features, times(read(above, [b, h, i, e]), read(above, [b, h, i, e]))))),
);

export const stagedCases: Readonly<Record<string, StagedCase>> = {
  'the row above': { graph: graphOf(above), inMemory: [['mixed', 'at another row']] },
  'the row below, and none behind the last': {
    graph: graphOf(onOutputs(minus(readHere(output), half(read(output, [b, h, plus(i, 1), d]))))),
    inMemory: [['mixed', 'at another row']],
  },
  'features in another order': {
    graph: graphOf(onOutputs(plus(readHere(output), half(read(output, [b, h, i, minus(integer(features - 1), d)]))))),
    inMemory: [['mixed', 'at other features']],
  },
  'a chain of cuts, and a norm behind the last': {
    graph: graphOf(onOutputs(apply('divide', readHere(aboveThat), read(size, [b, h, i])))),
    inMemory: [
      ['mixed', 'at another row'],
      ['outputs2', 'at another row'],
      ['rows', undefined],
    ],
  },
  'more heads than a block takes': {
    graph: graphOf(onOutputs(sum('n', heads, times(read(projection, [h, n]), read(output, [b, n, i, d]))))),
    inMemory: [['mixed', 'at another head']],
  },
  'the largest feature, and a gate of low rank': {
    graph: graphOf(
      onOutputs(
        plus(
          apply(
            'divide',
            readHere(output),
            accumulate('max', [{ name: 'e', extent: features }], plus(float(2), read(output, [b, h, i, e]))),
          ),
          sum(
            'r',
            2,
            times(read(narrow, [r, d]), sum('e', features, times(read(narrow, [r, e]), read(output, [b, h, i, e])))),
          ),
        ),
      ),
    ),
    inMemory: [['mixed', 'at other features']],
  },
  'a full gate on rows that come from memory': {
    graph: graphOf(
      onOutputs(
        plus(
          read(output, [b, h, minus(i, 3), d]),
          sum('e', features, times(read(square, [d, e]), read(output, [b, h, i, e]))),
        ),
      ),
      { name: 'lse', node: sumOf(logits) },
    ),
    inMemory: [['mixed', 'at another row']],
  },
  'the sum of the row above': {
    graph: graphOf(
      onOutputs(times(readHere(output), bounded(times(float(0.1), apply('maximum', lseAbove, float(-9)))))),
    ),
    inMemory: [
      ['mixed', undefined],
      ['rows', 'at another row'],
    ],
  },
  'behind two passes with a history': {
    graph: graphOf(onOutputs(plus(readHere(later), half(read(later, [b, plus(h, 1), minus(i, 1), d]))))),
    inMemory: [['outputs', 'at another head']],
    not: ['online'],
  },
  'a value of one head for all of them, of the row above': {
    graph: graphOf(onOutputs(times(read(above, [b, h, minus(i, 1), d]), read(ofFirstHead, [b, minus(i, 1)])))),
    inMemory: [
      ['mixed', 'at another row'],
      ['outputs2', 'at another row'],
      ['rows', 'at another row'],
    ],
  },
  'scores that read a sum by themselves': {
    graph: graphOf(contractOverKeys(ofSum, v)),
    inMemory: [['rows', 'by scores']],
  },
  'weights without a softmax that read a sum': {
    graph: graphOf(
      contractOverKeys(
        fillNode(onScores(times(bounded(readHere(scoresOf())), bounded(read(sumOf(logits), [b, h, i])))), causal, 0),
        v,
      ),
    ),
    inMemory: [['rows', 'by scores']],
    not: ['two-pass', 'slab'],
  },
  'scores that read outputs of the row above': {
    graph: graphOf(
      contractOverKeys(
        softmax(hide(onScores(times(readHere(scoresOf('2')), bounded(read(output, [b, h, minus(i, 1), integer(1)])))))),
        v,
      ),
    ),
    inMemory: [['mixed', 'by scores']],
  },
  'a softmax of weights': {
    graph: graphOf(contractOverKeys(softmax(hide(onScores(times(float(3), readHere(softmax(logits)))))), v)),
    // Its maximum and its scale.
    inMemory: [
      ['rows', 'by a further softmax'],
      ['rows2', 'by a further softmax'],
    ],
  },
  'a sink made of another sum': {
    graph: graphOf(
      contractOverKeys(
        (() => {
          const other = hide(scoresOf('2'));
          return softmax(other, apply('maximum', read(sumOf(logits), [b, h, i]), float(-9)));
        })(),
        v,
      ),
    ),
    inMemory: [['rows', 'by scores']],
  },
};
