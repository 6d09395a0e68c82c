// Graphs built by hand, one for each shape of node and read, against the interpreter: what fails here is the target itself.
// And what autograd would get wrong: sides that are not taken, rows without a visible key, derivatives that are infinite.
import { describe, expect } from 'vitest';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { checkCase } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import {
  accumulate,
  apply,
  batch,
  binNode,
  contractOverKeys,
  type Expression,
  extent,
  feature,
  fillNode,
  float,
  type Graph,
  head,
  integer,
  logSumExpNode,
  mapNodeOver,
  position,
  query,
  read,
  readHere,
  reduceNode,
  statisticsNodes,
  tensorNode,
  variable,
} from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { hostTensor, type Precision } from '../../../src/tensors/index.js';
import { torchDevice } from '../../../targets/torch/device/index.js';
import { randomInputs } from '../../support/random-inputs.js';
import * as handBuilt from '../gpujs/hand-built.js';
import { distance, onTorch, torch, torch64 } from './support.js';

const { graphOf, scaledScores, softmaxOf, usual, visible, b, h, i, j, d } = handBuilt;
const plus = (x: Expression, y: Expression): Expression => apply('add', x, y);
const minus = (x: Expression, y: Expression): Expression => apply('subtract', x, y);
const times = (x: Expression, y: Expression): Expression => apply('multiply', x, y);

/** Tables at computed places, inside and far outside on either side. */
function lookUpGraph(): Graph {
  const { scaled, v } = scaledScores({ ...usual, heads: 4, kvHeads: 4 });
  const near = tensorNode('near', 'parameter', [extent(3), head(4)]);
  const heads = tensorNode('heads', 'parameter', [extent(5)]);
  const rows = tensorNode('rows', 'tensor', [batch, query, extent(2)]);
  const document = tensorNode('document', 'integers', [batch, position]);
  const terms = [
    read(near, [minus(j, i), h]),
    read(near, [plus(minus(times(integer(2), j), i), integer(1)), apply('remainder', plus(h, integer(1)), integer(4))]),
    read(heads, [times(integer(2), h)]),
    read(heads, [minus(h, integer(2))]),
    read(heads, [integer(7)]),
    read(heads, [minus(apply('remainder', h, integer(2)), integer(1))]),
    read(rows, [b, minus(i, integer(2)), apply('remainder', j, integer(3))]),
    apply('toFloat', read(document, [b, plus(j, integer(1))])),
    apply('toFloat', read(document, [b, minus(times(integer(2), i), j)])),
    accumulate('sum', [{ name: 'c0', extent: 4 }], read(heads, [plus(variable('c0'), h)])),
    accumulate(
      'max',
      [{ name: 'c0', extent: 2 }],
      plus(read(rows, [b, i, variable('c0')]), times(float(0.1), read(heads, [h]))),
    ),
  ];
  const looked = mapNodeOver(scaled.domain, terms.reduce(plus, readHere(scaled)));
  return graphOf('look-up', [
    { name: 'out', node: contractOverKeys(softmaxOf(looked), v) },
    { name: 'logits', node: looked },
  ]);
}

/** Every size of a call as a number, in shifts, counters and conditions. */
function sizesGraph(): Graph {
  const { scaled, v } = scaledScores(usual);
  const tk = { kind: 'length', type: 'int', of: 'key' } as const;
  const share = apply('divide', apply('toFloat', plus(i, integer(1))), apply('toFloat', tk));
  const isLate = apply('less', apply('floorDivide', tk, integer(2)), j);
  const isLong = apply('greater', tk, integer(6));
  const chosen = apply('select', isLong, apply('select', isLate, share, float(0.25)), times(float(2), share));
  const value = plus(times(readHere(scaled), chosen), apply('logarithm', apply('toFloat', tk)));
  return graphOf('sizes', contractOverKeys(softmaxOf(mapNodeOver(scaled.domain, value)), v));
}

