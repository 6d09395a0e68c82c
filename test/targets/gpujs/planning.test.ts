// What becomes a kernel, what is fused, what is tabulated, and how large integers may get.
import { describe, expect, test } from 'vitest';
import {
  accumulate,
  apply,
  batch,
  contractOverKeys,
  type Expression,
  extent,
  float,
  integer,
  logSumExpNode,
  mapNodeOver,
  type Node,
  read,
  readHere,
  reduceNode,
  rowDomain,
  statisticsNodes,
  tensorNode,
  variable,
} from '../../../src/ir/index.js';
import { emitGpujs } from '../../../targets/gpujs/index.js';
import { planKernels } from '../../../targets/gpujs/kernels.js';
import {
  b,
  bucketGraph,
  causalGraph,
  graphOf,
  h,
  i,
  j,
  mixedNormGraph,
  postConvGraph,
  preConvGraph,
  scaledScores,
  usual,
} from './hand-built.js';

/** For each kernel, what it computes. */
const kernelsOf = (graph: Parameters<typeof planKernels>[0]): readonly (readonly string[])[] =>
  planKernels(graph).kernels.map(({ computes }) => computes.map(({ op }) => op));

describe('fusion', () => {
  test('scale and fill are computed behind the dot product; weights are kept, as every feature reads them', () => {
    expect(kernelsOf(causalGraph())).toEqual([
      ['dot', 'map', 'fill'],
      ['reduce'],
      ['map', 'reduce'],
      ['map', 'map', 'map'],
      ['contract'],
    ]);
  });

  test('a stencil reads what is kept, and what follows it is fused behind it', () => {
    expect(kernelsOf(preConvGraph())).toEqual([
      ['dot', 'map', 'fill'],
      ['map', 'fill'],
      ['reduce'],
      ['map', 'reduce'],
      ['map', 'map', 'map'],
      ['contract'],
    ]);
    expect(kernelsOf(postConvGraph())).toEqual([
      ['dot', 'map', 'fill'],
      ['reduce'],
      ['map', 'reduce'],
      ['map', 'map', 'map'],
      ['map', 'fill'],
      ['contract'],
    ]);
  });

  test('a mix reads what is kept, and row statistics are kernels of their own', () => {
    expect(kernelsOf(mixedNormGraph())).toEqual([
      ['dot', 'map'],
      ['map', 'fill'],
      ['reduce'],
      ['map', 'reduce'],
      ['map', 'map', 'map'],
      ['contract'],
      ['map'],
      ['rowmap'],
    ]);
  });

  const { scaled, v } = scaledScores(usual);
  const doubled = mapNodeOver(scaled.domain, apply('multiply', readHere(scaled), float(2)));
  const row = (value: Expression): Node =>
    reduceNode('sum', rowDomain(3), [{ variable: 'j', axis: { kind: 'key' } }], value);

  test('a sum over keys computes its scores itself', () => {
    expect(kernelsOf(graphOf('sum', row(readHere(doubled))))).toEqual([['dot', 'map', 'map', 'reduce']]);
  });

  test('what is cheap is computed twice rather than kept, what is asked for is kept', () => {
    const twice = [
      { name: 'sum', node: row(readHere(doubled)) },
      { name: 'squares', node: row(apply('multiply', readHere(doubled), readHere(doubled))) },
      { name: 'scores', node: scaled },
    ];
    expect(kernelsOf(graphOf('twice', twice))).toEqual([
      ['dot', 'map'],
      ['map', 'reduce'],
      ['map', 'reduce'],
    ]);
  });

  test('a log-sum-exp, which reads its values twice, does not compute scores twice', () => {
    expect(kernelsOf(graphOf('lse', logSumExpNode(statisticsNodes(scaled, undefined))))).toEqual([
      ['dot', 'map'],
      ['reduce'],
      ['map', 'reduce'],
      ['map', 'map'],
    ]);
  });

  test('next to nothing is fused into a contraction although each feature computes it again', () => {
    const outputs = [
      { name: 'out', node: contractOverKeys(doubled, v) },
      { name: 'scores', node: scaled },
    ];
    expect(kernelsOf(graphOf('linear', outputs))).toEqual([
      ['dot', 'map'],
      ['map', 'contract'],
    ]);
  });
});

describe('tables', () => {
  test('hold T5 buckets by distance, computed in float64', () => {
    const [table] = planKernels(bucketGraph()).tables;
    expect(table!.axes).toEqual([
      {
        variable: 'entry',
        low: { constant: 1, batch: 0, queries: -1, keys: 0 },
        high: { constant: -1, batch: 0, queries: 0, keys: 1 },
      },
    ]);
  });

  test('hold slopes by head, and comparisons that float32 could decide otherwise', () => {
    const { scaled, v } = scaledScores(usual);
    const slope = apply('power', float(2), apply('divide', apply('add', h, integer(1)), float(-3)));
    const near = apply('less', apply('multiply', apply('subtract', i, j), float(0.3)), float(2.1));
    const penalty = apply('select', near, apply('multiply', slope, apply('subtract', j, i)), float(-9));
    const scores = mapNodeOver(scaled.domain, apply('add', readHere(scaled), penalty));
    const { tables } = planKernels(graphOf('slopes', contractOverKeys(scores, v)));
    expect(tables.map(({ value, axes }) => [value.type, axes.length])).toEqual([
      ['bool', 1],
      ['float', 1],
    ]);
  });

  test('of too many indices are refused', () => {
    const { scaled } = scaledScores(usual);
    const third = (x: Expression) => apply('divide', x, float(3));
    const sum = [h, i, j].map(third).reduce((one, other) => apply('add', one, other), third(b));
    const value = apply('select', apply('less', sum, float(1)), readHere(scaled), float(0));
    expect(() => emitGpujs(graphOf('many', mapNodeOver(scaled.domain, value)))).toThrow('HD6103');
  });
});

describe('limits', () => {
  const limitsOf = (condition: Expression) => {
    const { scaled } = scaledScores(usual);
    const value = apply('select', condition, readHere(scaled), float(0));
    return emitGpujs(graphOf('limited', mapNodeOver(scaled.domain, value))).manifest.limits;
  };

  test('leave float32 its exact integers', () => {
    expect(limitsOf(apply('less', j, i))).toEqual({ keys: 2 ** 24, integers: 2 ** 24 });
    expect(limitsOf(apply('less', apply('multiply', i, j), integer(9)))).toEqual({ keys: 2 ** 12, integers: 2 ** 24 });
    expect(limitsOf(apply('less', apply('floorDivide', i, integer(3)), j)).keys).toBe(2 ** 23);
  });

  test('hold for sums of integers, and leave integers made from floats alone', () => {
    const ids = tensorNode('ids', 'integers', [extent(64)]);
    const sum = accumulate('sum', [{ name: 'c0', extent: 64 }], read(ids, [variable('c0')]));
    expect(limitsOf(apply('less', sum, j)).integers).toBe(2 ** 18);
    const size = read(tensorNode('size', 'tensor', [batch]), [b]);
    const rounded = apply('add', apply('toInteger', apply('floor', size)), integer(1));
    expect(limitsOf(apply('less', j, rounded))).toEqual({ keys: 2 ** 24, integers: 2 ** 24 });
  });

  test('that leave no sequence are refused', () => {
    expect(() => limitsOf(apply('less', apply('multiply', i, integer(2 ** 20)), j))).toThrow('HD6102');
  });
});
