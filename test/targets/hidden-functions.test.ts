// Hidden scores, −Infinity, through functions that are finite there: the frontend against specs evaluated as JavaScript,
// reverse mode against differences of values, every device against the interpreter, and gradients of what is hidden exactly 0.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { tilesDevice } from '../../codegen/schedule/index.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { gradientGraph } from '../../src/autodiff/index.js';
import { type CheckShape, checkGraph, type Device, interpreterDevice } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { axisSize } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { hostTensor, Random, roundTensor } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../targets/wgsl/graph-device.js';
import { compare } from '../frontend/support/compare.js';
import { testsOn } from '../support/devices.js';
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

  // Forward mode would meet ∞ / ∞ in a sigmoid where reverse mode meets 0: differences of values are the oracle.
  test.each(names)('the gradient of %s is that of differences', async (name) => {
    const graph = (await file).compile(name);
    const inputs = randomInputs(graph, sizes, 3);
    const draw = (key: string, domain: (typeof graph.inputs)[number]['domain']) =>
      new Random(7).fork(key).normalTensor(domain.map((axis) => axisSize(axis, sizes)));
    const directions = new Map(graph.inputs.map(({ name: key, domain }) => [key, draw(`v ${key}`, domain)]));
    const cotangents = new Map(graph.outputs.map(({ name: key, node }) => [`grad_${key}`, draw(key, node.domain)]));
    const inner = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, n) => sum + value * y[n]!, 0);
    const backward = interpret(gradientGraph(graph), new Map([...inputs, ...cotangents]));
    let expected = 0;
    for (const [key, { data }] of directions) expected += inner(data, backward.get(`grad_${key}`)!.data);
    const valueAt = (step: number): number => {
      const moved = [...inputs].map(([key, { shape, data }]) => {
        const direction = directions.get(key)!.data;
        return [
          key,
          hostTensor(
            shape,
            data.map((value, n) => value + step * direction[n]!),
          ),
        ] as const;
      });
      let value = 0;
      for (const [key, { data }] of interpret(graph, new Map(moved))) {
        value += inner(data, cotangents.get(`grad_${key}`)!.data);
      }
      return value;
    };
    const step = 1e-5;
    const found = (valueAt(step) - valueAt(-step)) / (2 * step);
    expect(Number.isFinite(expected)).toBe(true);
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-7 * (1 + Math.abs(expected)));
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
