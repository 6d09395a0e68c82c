// One random step on outputs [b, h, i, d], and outputs besides the main one: reductions and a scatter.
// The vocabulary of random-graph.ts for everything that is not scores.
import {
  accumulate,
  apply,
  binNode,
  type Domain,
  type Expression,
  extent,
  feature,
  featuresOf,
  float,
  head,
  headsOf,
  integer,
  mapNodeOver,
  type Node,
  read,
  readHere,
  reduceNode,
  rowDomain,
  variable,
} from '../../src/ir/index.js';
import type { Drawing } from './random-graph.js';

const [b, h, i, j, d] = ['b', 'h', 'i', 'j', 'd'].map(variable) as unknown as readonly [
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
];

type Step = (drawing: Drawing, node: Node) => Node;

/** RMS norm with a gain: a row value by a sum over features, and a map that reads it. */
const norm: Step = (drawing, output) => {
  const features = featuresOf(output.domain);
  const own = read(output, [b, h, i, variable('e')]);
  const squares = accumulate('sum', [{ name: 'e', extent: features }], apply('multiply', own, own));
  const mean = apply('divide', squares, float(features));
  const size = mapNodeOver(rowDomain(headsOf(output.domain)), apply('squareRoot', apply('add', mean, float(1e-5))));
  const gain = drawing.parameter([extent(features)]);
  const normed = apply('divide', readHere(output), readHere(size));
  return mapNodeOver(output.domain, apply('multiply', normed, read(gain, [d])), { label: 'normed' });
};

/** o · sigmoid(W·o + bias), with one gate for the row or one for each feature. */
const gate: Step = (drawing, output) => {
  const features = featuresOf(output.domain);
  const rows = drawing.choices.pick([1, features]);
  const weight = drawing.parameter([extent(rows), extent(features)]);
  const which = rows > 1 ? d : integer(0);
  const e = variable('e');
  const products = apply('multiply', read(weight, [which, e]), read(output, [b, h, i, e]));
  const sum = accumulate('sum', [{ name: 'e', extent: features }], products);
  const open = apply('divide', integer(1), apply('add', integer(1), apply('exponential', apply('negate', sum))));
  return mapNodeOver(output.domain, apply('multiply', readHere(output), open));
};

const scale: Step = (_, output) =>
  mapNodeOver(output.domain, apply('add', apply('multiply', readHere(output), float(0.5)), float(0.125)));

const reversed: Step = (_, output) => {
  const last = integer(featuresOf(output.domain) - 1);
  return mapNodeOver(output.domain, read(output, [b, h, i, apply('subtract', last, d)]));
};

/** What lies beside an output: its row above or below, another head, its neighbouring features. */
const neighbour: Step = ({ choices, heads }, output) => {
  const by = integer(choices.pick([-1, 1, -2, 0]));
  const from = choices.pick([
    h,
    apply('add', h, integer(1)),
    apply('remainder', apply('add', h, integer(1)), integer(heads)),
  ]);
  const feature = apply('subtract', d, integer(choices.between(0, 1)));
  const beside = read(output, [b, from, apply('add', i, by), feature]);
  return mapNodeOver(output.domain, apply('add', readHere(output), apply('multiply', float(0.5), beside)));
};

/** Divided by the largest magnitude of a few rows and all features, and kept away from ties. */
const bounded: Step = (_, output) => {
  const extent = featuresOf(output.domain);
  const element = read(output, [b, h, apply('subtract', i, variable('u')), variable('e')]);
  const apart = apply('multiply', apply('toFloat', apply('add', variable('e'), integer(1))), float(0.37));
  const counters = [
    { name: 'u', extent: 2 },
    { name: 'e', extent },
  ];
  const largest = accumulate('max', counters, apply('add', apply('absolute', element), apart));
  return mapNodeOver(output.domain, apply('divide', readHere(output), largest));
};

/** Heads combined by a matrix, as of a projection that is kept small. */
const combined: Step = (drawing, output) => {
  const weights = drawing.parameter([head(drawing.heads), extent(drawing.heads)]);
  const n = variable('n');
  const product = apply('multiply', read(weights, [h, n]), read(output, [b, n, i, d]));
  return mapNodeOver(output.domain, accumulate('sum', [{ name: 'n', extent: drawing.heads }], product));
};

export const outputStep: Step = (drawing, output) =>
  drawing.choices.pick([scale, norm, gate, reversed, neighbour, bounded, combined])(drawing, output);

const keys = { variable: 'j', axis: { kind: 'key' } } as const;
const queries = { variable: 'i', axis: { kind: 'query' } } as const;
const batches = { variable: 'b', axis: { kind: 'batch' } } as const;

/** Something made from weights that is not the main output. */
export const extraOutputs: Step = (drawing, weights) => {
  const heads = headsOf(weights.domain);
  const columns: Domain = [{ kind: 'batch' }, head(heads), { kind: 'key' }];
  const here = readHere(weights);
  const makers: readonly (() => Node)[] = [
    () => reduceNode('sum', rowDomain(heads), [keys], here, { label: 'row sums' }),
    () => reduceNode('max', columns, [queries], apply('add', here, float(0.5))),
    // The gradient of a kernel: taps are an axis of the domain.
    () =>
      reduceNode(
        'sum',
        [head(heads), extent(2)],
        [batches, queries, keys],
        apply('multiply', read(weights, [b, h, apply('subtract', i, variable('x')), j]), here),
      ),
    // The gradient of a table over buckets of the distance.
    () =>
      binNode(
        [extent(3), head(heads)],
        [batches, { variable: 'g', axis: head(heads) }, queries, keys],
        [apply('minimum', apply('absolute', apply('subtract', i, j)), integer(3)), variable('g')],
        read(weights, [b, variable('g'), i, j]),
      ),
    // Columns of features: a rowmap over keys.
    () => {
      const k = drawing.tensors.find(({ role }) => role === 'keys')!;
      return mapNodeOver(k.domain, apply('multiply', readHere(k), apply('cosine', apply('toFloat', j))));
    },
    () => mapNodeOver([head(heads), feature(2)], apply('toFloat', apply('add', h, d))),
  ];
  return drawing.choices.pick(makers)();
};
