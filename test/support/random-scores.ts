// One random step on scores or on weights, and random masks: the vocabulary of random-graph.ts for [b, h, i, j].
// Offsets go up and down, heads are mixed, shifted and repeated, and sums are nested and shared.
import {
  accumulate,
  apply,
  type Expression,
  extent,
  fillNode,
  float,
  head,
  integer,
  mapNodeOver,
  type Node,
  read,
  readHere,
  variable,
} from '../../src/ir/index.js';
import type { Drawing } from './random-graph.js';

const [b, h, i, j] = ['b', 'h', 'i', 'j'].map(variable) as unknown as readonly [
  Expression,
  Expression,
  Expression,
  Expression,
];
const plus = (x: Expression, y: Expression): Expression => apply('add', x, y);
const minus = (x: Expression, y: Expression): Expression => apply('subtract', x, y);
const times = (x: Expression, y: Expression): Expression => apply('multiply', x, y);
const number = (value: number): Expression => integer(value);

const before = apply('lessOrEqual', j, i);
const after = apply('lessOrEqual', i, j);

// ── Masks ───────────────────────────────────────────────────────────────────────────────────────────

const predicates: readonly ((drawing: Drawing) => Expression)[] = [
  () => apply('lessOrEqual', j, i),
  ({ choices }) => apply('less', minus(i, j), number(choices.between(1, 4))),
  ({ choices }) => apply('less', j, number(choices.between(0, 3))),
  (drawing) => {
    const documents = drawing.documents();
    return apply('equal', read(documents, [b, i]), read(documents, [b, j]));
  },
  // A neighbourhood in a grid three wide.
  () => {
    const distance = minus(apply('remainder', i, number(3)), apply('remainder', j, number(3)));
    return apply('lessOrEqual', apply('absolute', distance), number(1));
  },
  () => apply('equal', apply('remainder', minus(i, j), number(2)), number(0)),
  // A window of each head's own, and heads that look one way or the other.
  ({ choices }) => apply('less', minus(i, j), plus(times(number(choices.between(1, 3)), h), number(1))),
  () => apply('select', apply('equal', apply('remainder', h, number(2)), number(0)), before, after),
];

export function randomMask(drawing: Drawing): Expression {
  const { choices } = drawing;
  let mask = choices.pick(predicates)(drawing);
  for (let more = choices.below(3); more > 0; more -= 1) {
    const other = choices.pick(predicates)(drawing);
    const combine: readonly (() => Expression)[] = [
      () => apply('and', mask, other),
      () => apply('or', mask, other),
      () => apply('and', mask, apply('not', other)),
    ];
    mask = choices.pick(combine)();
  }
  return mask;
}

// ── Steps ───────────────────────────────────────────────────────────────────────────────────────────

type Step = (drawing: Drawing, scores: Node) => Node;

/** A sum over a box of queries and keys, with or without a guard by document. */
const stencil: Step = (drawing, scores) => {
  const { choices, heads } = drawing;
  const [rows, columns] = [choices.between(1, 3), choices.between(1, 3)];
  const theta = drawing.parameter([head(heads), extent(rows), extent(columns)]);
  const [u, w] = [variable('u'), variable('w')];
  const row = minus(plus(i, u), number(choices.pick([rows - 1, 0, 1])));
  const column = minus(plus(j, w), number(choices.between(0, columns)));
  const product = times(read(theta, [h, u, w]), read(scores, [b, h, row, column]));
  const documents = choices.chance(3) ? drawing.documents() : undefined;
  const guarded = documents
    ? apply('select', apply('equal', read(documents, [b, row]), read(documents, [b, i])), product, number(0))
    : product;
  const counters = [
    { name: 'u', extent: rows },
    { name: 'w', extent: columns },
  ];
  const value = choices.chance(4)
    ? accumulate('sum', [counters[0]!], accumulate('sum', [counters[1]!], guarded))
    : accumulate('sum', counters, guarded);
  return mapNodeOver(scores.domain, value, { label: 'convolved' });
};

const mix: Step = (drawing, scores) => {
  const { choices, heads } = drawing;
  const size = choices.pick([1, 2, 3, 4].filter((each) => heads % each === 0));
  const weights = drawing.parameter([extent(heads / size), extent(size), extent(size)]);
  const group = apply('floorDivide', h, number(size));
  const n = variable('n');
  const member = read(weights, [group, apply('remainder', h, number(size)), n]);
  const from = plus(times(group, number(size)), n);
  const products = times(member, read(scores, [b, from, i, j]));
  return mapNodeOver(scores.domain, accumulate('sum', [{ name: 'n', extent: size }], products));
};

/** One tap: a shift of rows, keys or heads, all of them inside a map of its own. */
const shift: Step = ({ choices, heads }, scores) => {
  const row = plus(i, number(choices.between(-1, 1)));
  const column = minus(j, number(choices.between(-2, 2)));
  const from = choices.pick([h, apply('remainder', plus(h, number(1)), number(heads)), plus(h, number(1)), number(0)]);
  return mapNodeOver(scores.domain, read(scores, [b, from, row, column]));
};