/** Integer arithmetic with signs: remainders, divisions and bits of negative numbers. */
function integersGraph(): Graph {
  const { scaled, v } = scaledScores(usual);
  const x = minus(j, times(integer(3), i));
  const values = [
    apply('remainder', x, integer(4)),
    apply('floorDivide', x, integer(4)),
    apply('bitAnd', x, integer(6)),
    apply('bitOr', x, integer(1)),
    apply('bitExclusiveOr', x, j),
    apply('bitNot', x),
    apply('shiftLeft', x, integer(28)),
    apply('shiftRight', x, integer(1)),
    apply('minimum', x, i),
    apply('sign', x),
  ];
  const sum = values.map((value) => apply('sine', apply('toFloat', value))).reduce<Expression>(plus, float(0));
  const biased = mapNodeOver(scaled.domain, plus(readHere(scaled), times(float(0.3), sum)));
  return graphOf('integers', contractOverKeys(softmaxOf(biased), v));
}

/** Each operation on floats, where it is smooth. */
function operationsGraph(): Graph {
  const { scaled, v } = scaledScores(usual);
  const x = readHere(scaled);
  const unit = apply('hyperbolicTangent', times(x, float(0.5)));
  const positive = plus(float(1.5), unit);
  const half = times(unit, float(0.5));
  const unary = (['logarithm', 'logarithm2', 'logarithm10', 'squareRoot', 'cubeRoot', 'exponential'] as const).map(
    (operation) => apply(operation, positive),
  );
  const onUnit = (
    [
      'exponentialMinusOne',
      'logarithmOnePlus',
      'sine',
      'cosine',
      'tangent',
      'arcSine',
      'arcCosine',
      'arcTangent',
    ] as const
  ).map((operation) => apply(operation, half));
  const steps = (['floor', 'ceiling', 'round', 'truncate', 'sign', 'absolute'] as const).map((operation) =>
    apply(operation, plus(times(x, float(3)), float(0.123))),
  );
  const others = [
    apply('hyperbolicSine', unit),
    apply('hyperbolicCosine', unit),
    apply('power', positive, half),
    apply('arcTangent2', x, positive),
    apply('remainder', times(x, float(4)), positive),
    apply('absorbingMultiply', x, positive),
  ];
  const sum = [...unary, ...onUnit, ...steps, ...others].reduce<Expression>(plus, float(0));
  return graphOf('operations', contractOverKeys(softmaxOf(mapNodeOver(scaled.domain, times(float(0.1), sum))), v));
}

/** Stencils that are no plain conv2d: taps that leave the own row out, run backwards, or along one axis only. */
function stencilsGraph(): Graph {
  const { scaled, v } = scaledScores({ ...usual, heads: 4, kvHeads: 2 });
  const theta = tensorNode('theta', 'parameter', [head(4), extent(3), extent(2)]);
  const flat = tensorNode('flat', 'parameter', [extent(3)]);
  const [u, w] = [variable('u'), variable('w')];
  const box = [
    { name: 'u', extent: 3 },
    { name: 'w', extent: 2 },
  ];
  const above = times(read(theta, [h, u, w]), read(scaled, [b, h, minus(i, plus(u, integer(1))), plus(j, w)]));
  const first = mapNodeOver(scaled.domain, accumulate('sum', box, above));
  const backwards = times(read(theta, [h, u, w]), read(first, [b, h, minus(plus(i, integer(1)), u), minus(j, w)]));
  const second = mapNodeOver(first.domain, accumulate('sum', box, backwards));
  const along = times(read(flat, [u]), read(second, [b, h, i, minus(plus(j, u), integer(1))]));
  const third = mapNodeOver(second.domain, accumulate('sum', [box[0]!], along));
  const down = times(read(flat, [u]), read(third, [b, h, minus(i, u), j]));
  const fourth = mapNodeOver(third.domain, plus(readHere(third), accumulate('sum', [box[0]!], down)));
  const fifth = mapNodeOver(
    fourth.domain,
    accumulate('sum', [box[0]!], times(read(flat, [u]), read(fourth, [b, h, minus(i, u), j]))),
  );
  // Heads in groups of two with weights that are no plain tensor, and one step between queries and heads.
  const group = times(apply('floorDivide', h, integer(2)), integer(2));
  const n = variable('n');
  const weight = apply('hyperbolicTangent', plus(read(flat, [n]), apply('toFloat', apply('remainder', h, integer(2)))));
  const mixed = accumulate('sum', [{ name: 'n', extent: 2 }], times(weight, read(fifth, [b, plus(group, n), i, j])));
  const logits = fillNode(mapNodeOver(fifth.domain, mixed), visible, Number.NEGATIVE_INFINITY);
  return graphOf('stencils', contractOverKeys(softmaxOf(logits), v));
}

