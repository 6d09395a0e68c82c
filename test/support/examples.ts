// Every example at a size that a test can afford: small settings, sizes of the call, and inputs drawn from a seed.
// The oracle, the frontend and the targets read the same table, so that a new example is tested by adding a row.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Declaration, HostTensor, Sizes } from './eager/index.js';
import { declarations, inputShapes } from './eager/index.js';

type Settings = Readonly<Record<string, number | string | boolean | readonly number[]>>;
/** A value for each element of an integer tensor, from its index in the sequence and its batch entry. */
type IntegerAt = (place: number, entry: number) => number;

export interface ExampleCase {
  /** The export, which is also the file's name in camel case. */
  readonly name: string;
  readonly settings: Settings;
  readonly sizes: Sizes;
  /** How many of the last rows to compute, where q also holds rows of the history. */
  readonly rows?: number;
  readonly integers?: Readonly<Record<string, IntegerAt>>;
}

const sizes = { batch: 2, queries: 9, keys: 9 };
const small = { heads: 2, headDim: 4 };
/** A prefix of four positions, then a tree level by level: 4 and 5 below position 3, 6 and 7 below 4, 8 below 6. */
const tree = { enter: [0, 1, 2, 3, 4, 8, 5, 7, 6], leave: [8, 8, 8, 8, 7, 8, 6, 7, 6] };

export const exampleCases: readonly ExampleCase[] = [
  { name: 'alibi', settings: { heads: 6, headDim: 4 }, sizes },
  { name: 'bidirectional', settings: small, sizes: { batch: 2, queries: 5, keys: 9 } },
  { name: 'blockDiffusion', settings: { ...small, length: 6, block: 2 }, sizes: { batch: 1, queries: 12, keys: 12 } },
  { name: 'causal', settings: small, sizes: { batch: 2, queries: 4, keys: 9 } },
  { name: 'dcmha', settings: { heads: 4, headDim: 4, rank: 2 }, sizes },
  {
    name: 'decode',
    settings: { heads: 4, kvHeads: 2, headDim: 4, queryKernel: 3, keyKernel: 5 },
    sizes: { batch: 2, queries: 5, keys: 12 },
    rows: 3,
  },
  { name: 'diffV1', settings: { ...small, layer: 1 }, sizes },
  { name: 'diffV2', settings: { heads: 4, kvHeads: 2, headDim: 4 }, sizes },
  { name: 'dilated', settings: { ...small, window: 2, step: 3 }, sizes },
  { name: 'forgettingTransformer', settings: small, sizes: { batch: 2, queries: 6, keys: 9 } },
  { name: 'globalLocal', settings: { ...small, globals: 2, reach: 1 }, sizes },
  { name: 'groupedQuery', settings: { heads: 6, kvHeads: 2, headDim: 4 }, sizes },
  { name: 'learnedBias', settings: { ...small, farthest: 3 }, sizes },
  { name: 'mlaAbsorbed', settings: { heads: 3, latentDim: 6, ropeDim: 2, nopeDim: 4 }, sizes },
  { name: 'mlaExpanded', settings: { heads: 3, headDim: 6, valueDim: 4 }, sizes },
  {
    name: 'mta',
    settings: {
      heads: 4,
      kvHeads: 2,
      headDim: 6,
      preQueryKernel: 3,
      preKeyKernel: 5,
      preMix: 2,
      postQueryKernel: 2,
      postKeyKernel: 3,
      postMix: 4,
    },
    sizes,
  },
  {
    name: 'mtaPacked',
    settings: { ...small, queryKernel: 3, keyKernel: 3 },
    sizes,
    integers: { document: (p, entry) => Math.floor((p + entry) / 4) },
  },
  {
    name: 'neighbourhood2d',
    settings: { ...small, height: 4, width: 5, window: 3 },
    sizes: { batch: 1, queries: 20, keys: 20 },
  },
  {
    name: 'packedDocuments',
    settings: { heads: 4, kvHeads: 2, headDim: 4 },
    sizes,
    integers: { document: (p, entry) => Math.floor((p + entry) / 4) },
  },
  { name: 'prefixLm', settings: small, sizes, integers: { prefix: (_, entry) => 3 + 2 * entry } },
  {
    name: 'selectedBlocks',
    settings: { heads: 4, kvHeads: 2, headDim: 4, groups: 2, block: 2, count: 2 },
    sizes,
    // Its own block, and one that jumps from row to row and group to group.
    integers: { chosen: (n, row) => (n === 0 ? Math.floor((row % 9) / 2) : (3 * row) % 4) },
  },
  { name: 'sigmoid', settings: { ...small, context: 8 }, sizes },
  { name: 'sinks', settings: { heads: 4, kvHeads: 2, headDim: 4, window: 3 }, sizes },
  { name: 'slidingWindow', settings: { heads: 4, kvHeads: 2, headDim: 4, window: 3 }, sizes },
  { name: 'softCap', settings: { heads: 4, kvHeads: 2, headDim: 4, cap: 2 }, sizes },
  { name: 'softmaxOffByOne', settings: small, sizes },
  { name: 't5', settings: { ...small, buckets: 8, farthest: 8 }, sizes },
  { name: 'talkingHeads', settings: { heads: 4, headDim: 4 }, sizes },
  {
    name: 'treeMask',
    settings: { heads: 4, kvHeads: 2, headDim: 4 },
    sizes: { batch: 2, queries: 5, keys: 9 },
    integers: { enter: (p) => tree.enter[p]!, leave: (p) => tree.leave[p]! },
  },
  { name: 'windowByHead', settings: { heads: 4, kvHeads: 2, headDim: 4, window: [1, 4, 2, 20] }, sizes },
];

const examples = new URL('../../examples/', import.meta.url);
const camelCase = (kebab: string): string => kebab.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The files of examples/ by the name of their export. */
export const exampleFiles: ReadonlyMap<string, string> = new Map(
  readdirSync(examples)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [camelCase(basename(file, '.ts')), fileURLToPath(new URL(file, examples))]),
);

/** The spec that an example exports, imported as JavaScript. */
export async function exampleSpec(name: string): Promise<object> {
  const exported = (await import(exampleFiles.get(name)!)) as Record<string, object>;
  return exported[name]!;
}

/** Inputs for an example, the same for the same seed: integers from its row above, everything else in [−1, 1). */
export function exampleInputs(spec: object, example: ExampleCase, seed = 1): Record<string, HostTensor> {
  const random = uniformBits(seed);
  const shapes = inputShapes(spec, example.settings, example.sizes);
  const drawn = (declaration: Declaration): HostTensor => {
    const shape = shapes[declaration.name]!;
    const size = shape.reduce((product, extent) => product * extent, 1);
    const at = example.integers?.[declaration.name];
    const place = shape.length > 1 ? shape.at(-1)! : 1;
    return {
      shape,
      data: Float64Array.from({ length: size }, (_, n) =>
        declaration.role === 'integers' ? at!(n % place, Math.floor(n / place)) : 2 * random() - 1,
      ),
    };
  };
  return Object.fromEntries(declarations(spec, example.settings).map((each) => [each.name, drawn(each)]));
}

/** Numbers in [0, 1) from a 32-bit state (mulberry32, public domain). */
function uniformBits(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