/** Composed heads with weights that depend on the row, as in DCMHA, with a shared sum inside a sum. */
const compose: Step = (drawing, scores) => {
  const { heads } = drawing;
  const table = drawing.tensor(`rows${drawing.tensors.length}`, 'tensor', [
    { kind: 'batch' },
    { kind: 'query' },
    extent(2),
    head(heads),
  ]);
  const [r, n] = [variable('r'), variable('n')];
  const inner = accumulate(
    'sum',
    [{ name: 'n', extent: heads }],
    times(read(table, [b, i, r, n]), read(scores, [b, n, i, j])),
  );
  // Heavy, and a value of the row: but of one counter too, so that it stays in its loop.
  const bounded = apply('hyperbolicTangent', read(table, [b, i, r, h]));
  const outer = accumulate('sum', [{ name: 'r', extent: 2 }], times(bounded, inner));
  const gate = apply('hyperbolicTangent', read(table, [b, i, integer(0), h]));
  return mapNodeOver(scores.domain, plus(times(readHere(scores), plus(integer(1), gate)), outer));
};

const pointwise: readonly ((x: Expression, drawing: Drawing) => Expression)[] = [
  (x) => times(apply('hyperbolicTangent', apply('divide', x, float(3))), float(3)),
  (x, drawing) => plus(x, times(read(drawing.parameter([head(drawing.heads)]), [h]), apply('toFloat', minus(j, i)))),
  (x, drawing) => {
    // A table over buckets of the distance.
    const bias = drawing.parameter([extent(4), head(drawing.heads)]);
    const bucket = apply('minimum', apply('maximum', minus(i, j), integer(0)), integer(3));
    return plus(x, read(bias, [bucket, h]));
  },
  // A shared part: x · sigmoid(x) + sigmoid(x).
  (x) => {
    const gate = apply('divide', float(1), plus(float(1), apply('exponential', apply('negate', x))));
    return plus(times(x, gate), gate);
  },
  // Identities that fold away, in floats and in integers.
  (x) => plus(times(minus(x, float(0)), float(1)), apply('negate', apply('negate', float(0.25)))),
  (x) => apply('select', apply('equal', apply('remainder', h, integer(2)), integer(0)), x, times(x, float(0.5))),
  (x, drawing) => {
    const documents = drawing.documents();
    const bias = drawing.parameter([extent(3)]);
    return plus(x, read(bias, [apply('remainder', read(documents, [b, j]), integer(3))]));
  },
  (x, drawing) => {
    // An expensive value of the head alone, and one of the row alone.
    const scale = apply('exponential', times(read(drawing.parameter([head(drawing.heads)]), [h]), float(0.25)));
    return plus(times(scale, x), apply('sine', apply('toFloat', i)));
  },
  (x) => apply('select', apply('lessOrEqual', j, i), times(x, float(0.75)), float(0)),
  (x) => apply('minimum', apply('absolute', plus(x, float(0.3))), float(4.1)),
];

const map: Step = (drawing, scores) =>
  mapNodeOver(scores.domain, drawing.choices.pick(pointwise)(readHere(scores), drawing));

/** The largest of neighbours. Different constants on each keep zeros from outside from being equal. */
const largest: Step = ({ choices }, scores) => {
  const n = variable('n');
  const neighbour = read(scores, [b, h, minus(i, n), j]);
  const apart = times(apply('toFloat', plus(n, integer(1))), float(0.37));
  const value = accumulate('max', [{ name: 'n', extent: choices.between(1, 3) }], plus(neighbour, apart));
  return mapNodeOver(scores.domain, value);
};

const hide: Step = (drawing, scores) => fillNode(scores, randomMask(drawing), drawing.choices.pick([0, 0.5, -0.25]));
const hideTwice: Step = (drawing, scores) => {
  const mask = randomMask(drawing);
  return fillNode(fillNode(scores, mask, 0.5), mask, drawing.choices.pick([0, 1.5]));
};
const sumWithSelf: Step = (_, scores) =>
  mapNodeOver(scores.domain, plus(readHere(scores), times(float(0.5), read(scores, [b, h, i, minus(j, integer(1))]))));

const steps: readonly Step[] = [map, stencil, hide, mix, map, shift, compose, hideTwice, largest, sumWithSelf, map];

export const scoreStep: Step = (drawing, scores) => drawing.choices.pick(steps)(drawing, scores);

const threshold: Step = (_, weights) =>
  mapNodeOver(weights.domain, apply('maximum', minus(readHere(weights), float(0.01)), float(0)));

const weightSteps: readonly Step[] = [mix, stencil, hide, threshold, shift];

export const weightStep: Step = (drawing, weights) => drawing.choices.pick(weightSteps)(drawing, weights);
