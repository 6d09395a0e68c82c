// Integer arithmetic that leaves 32 bits means the same on every device as in float64: reads are outside, comparisons exact.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';
import { tilesDevice } from '../../codegen/schedule/index.js';
import { openSpec } from '../../dsl/frontend/index.js';
import type { Device } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { optimise } from '../../src/passes/index.js';
import { type HostTensor, hostTensor, Random } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../targets/wgsl/graph-device.js';
import { testsOn } from '../support/devices.js';

const path = fileURLToPath(new URL('./specs/wide-integers.ts', import.meta.url));
const file = await openSpec(path);
type Name = 'wide' | 'narrow';

const entries = [
  0,
  1,
  -1,
  3,
  2 ** 30,
  2 ** 30 + 1,
  -(2 ** 30),
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31 - 6,
  715827883,
  -715827883,
  65536,
  5,
];
const LENGTH = entries.length;

function inputs(isWide: boolean): ReadonlyMap<string, HostTensor> {
  const random = new Random(3);
  const drawn = ['q', 'k', 'v'].map((name): readonly [string, HostTensor] => {
    const tensor = random.fork(name).normalTensor([1, 2, LENGTH, 4]);
    return [name, { ...tensor, data: tensor.data.map(Math.fround) }];
  });
  const p = hostTensor([8], [0.5, -1, 0.25, 2, -0.75, 1.5, -2, 1]);
  return new Map([...drawn, ['p', p], ...(isWide ? [['tab', hostTensor([LENGTH], entries)] as const] : [])]);
}

afterAll(() => webgpu.close());

describe('integers beyond 32 bits', async () => {
  const devices: readonly { readonly device: Device; readonly names: readonly Name[] }[] = [
    { device: tilesDevice(), names: ['wide', 'narrow'] },
    { device: wgslDevice(webgpu), names: ['wide', 'narrow'] },
    { device: cudaEmulator(), names: ['wide', 'narrow'] },
    { device: torchDevice(), names: ['wide', 'narrow'] },
    // gpu.js refuses entries that float32 does not count.
    { device: gpujsDevice('webasm'), names: ['narrow'] },
  ];
  for (const { device, names } of devices) {
    const onDevice = await testsOn(device);
    for (const name of names) {
      onDevice(name, async () => {
        const graph = file.compile(name);
        const given = inputs(name === 'wide');
        const expected = interpret(graph, given).get('out')!.data;
        const actual = (await device.run(optimise(graph, { verify: true }), given)).get('out')!.data;
        expect(Math.max(...expected.map((value, n) => Math.abs(value - actual[n]!)))).toBeLessThan(1e-4);
      });
    }
  }
});
