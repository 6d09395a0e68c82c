// Gradients on the targets, at tiles so small that short sequences have several blocks: transposed products, rings along rows, the
// gradient of a convolution's kernel, sums by buckets of a table, heads that share keys. `heddle check examples/*.ts --backward` takes all.
import { afterAll, describe, expect } from 'vitest';
import { wholeGradient } from '../../driver/gradients.js';
import { type CheckShape, checkCase, type Device, shapeLabel } from '../../src/checking/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { webgpu, wgpu } from '../../targets/wgsl/device/index.js';
import { testsOn } from '../support/devices.js';
import { openExample } from '../support/example-graphs.js';
import { type ExampleCase, exampleCases } from '../support/examples.js';
import { inLongTests, TAKES_ALL } from '../support/share.js';
import { type AtTiles, onCuda, onWgsl, trainingDevice } from '../support/training-devices.js';

interface Tested extends AtTiles {
  readonly features?: readonly string[];
  /** Further examples of the long tests. */
  readonly further?: readonly string[];
}

/** One of each kind of gradient: of gates by key, of masks that read tables, of mixed heads, of a table of heads. */
const kinds = ['forgettingTransformer', 'packedDocuments', 'talkingHeads', 'learnedBias'];
/** Gates by key bind more than eight buffers, unless gradients of keys are apart, which a target asks for where they do not fit. */
const bound = kinds.filter((name) => name !== 'forgettingTransformer');
const square = { rows: 16, columns: 16 };
const { availability } = cudaEmulator();
const tested: readonly Tested[] = [
  { ...webgpu, precision: 'f32', runner: onWgsl(webgpu, 'f32'), tiles: { rows: 8, columns: 8 }, further: bound },
  {
    name: 'CUDA in bf16',
    availability,
    precision: 'bf16',
    runner: onCuda({ dtype: 'bf16' }),
    tiles: square,
    further: kinds,
  },
  ...inLongTests<Tested>(
    {
      ...wgpu,
      precision: 'f16',
      runner: onWgsl(wgpu, 'f16'),
      tiles: { rows: 8, columns: 8 },
      features: ['shader-f16'],
    },
    { name: 'CUDA in f16', availability, precision: 'f16', runner: onCuda({ dtype: 'f16' }), tiles: square },
    {
      name: 'CUDA for sm_90a',
      availability,
      precision: 'bf16',
      runner: onCuda({ dtype: 'bf16', architecture: 'sm_90a' }),
      tiles: { rows: 32, columns: 16 },
    },
  ),
];

/** A convolution before the softmax over shared keys, and a bias by distance. */
const always: readonly string[] = ['decode', 't5'];
const examplesOf = (further: readonly string[] = []): readonly (readonly [string, ExampleCase])[] =>
  exampleCases
    .filter(({ name }) => always.includes(name) || (TAKES_ALL && further.includes(name)))
    .map((example) => [example.name, example] as const);

function shapesFor({ sizes: { queries, keys } }: ExampleCase): readonly CheckShape[] {
  const isSquare = queries === keys;
  return [
    { batch: 1, queries: isSquare ? 37 : 21, keys: 37, rows: 17 },
    ...inLongTests({ batch: 2, queries: 1, keys: 1, rows: 1 }),
  ];
}

async function check(device: Device, example: ExampleCase): Promise<void> {
  const gradient = wholeGradient((await openExample(example.name)).compile(undefined, example.settings));
  for (const [n, shape] of shapesFor(example).entries()) {
    const { problems } = await checkCase(gradient, device, shape, 3 + n);
    expect(problems, shapeLabel(shape)).toEqual([]);
  }
}

for (const each of tested) {
  const onDevice = await testsOn(each, each.features);
  const device = trainingDevice(each);
  describe.each(examplesOf(each.further))('%s', (_, example) => {
    onDevice('has the gradients of its meaning', () => check(device, example), 240_000);
  });
}

const gpujs = gpujsDevice();
const onGpujs = await testsOn(gpujs);
describe.each(examplesOf(exampleCases.map(({ name }) => name)))('%s', (_, example) => {
  onGpujs('has the gradients of its meaning', () => check(gpujs, example));
});

afterAll(async () => {
  await Promise.all([webgpu.close(), wgpu.close(), gpujs.close()]);
});
