// Small q, k, v and parameters made for showing: words that come again match, so that a person can read the pictures.
// The same text and spec give the same numbers on every machine.
import { randomInputs } from '../../src/checking/index.js';
import { compileExpression, type NodeValue } from '../../src/interpreter/evaluate.js';
import {
  type CallSizes,
  type Domain,
  domainVariables,
  type Graph,
  headCount,
  staticSize,
  type TensorNode,
} from '../../src/ir/index.js';
import { type HostTensor, hostTensor, Random } from '../../src/tensors/index.js';

export const MADE_FOR_SHOWING =
  'q and k are made for showing: by turns, heads look for the same word, the word before, a mixture of both, and what is near. Parameters are the start values of the spec with small random numbers added.';

const SEED = 11;
/** What a word that matches adds to a logit, beside noise that is a third as long as the vector. */
const MATCH = 5;
const NOISE = 0.35;

/** Every input of `graph` for one text; those of `given` are taken as they are. */
export function showingInputs(
  graph: Graph,
  tokens: readonly string[],
  given: ReadonlyMap<string, HostTensor> = new Map(),
): Map<string, HostTensor> {
  const sizes: CallSizes = { batch: 1, queries: tokens.length, keys: tokens.length };
  const drawn = randomInputs(graph, sizes, SEED);
  const keyHeads = headCount(graph.inputs.find(isKeys)?.domain ?? []);
  return new Map(
    graph.inputs.map((node) => {
      const random = new Random(SEED).fork(node.name);
      const make = (): HostTensor => {
        if (node.role === 'queries' || isKeys(node)) return vectors(node, tokens, keyHeads, random);
        return node.role === 'parameter' ? startValues(node, drawn.get(node.name)!, random) : drawn.get(node.name)!;
      };
      return [node.name, given.get(node.name) ?? make()];
    }),
  );
}

const isKeys = ({ role }: TensorNode): boolean => role === 'keys' || role === 'keysAndValues';

/** What heads look for, by turns: how much of the own word, of the word before, and of the place. */
const interests = [
  { word: 1, before: 0, place: 0 },
  { word: 0, before: 1, place: 0 },
  { word: 0.6, before: 0.4, place: 0 },
  { word: 0.2, before: 0, place: 0.8 },
] as const;

function vectors(node: TensorNode, tokens: readonly string[], keyHeads: number, random: Random): HostTensor {
  const heads = headCount(node.domain);
  const features = staticSize(node.domain.at(-1)!)!;
  const tensor = hostTensor([1, heads, tokens.length, features]);
  const size = Math.sqrt(MATCH * Math.sqrt(features));
  for (let head = 0; head < heads; head += 1) {
    const interest = interests[Math.floor((head * Math.max(keyHeads, 1)) / heads) % interests.length]!;
    for (const [position, token] of tokens.entries()) {
      // A query asks for its own word; a key tells of its word, or of the one before it.
      const previous = isKeys(node) ? (tokens[position - 1] ?? '') : token;
      const parts = [
        [Math.sqrt(interest.word), wordVector(token, 'word', features)],
        [Math.sqrt(interest.before), wordVector(previous, 'before', features)],
        [Math.sqrt(interest.place), placeVector(position, features)],
      ] as const;
      const at = (head * tokens.length + position) * features;
      for (let d = 0; d < features; d += 1) {
        const sum = parts.reduce((total, [share, vector]) => total + share * vector[d]!, 0);
        tensor.data[at + d] = size * (sum + (NOISE * random.normal()) / Math.sqrt(features));
      }
    }
  }
  return tensor;
}

const known = new Map<string, Float64Array>();

function remembered(name: string, make: () => Float64Array): Float64Array {
  const found = known.get(name) ?? make();
  known.set(name, found);
  return found;
}

/** A vector of length 1 for a word, in the same direction in every spec with as many features. */
function wordVector(word: string, use: string, features: number): Float64Array {
  const name = `${use} ${features} ${word.toLowerCase()}`;
  return remembered(name, () => {
    const random = new Random(SEED).fork(name);
    return unit(Float64Array.from({ length: features }, () => random.normal()));
  });
}

/** Random Fourier features (Rahimi and Recht, 2007) of the place: products fall off over about four places. */
function placeVector(position: number, features: number): Float64Array {
  return remembered(`place ${features} ${position}`, () => {
    const random = new Random(SEED).fork(`places ${features}`);
    return unit(
      Float64Array.from({ length: features }, () =>
        Math.cos(random.normal(0, 0.4) * position + random.uniform(0, 2 * Math.PI)),
      ),
    );
  });
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}

// ── Parameters ──────────────────────────────────────────────────────────────────────────────────────

/** The values that training starts from, and small random ones on top, so that a kernel that starts as nothing shows. */
function startValues(node: TensorNode, { shape }: HostTensor, random: Random): HostTensor {
  const tensor = hostTensor(shape);
  const start = startOf(node, random);
  const taps = node.domain.reduce((count, axis) => count * (axis.kind === 'extent' ? axis.size : 1), 1);
  const spread = node.domain.length < 2 ? 0 : 0.5 / Math.sqrt(taps);
  eachPlace(shape, (place, n) => {
    tensor.data[n] = start(place) + random.normal(0, spread);
  });
  return tensor;
}

function startOf({ initial, domain }: TensorNode, random: Random): (place: Float64Array) => number {
  if (initial === undefined) return () => 0;
  if (initial.law !== 'expression') {
    const { law, size } = initial;
    return () => (law === 'normal' ? random.normal(0, size) : random.uniform(-size, size));
  }
  const lengths = { batch: 1, query: 1, key: 1 };
  return compileExpression(initial.value, variablesOf(domain), { valueOf: noValue, lengths });
}

const variablesOf = (domain: Domain): readonly string[] => domainVariables(domain);

function noValue(): NodeValue {
  throw new Error('start values read nothing');
}

function eachPlace(shape: readonly number[], visit: (place: Float64Array, n: number) => void): void {
  const place = new Float64Array(shape.length);
  const count = shape.reduce((product, size) => product * size, 1);
  for (let n = 0; n < count; n += 1) {
    let rest = n;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      place[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    visit(place, n);
  }
}
