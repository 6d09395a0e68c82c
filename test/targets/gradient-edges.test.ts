// Gradients where forwards are constant or at the ends of what floats hold, on devices: rows that see no key, sinks, caps that
// saturate, logits of −1e9, incoming gradients of 0 and NaN. What cannot move an output has a gradient of exactly 0.
import { afterAll, describe, expect } from 'vitest';
import { tilesDevice } from '../../codegen/schedule/index.js';
import { inTwoRuns, wholeGradient } from '../../driver/gradients.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { type Device, judgeOutput, randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import { testsOn } from '../support/devices.js';
import { inLongTests } from '../support/share.js';
import { onCuda, onWgsl, trainingDevice } from '../support/training-devices.js';

afterAll(() => webgpu.close());

const specs = await openSpec(new URL('./specs/gradient-edges.ts', import.meta.url).pathname);
const gradientNamed = (name: string) => wholeGradient(specs.compile(name, {}));
const gradients = {
  cappedWithSink: gradientNamed('cappedWithSink'),
  convolved: gradientNamed('convolved'),
  finiteFill: gradientNamed('finiteFill'),
  hidden: gradientNamed('hidden'),
  mean: gradientNamed('mean'),
};
type Name = keyof typeof gradients;

/** Values of an input by the place that they stand at along its axes; those that stay as they are drawn are undefined. */
type Changes = Readonly<Record<string, (...place: readonly number[]) => number | undefined>>;

interface Edge {
  readonly what: string;
  readonly of: readonly Name[];
  readonly queries: number;
  readonly keys: number;
  readonly changes?: Changes;
  /** Gradients of no input that moves an output: 0 everywhere. */
  readonly still?: readonly string[];
  /** Rows of queries that move no output. */
  readonly stillRows?: (row: number) => boolean;
}

/** Keys of no document are seen by nobody, and rows of none see nobody. */
const NONE = -1;
const oneDocument: Changes = { document: () => 0 };
const byDocuments = ['cappedWithSink', 'convolved'] as const;
/** Of the inputs of both; what a spec lacks has no gradient there. */
const inputsOfScores = ['q', 'k', 'bias', 'theta'];
const everything = [...inputsOfScores, 'v', 'sink'];

const edges: readonly Edge[] = [
  {
    what: 'padding on the left',
    of: byDocuments,
    queries: 19,
    keys: 19,
    changes: { document: (_, p) => (p! < 5 ? NONE : 0) },
    stillRows: (row) => row < 5,
  },
  {
    what: 'a gap of more than a tile between documents',
    of: byDocuments,
    queries: 37,
    keys: 37,
    changes: { document: (_, p) => (p! < 9 ? 0 : p! < 27 ? NONE : 1) },
    stillRows: (row) => row >= 9 && row < 27,
  },
  {
    what: 'no key that any row sees',
    of: byDocuments,
    queries: 11,
    keys: 11,
    changes: { document: () => NONE },
    still: [...inputsOfScores, 'v'],
  },
  { what: 'one query at one key', of: byDocuments, queries: 1, keys: 1, changes: oneDocument },
  { what: 'more queries than keys', of: byDocuments, queries: 21, keys: 9, changes: oneDocument },
  {
    what: 'incoming gradients of 0',
    of: byDocuments,
    queries: 11,
    keys: 11,
    changes: { ...oneDocument, grad_out: () => 0, grad_lse: () => 0 },
    still: everything,
  },
  {
    what: 'keys that are all equal',
    of: byDocuments,
    queries: 13,
    keys: 13,
    changes: { ...oneDocument, k: () => 0.5 },
  },
  {
    what: 'scores of ±28284 under a cap of 30',
    of: ['cappedWithSink'],
    queries: 13,
    keys: 17,
    changes: { ...oneDocument, q: () => 100, k: (_b, _h, j) => (j! % 3 === 0 ? -100 : 100) },
    still: ['q', 'k'],
  },
  {
    what: 'a bias of −1e9 at some keys, and in some rows at all',
    of: ['cappedWithSink'],
    queries: 17,
    keys: 17,
    changes: { ...oneDocument, bias: (i, j) => (j! % 3 === 0 || i! % 8 < 2 ? -1e9 : undefined) },
    stillRows: (row) => row % 8 < 2,
  },
  {
    what: 'equal logits of 1e9',
    of: ['cappedWithSink'],
    queries: 13,
    keys: 13,
    changes: { ...oneDocument, q: () => 0, bias: () => 1e9 },
    still: ['sink'],
  },
  {
    what: 'a sink of 1e9',
    of: ['cappedWithSink'],
    queries: 13,
    keys: 13,
    changes: { ...oneDocument, sink: () => 1e9 },
    still: ['q', 'k', 'v', 'bias'],
  },
  {
    what: 'a sink of −1e9',
    of: ['cappedWithSink'],
    queries: 13,
    keys: 13,
    changes: { ...oneDocument, sink: () => -1e9 },
  },
  {
    what: 'a kernel of zeros',
    of: ['convolved'],
    queries: 17,
    keys: 17,
    changes: { ...oneDocument, theta: () => 0 },
    still: ['q', 'k'],
  },
  {
    what: 'rows that a fill of −1e9 hides whole',
    of: ['finiteFill'],
    queries: 19,
    keys: 19,
    stillRows: (row) => row < 3,
  },
  { what: 'one query', of: ['finiteFill', 'mean'], queries: 1, keys: 19 },
  { what: 'one key, and many queries', of: ['finiteFill', 'mean'], queries: 9, keys: 1, still: ['q', 'k'] },
  { what: 'keys that are all hidden', of: ['hidden'], queries: 7, keys: 12, still: everything },
  { what: 'weights that are all equal', of: ['mean'], queries: 7, keys: 12, still: ['q', 'k'] },
];

