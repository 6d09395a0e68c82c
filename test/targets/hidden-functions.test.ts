// Hidden scores, −Infinity, through functions that are finite there: the frontend against specs evaluated as JavaScript,
// reverse mode against dual numbers, every device against the interpreter, and gradients of what is hidden exactly 0.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { tilesDevice } from '../../codegen/schedule/index.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { gradientGraph } from '../../src/autodiff/index.js';
import { type CheckShape, checkGraph, type Device, interpreterDevice } from '../../src/checking/index.js';
import { axisSize } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { Random, roundTensor } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../targets/wgsl/graph-device.js';
import { compare } from '../frontend/support/compare.js';
import { testsOn } from '../support/devices.js';
import { tangents } from '../support/dual.js';
import * as specs from '../support/hidden-functions.js';
import { randomInputs } from '../support/random-inputs.js';
import { onTorch, torch } from './torch/support.js';

const names = Object.keys(specs) as readonly (keyof typeof specs)[];
const shapes: readonly CheckShape[] = [
  { batch: 2, queries: 19, keys: 19, rows: 17 },
  { batch: 1, queries: 9, keys: 4, rows: 9 },
];
const sizes = { batch: 1, queries: 6, keys: 6 };

const file = openSpec(fileURLToPath(new URL('../support/hidden-functions.ts', import.meta.url)));
const graphOf = async (name: string) => optimise((await file).compile(name));
const gpujs = gpujsDevice('webasm');
afterAll(gpujs.close);

async function expectRight(name: string, device: Device): Promise<void> {
  const cases = await checkGraph(await graphOf(name), device, { shapes });
  expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
}

/** With a gradient of the first row alone, which sees the first key alone, all others get exactly 0, and none gets NaN. */
async function expectNoGradientOfHidden(name: string, device: Pick<Device, 'run'>): Promise<void> {
  const gradient = optimise(gradientGraph(await graphOf(name)));
  const drawn = new Map(
    [...randomInputs(gradient, sizes, 5)].map(([key, tensor]) => [key, roundTensor(tensor, 'f32')] as const),
  );
  for (const [key, { shape, data }] of drawn) {
    if (!key.startsWith('grad_')) continue;
    const inner = shape.slice(3).reduce((product, size) => product * size, 1);
    data.forEach((_, n) => {
      if (Math.floor(n / inner) % sizes.queries !== 0) data[n] = 0;
    });
  }
  const found = await device.run(gradient, drawn);
  for (const [key, { data }] of found) expect([...data].every(Number.isFinite), key).toBe(true);
  const { shape, data } = found.get('grad_k')!;
  const features = shape[3]!;
  const others = [...data].filter((_, n) => Math.floor(n / features) % sizes.keys > 0);
  expect(others.every((value) => value === 0)).toBe(true);
}

describe('the meaning', () => {
  test.each(Object.entries(specs))('%s agrees with the eager evaluator', async (name, spec) => {
    compare(spec, await file, { name, settings: {}, sizes: { batch: 2, queries: 7, keys: 7 } });
  });

  test.each(names)('the gradient of %s is the transpose of forward mode', async (name) => {
    const graph = (await file).compile(name);
    const inputs = randomInputs(graph, sizes, 3);
    const draw = (key: string, domain: (typeof graph.inputs)[number]['domain']) =>
      new Random(7).fork(key).normalTensor(domain.map((axis) => axisSize(axis, sizes)));
    const directions = new Map(graph.inputs.map(({ name: key, domain }) => [key, draw(`v ${key}`, domain)]));
    const cotangents = new Map(graph.outputs.map(({ name: key, node }) => [`grad_${key}`, draw(key, node.domain)]));
    const backward = await interpreterDevice().run(gradientGraph(graph), new Map([...inputs, ...cotangents]));
    const inner = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, n) => sum + value * y[n]!, 0);
    let [left, right] = [0, 0];
    for (const [key, tangent] of tangents(graph, sizes, inputs, directions)) {
      left += inner(tangent, cotangents.get(`grad_${key}`)!.data);
    }
    for (const [key, { data }] of directions) right += inner(data, backward.get(`grad_${key}`)!.data);
    expect(Number.isFinite(right)).toBe(true);
    expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(left)));
  });
});

describe('gradients of what is hidden', () => {
  test.each(names)('interpreter: %s', (name) => expectNoGradientOfHidden(name, interpreterDevice()));
  test.each(names)('gpujs: %s', (name) => expectNoGradientOfHidden(name, gpujs));
});
for (const name of names) {
  onTorch(`gradients of what is hidden in ${name}`, () => expectNoGradientOfHidden(name, torch));
  onTorch(`gradients by autograd of what is hidden in ${name}`, async () => {
    const graph = await graphOf(name);
    await expectNoGradientOfHidden(name, { run: (_, inputs) => torch.differentiate(graph, inputs) });
  });
}

describe('values', () => {
  test.each(names)('gpujs: %s', (name) => expectRight(name, gpujs));
  test.each(names)('tiles: %s', (name) => expectRight(name, tilesDevice()));
});
for (const name of names) onTorch(name, () => expectRight(name, torch));

const onWebgpu = await testsOn(webgpu);
afterAll(() => webgpu.close());
const kernels = wgslDevice(webgpu);
for (const name of names) onWebgpu(name, () => expectRight(name, kernels));

const emulator = cudaEmulator();
const onEmulator = await testsOn(emulator);
for (const name of ['capped', 'others'] as const) onEmulator(name, () => expectRight(name, emulator));
