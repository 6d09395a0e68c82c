// More queries than keys on every device: masks, tables, rings and loops over keys meet rows at negative positions.
// The error rule, the dependency probe and the same bits twice; gradients against the interpreter's.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { scheduleKinds, tilesDevice } from '../../codegen/schedule/index.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { gradientGraph } from '../../src/autodiff/index.js';
import { type CheckShape, checkGraph, type Device } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { optimise } from '../../src/passes/index.js';
import { roundTensor } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../targets/wgsl/graph-device.js';
import { testsOn } from '../support/devices.js';
import * as specs from '../support/long-queries.js';
import { randomInputs } from '../support/random-inputs.js';
import { TAKES_ALL } from '../support/share.js';
import { onTorch, torch } from './torch/support.js';

const names = Object.keys(specs) as readonly (keyof typeof specs)[];
/** Those whose kernels meet most: a mask, masks and tables by position and by row, rings of both sides of the softmax. */
const telling = ['causalRows', 'blocks', 'tables', 'rowLimits', 'both'] as const;
const shapes: readonly CheckShape[] = [
  { batch: 1, queries: 9, keys: 4, rows: 9 },
  { batch: 2, queries: 23, keys: 9, rows: 20 },
];

const file = openSpec(fileURLToPath(new URL('../support/long-queries.ts', import.meta.url)));
const graphOf = async (name: string) => optimise((await file).compile(name));

async function problemsOf(name: string, device: Device): Promise<readonly string[]> {
  const cases = await checkGraph(await graphOf(name), device, { shapes });
  return cases.flatMap(({ problems }) => problems);
}

const expectRight = async (name: string, device: Device) => expect(await problemsOf(name, device)).toEqual([]);

describe('tile programs, by every schedule that serves', () => {
  for (const kind of scheduleKinds) {
    test(kind, async () => {
      const device = tilesDevice({ kind, tiles: { rows: 4, columns: 3, band: 4 } });
      const served: string[] = [];
      for (const name of telling) {
        const problems = await problemsOf(name, device);
        if (problems.every((each) => each.startsWith('HD6201'))) {
          if (problems.length === 0) served.push(name);
        } else expect.fail(`${name}: ${problems.join('; ')}`);
      }
      expect(served.length).toBeGreaterThan(0);
    });
  }
});

describe('gpujs', () => {
  const device = gpujsDevice('webasm');
  afterAll(device.close);

  test.each(names)('%s', (name) => expectRight(name, device));

  test.each(names)('gradients of %s', async (name) => {
    const gradient = optimise(gradientGraph(await graphOf(name)));
    const drawn = randomInputs(gradient, { batch: 1, queries: 9, keys: 4 }, 3);
    const inputs = new Map([...drawn].map(([key, tensor]) => [key, roundTensor(tensor, 'f32')]));
    const out = await device.run(gradient, inputs);
    for (const [key, { data }] of interpret(gradient, inputs)) {
      const found = out.get(key)!.data;
      for (const [n, expected] of data.entries()) {
        expect(Math.abs(found[n]! - expected), `${key} ${n}`).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
      }
    }
  });
});

for (const name of names) onTorch(name, () => expectRight(name, torch));

const onWebgpu = await testsOn(webgpu);
afterAll(() => webgpu.close());
const kernels = wgslDevice(webgpu);
/** What `npm test` compiles for them, which takes long. */
const compiled = TAKES_ALL ? telling : telling.filter((name) => name === 'causalRows' || name === 'tables');
for (const name of compiled) onWebgpu(name, () => expectRight(name, kernels));

const emulator = cudaEmulator();
const onEmulator = await testsOn(emulator);
for (const name of compiled) onEmulator(name, () => expectRight(name, emulator));