const BATCH = 2;

/** Random inputs with what an edge changes. */
function inputsFor({ queries, keys, changes = {} }: Edge, name: Name, device: Device): ReadonlyMap<string, HostTensor> {
  const inputs = randomInputs(gradients[name], { batch: BATCH, queries, keys }, 7, device.precision);
  for (const [input, valueAt] of Object.entries(changes)) {
    const tensor = inputs.get(input);
    if (tensor) change(tensor, valueAt);
  }
  return inputs;
}

function change({ shape, data }: HostTensor, valueAt: Changes[string]): void {
  for (const [n, drawn] of data.entries()) {
    let rest = n;
    const place = [...shape].reverse().map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    });
    data[n] = valueAt(...place.reverse()) ?? drawn;
  }
}

async function holds(edge: Edge, name: Name, device: Device): Promise<void> {
  const gradient = gradients[name];
  const inputs = inputsFor(edge, name, device);
  const gold = interpret(gradient, inputs);
  const found = await device.run(gradient, inputs);
  const problems: string[] = [];
  for (const [output, expected] of gold) {
    const out = found.get(output)!;
    const judgement = judgeOutput(gradient, device.precision, { inputs, rows: edge.queries }, output, {
      out,
      gold: expected,
    });
    if (!judgement.passed) problems.push(`${output} ${judgement.reason}`);
    if (!out.data.every(Number.isFinite)) problems.push(`${output} is not finite`);
    if (edge.still?.includes(output.slice('grad_'.length)) && !out.data.every(isZero))
      problems.push(`${output} is not 0 everywhere`);
  }
  const { shape, data } = found.get('grad_q')!;
  const width = shape[3]!;
  const moved = [...data.entries()].filter(
    ([n, x]) => edge.stillRows?.(Math.floor(n / width) % edge.queries) && !isZero(x),
  );
  if (moved.length > 0) problems.push(`grad_q is not 0 in rows that move nothing: ${moved[0]!}`);
  expect(problems).toEqual([]);
}

const isZero = (x: number): boolean => x === 0;

/** A row of NaN in the gradient that comes in, and one of Infinity: they reach what depends on them, and no other batch entry. */
async function poisons(name: Name, device: Device): Promise<void> {
  const [queries, keys] = [13, 13];
  const edge: Edge = { what: 'poison', of: [name], queries, keys, changes: oneDocument };
  const clean = await device.run(gradients[name], inputsFor(edge, name, device));
  const poison: Changes = {
    ...oneDocument,
    grad_out: (b, _h, i) => (b === 0 ? { 6: NaN, 9: Infinity }[i!] : undefined),
  };
  const found = await device.run(gradients[name], inputsFor({ ...edge, changes: poison }, name, device));
  for (const output of ['grad_q', 'grad_k', 'grad_v']) {
    const [data, before] = [found.get(output)!.data, clean.get(output)!.data];
    const half = data.length / BATCH;
    expect(
      data.subarray(0, half).some((x) => !Number.isFinite(x)),
      output,
    ).toBe(true);
    expect(data.subarray(half), output).toEqual(before.subarray(half));
  }
}

const always: readonly Name[] = ['cappedWithSink', 'convolved'];
const others: readonly Name[] = ['finiteFill', 'hidden', 'mean'];
const { availability } = cudaEmulator();
const cuda = { name: 'cuda-emulator', availability, tiles: { rows: 16, columns: 16 } };
const devices: readonly (readonly [Device, ...Name[]])[] = [
  [inTwoRuns(tilesDevice()), ...always, ...others],
  [
    trainingDevice({ ...webgpu, precision: 'f32', runner: onWgsl(webgpu, 'f32'), tiles: { rows: 8, columns: 8 } }),
    ...always,
    ...inLongTests(...others),
  ],
  [
    trainingDevice({ ...cuda, precision: 'f32', runner: onCuda({}) }),
    'convolved',
    ...inLongTests<Name>('cappedWithSink', ...others),
  ],
  [
    trainingDevice({ ...cuda, precision: 'bf16', runner: onCuda({ dtype: 'bf16' }) }),
    'cappedWithSink',
    ...inLongTests<Name>('convolved'),
  ],
];

for (const [device, ...names] of devices) {
  const onDevice = await testsOn(device);
  describe.each(names)(`gradients of %s in ${device.precision}`, (name) => {
    for (const edge of edges.filter(({ of }) => of.includes(name))) {
      onDevice(`are those of the meaning, and 0 where nothing moves: ${edge.what}`, () => holds(edge, name, device));
    }
    // The tile interpreter takes NaN for what was never written.
    if (device.name !== 'tiles' && always.includes(name))
      onDevice('take NaN and Infinity on to what depends on them', () => poisons(name, device));
  });
}
