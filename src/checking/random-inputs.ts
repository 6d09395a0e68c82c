// Random inputs for a graph: what the checks feed to a device and to the interpreter alike, drawn from what each input may
// hold by its declaration. A seed, a shape and a draw give the same inputs on every machine.
import { type Axis, axisSize, type CallSizes, contentsRange, type Graph, type TensorNode } from '../ir/index.js';
import {
  type HostTensor,
  hostTensor,
  largestFinite,
  type Precision,
  Random,
  roundTo,
  smallestNormal,
  stridesOf,
} from '../tensors/index.js';

/** Numbers that kernels get wrong: zeros, ties, rows all equal, exact powers of two, large ones, the ends of a dtype. */
export const edgeDraws = ['zeros', 'ties', 'equal', 'powers', 'large', 'ends'] as const;
export type EdgeDraw = (typeof edgeDraws)[number];
/** `random` lies around 0; `positive` above it, for specs that take logarithms or roots of their tensors. */
export const draws = ['random', 'positive', ...edgeDraws] as const;
export type Draw = (typeof draws)[number];

/** The sizes of a call, with R where incoming gradients have fewer rows than there are of queries. */
export interface DrawnSizes extends CallSizes {
  readonly rows?: number;
}

/**
 * Draws every input of `graph`, rounded to `precision`, within its contents. At random q, k, v and incoming gradients are normally distributed,
 * other floats uniform in ±1 or between the ends that are declared, integers documents, positions or bit sets, one of the
 * three for each seed.
 */
export function randomInputs(
  graph: Graph,
  sizes: DrawnSizes,
  seed: number,
  precision: Precision = 'f32',
  draw: Draw = 'random',
): Map<string, HostTensor> {
  const random = new Random(seed);
  return new Map(
    graph.inputs.map((node) => {
      const source: Source = { node, sizes, random: random.fork(node.name), precision };
      return [node.name, node.dtype === 'int' ? integers(source, draw) : floats(source, draw)];
    }),
  );
}

/** What the numbers of one input are drawn from. */
interface Source {
  readonly node: TensorNode;
  readonly sizes: DrawnSizes;
  readonly random: Random;
  readonly precision: Precision;
}

const shapeOf = ({ node, sizes }: Source): number[] =>
  node.domain.map((axis) =>
    node.role === 'cotangent' && axis.kind === 'query' ? (sizes.rows ?? sizes.queries) : axisSize(axis, sizes),
  );

const clamped = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

// ── Floats ──────────────────────────────────────────────────────────────────────────────────────────

function floats(source: Source, draw: Draw): HostTensor {
  const tensor = hostTensor(shapeOf(source));
  const { low, high } = contentsRange(source.node, source.sizes);
  const law = floatLaws[draw];
  for (let n = 0; n < tensor.data.length; n += 1) {
    const value = roundTo(source.precision, clamped(law(source), low, high));
    // Rounding may leave the range; an end that the precision has is kept.
    tensor.data[n] = clamped(value, low, high);
  }
  if (draw === 'equal') repeatAlongSequence(source.node.domain, tensor);
  return tensor;
}

const isVector = ({ node: { role } }: Source): boolean => role !== 'parameter' && role !== 'tensor';

function randomFloat(source: Source): number {
  const { node, sizes, random } = source;
  if (isVector(source)) return random.normal();
  const { low, high } = contentsRange(node, sizes);
  return Number.isFinite(high - low) ? random.uniform(low, high) : random.uniform(-1, 1);
}