/** Bins and reductions over nothing and to nothing. */
function totalsGraph(): Graph {
  const { scaled } = scaledScores(usual);
  const iterate = [
    { variable: 'b', axis: batch },
    { variable: 'h', axis: head(3) },
    { variable: 'i', axis: query },
    { variable: 'j', axis: { kind: 'key' } as const },
  ];
  const here = readHere(scaled);
  return graphOf('totals', [
    {
      name: 'bins',
      node: binNode(
        [batch, extent(2), { kind: 'key' }],
        iterate,
        [b, minus(h, integer(1)), minus(j, integer(1))],
        here,
      ),
    },
    { name: 'all', node: binNode([], iterate, [], here) },
    { name: 'rows', node: binNode([query, head(2)], iterate, [minus(i, integer(1)), minus(h, integer(1))], here) },
    { name: 'constant', node: reduceNode('sum', [head(3), feature(2)], [iterate[2]!], apply('toFloat', plus(h, d))) },
    { name: 'softest', node: reduceNode('logSumExp', [], iterate, here) },
    { name: 'one', node: mapNodeOver([batch, head(2)], float(1)) },
  ]);
}

const graphs = [
  handBuilt.causalGraph(),
  handBuilt.preConvGraph(),
  handBuilt.postConvGraph(),
  handBuilt.mixedNormGraph(),
  handBuilt.bucketGraph(),
  handBuilt.documentGraph(),
  handBuilt.blindRowsGraph(2),
  handBuilt.transposedGraph(),
  handBuilt.outsideGraph(),
  handBuilt.layoutGraph(),
  handBuilt.truthGraph(),
  lookUpGraph(),
  sizesGraph(),
  integersGraph(),
  operationsGraph(),
  stencilsGraph(),
  totalsGraph(),
];
const shapes = [
  { batch: 1, queries: 1, keys: 1 },
  { batch: 2, queries: 9, keys: 9 },
  { batch: 1, queries: 10, keys: 13 },
  { batch: 3, queries: 6, keys: 6 },
];

describe('against the interpreter', () => {
  for (const graph of graphs) {
    onTorch(graph.name, async () => {
      for (const [seed, sizes] of shapes.entries()) {
        const inputs = randomInputs(graph, sizes, seed + 1);
        const rows = graph.outputs.some(({ node }) => node.domain.some(({ kind }) => kind === 'query')) ? 1 : undefined;
        const expected = interpret(graph, inputs, { rows });
        for (const each of [graph, optimise(graph)]) {
          const out = await torch64.run(each, inputs, { rows });
          for (const [name, tensor] of expected) expect(distance(out.get(name), tensor), name).toBeLessThan(1e-10);
        }
      }
    });
  }
});

onTorch('a logarithm of a position that float32 rounds to the wrong side is on the right one', async () => {
  // log(243) / log(81) · 4 is 5, and a little less in float32.
  const x = read(tensorNode('x', 'tensor', [{ kind: 'key' }]), [j]);
  const position4 = apply('divide', apply('toFloat', plus(j, integer(1))), float(4));
  const scaledLog = times(apply('divide', apply('logarithm', position4), float(Math.log(81))), float(4));
  const graph = graphOf('rounding', mapNodeOver([{ kind: 'key' }], plus(x, apply('floor', scaledLog))));
  const inputs = randomInputs(graph, { batch: 1, queries: 1, keys: 1000 }, 1);
  const out = (await torch.run(graph, inputs)).get('out')!;
  expect(out.data[971]).toBeCloseTo(interpret(graph, inputs).get('out')!.data[971]!, 4);
});

describe('in 16 bits', () => {
  for (const dtype of ['f16', 'bf16'] as const satisfies readonly Precision[]) {
    const device = torchDevice({ dtype });
    for (const graph of [handBuilt.preConvGraph(), handBuilt.mixedNormGraph()]) {
      onTorch(`${graph.name} in ${dtype}`, async () => {
        const done = await checkCase(graph, device, { batch: 2, queries: 17, keys: 17, rows: 17 }, 1);
        expect(done.problems).toEqual([]);
      });
    }
  }
});

describe('gradients', () => {
  const { scaled, v } = scaledScores(usual);
  const x = readHere(scaled);
  const bias = tensorNode('bias', 'tensor', [batch, { kind: 'key' }]);
  const value = times(read(bias, [b, j]), float(1));
  const choice = (condition: Expression, yes: Expression, no: Expression) => apply('select', condition, yes, no);
  const isPositive = apply('greater', value, float(0));
  const exponential = apply('exponential', times(value, float(2000)));
  const cases: Readonly<Record<string, Expression>> = {
    'of a logarithm that is not taken': choice(isPositive, apply('logarithm', value), float(0)),
    'of a root that is not taken': choice(isPositive, apply('squareRoot', value), value),
    'of a quotient that is not taken': choice(isPositive, apply('divide', float(0.5), value), float(0)),
    'of an overflow that is not taken': choice(isPositive, value, times(exponential, float(0))),
    'of softplus by cases': choice(isPositive, times(value, float(2000)), apply('logarithmOnePlus', exponential)),
    'of a swish by hand': apply('divide', value, plus(float(1), apply('exponential', times(value, float(-2000))))),
    'of a sigmoid by hand': apply('divide', float(1), plus(float(1), apply('exponential', times(value, float(-2000))))),
    'of a sine of what is not taken': choice(isPositive, apply('sine', apply('divide', float(1), value)), float(1)),
  };

  for (const [name, expression] of Object.entries(cases)) {
    onTorch(`${name} are those of the graph of gradients`, async () => {
      const biased = mapNodeOver(scaled.domain, plus(x, expression));
      const graph = graphOf('gradients', contractOverKeys(softmaxOf(biased), v));
      await expectSameGradients(graph);
      await expectSameGradients(optimise(graph));
    });
  }

  onTorch('of what a fill hides', async () => {
    const biased = mapNodeOver(scaled.domain, plus(x, apply('logarithm', value)));
    const seen = apply('equal', apply('remainder', j, integer(3)), integer(0));
    const graph = graphOf('hidden', contractOverKeys(softmaxOf(fillNode(biased, seen, Number.NEGATIVE_INFINITY)), v));
    await expectSameGradients(graph);
  });

  onTorch('of rows that a table hides', async () => {
    const biased = mapNodeOver(scaled.domain, plus(x, read(tensorNode('table', 'tensor', [query]), [i])));
    const graph = graphOf('table', [
      { name: 'out', node: contractOverKeys(softmaxOf(biased), v) },
      { name: 'lse', node: logSumExpNode(statisticsNodes(biased, undefined)) },
    ]);
    await expectSameGradients(graph, { table: hostTensor([6], [0, -Infinity, 0.5, -Infinity, 1, 0]) });
  });

  async function expectSameGradients(graph: Graph, given: Record<string, ReturnType<typeof hostTensor>> = {}) {
    const sizes = { batch: 1, queries: 6, keys: 6 };
    const inputs = new Map([...randomInputs(graph, sizes, 1), ...Object.entries(given)]);
    // Positive where j is a multiple of 3; 0 and negative elsewhere.
    if (inputs.has('bias')) inputs.set('bias', hostTensor([1, 6], [0.5, 0, -0.5, 0.75, -1, 0]));
    const gradients = gradientGraph(graph);
    for (const { name, domain, role } of gradients.inputs) {
      if (role === 'cotangent')
        inputs.set(
          name,
          randomInputs({ ...gradients, inputs: [tensorNode(name, 'tensor', domain)] }, sizes, 2).get(name)!,
        );
    }
    const [out, expected] = [await torch64.differentiate(graph, inputs), interpret(gradients, inputs)];
    for (const [name, tensor] of expected) {
      expect(tensor.data.every(Number.isFinite), name).toBe(true);
      expect(distance(out.get(name), tensor), name).toBeLessThan(1e-9);
    }
  }
});