const floatLaws: Readonly<Record<Draw, (source: Source) => number>> = {
  random: randomFloat,
  positive: (source) => (isVector(source) ? randomFloat(source) : source.random.uniform(0.05, 1)),
  zeros: () => 0,
  ties: ({ random }) => random.pick([-1, 0, 0.5, 1]),
  equal: randomFloat,
  powers: ({ random }) => random.pick([-1, 1]) * 2 ** random.integer(-6, 3),
  // Logits of hundreds, and tables like the masks that other systems add.
  large: (source) => {
    const { random, precision } = source;
    if (isVector(source)) return random.normal(0, 16);
    return random.pick([0, 1, -1e4, -Math.min(1e9, largestFinite(precision) / 4)]);
  },
  ends: (source) => {
    const { random, precision } = source;
    const least = smallestNormal(precision);
    return random.pick(isVector(source) ? [0, least, -least, 1, -0.5] : [0, least, -largestFinite(precision), 1]);
  },
};

/** Gives every place along queries, keys and positions the numbers of the first. */
function repeatAlongSequence(domain: readonly Axis[], { shape, data }: HostTensor): void {
  const strides = stridesOf(shape);
  const along = domain.flatMap(({ kind }, axis) =>
    kind === 'query' || kind === 'key' || kind === 'position' ? [axis] : [],
  );
  for (let n = 0; n < data.length; n += 1) {
    const back = along.reduce((sum, axis) => sum + (Math.floor(n / strides[axis]!) % shape[axis]!) * strides[axis]!, 0);
    data[n] = data[n - back]!;
  }
}

// ── Integers ────────────────────────────────────────────────────────────────────────────────────────

function integers(source: Source, draw: Draw): HostTensor {
  const shape = shapeOf(source);
  const tensor = hostTensor(shape, undefined, 'I32');
  const { low, high } = contentsRange(source.node, source.sizes);
  const last = shape.at(-1) ?? 1;
  const drawn = draw === 'random' || draw === 'positive' ? randomInteger(source) : integerLaws[draw](source);
  for (let n = 0; n < tensor.data.length; n += 1) tensor.data[n] = clamped(drawn(n % last), low, high);
  if (source.node.contents?.increasing) {
    for (let n = 0; n < tensor.data.length; n += last) tensor.data.subarray(n, n + last).sort();
  }
  return tensor;
}

/** Gives an integer for the next element, from its place along the last axis. */
type NextInteger = (place: number) => number;

/** Largest number of bits in a drawn bit set: 24-bit integers are exact in float32. */
const MOST_BITS = 24;

function randomInteger({ node, sizes, random }: Source): NextInteger {
  const { low, high } = contentsRange(node, sizes);
  const least = Number.isFinite(low) ? low : 0;
  let document = least;
  const documents: NextInteger = (place) => {
    // Documents of a few positions each, their ids rising along the sequence.
    if (place === 0) document = least;
    else if (random.uniform() < 0.25) document += 1;
    return document;
  };
  if (node.contents?.increasing) return documents;
  if (node.contents !== undefined) {
    return () => random.integer(Number.isFinite(low) ? low : -1, Number.isFinite(high) ? high : sizes.keys);
  }
  return {
    documents,
    positions: () => random.integer(-1, sizes.keys),
    bits: () => random.integer(0, 2 ** Math.min(sizes.keys, MOST_BITS) - 1),
  }[random.pick(['documents', 'positions', 'bits'] as const)];
}

const repeated = (source: Source): NextInteger => {
  const { sizes, random } = source;
  const value = random.integer(0, sizes.keys - 1);
  return () => value;
};
/** Both ends of what is declared, or of positions and just outside. */
const extreme = ({ node, sizes, random }: Source): NextInteger => {
  const { low, high } = contentsRange(node, sizes);
  const { keys } = sizes;
  const ends = node.contents === undefined ? [-1, 0, keys - 1, keys, keys + 1] : [low, high].filter(Number.isFinite);
  return () => random.pick(ends.length === 0 ? [0] : ends);
};

const integerLaws: Readonly<Record<EdgeDraw, (source: Source) => NextInteger>> = {
  zeros: () => () => 0,
  ties: repeated,
  equal: repeated,
  powers:
    ({ random }) =>
    () =>
      2 ** random.integer(0, 5),
  large: extreme,
  ends: extreme,
};
