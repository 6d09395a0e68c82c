// The gradients that the authors of Multi-Token Attention compute, on every device, from examples/mta.ts as `heddle run --backward`
// runs it: within 2e-5 in float, and in 16 bits by the error rule.
import { afterAll, describe, expect } from 'vitest';
import { type DeviceName, openDevice } from '../../driver/devices.js';
import { gradientOf } from '../../driver/gradients.js';
import { runGraph } from '../../driver/run.js';
import { judgeOutput } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { roundTensor } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { webgpu, wgpu } from '../../targets/wgsl/device/index.js';
import { authorsCases, authorsGraphAsWritten, authorsTensors, distance } from '../support/authors-tensors.js';
import { testsOn } from '../support/devices.js';
import { inLongTests, TAKES_ALL } from '../support/share.js';

const onHost = await testsOn({ name: 'tiles', availability: async () => ({ available: true, detail: '' }) });
const onEmulator = await testsOn(cudaEmulator());
const onWebgpu = await testsOn(webgpu);
const onWgpu = await testsOn(wgpu, ['shader-f16']);
afterAll(() => Promise.all([webgpu.close(), wgpu.close()]));

type TestsOn = typeof onHost;
/** By name; compilers of kernels take long, and for the whole layer longest. */
const exact: Readonly<Partial<Record<DeviceName, TestsOn>>> = {
  interpreter: onHost,
  tiles: onHost,
  gpujs: onHost,
  webgpu: onWebgpu,
  'cuda-emulator': onEmulator,
};
const compiled: readonly string[] = ['webgpu', 'cuda-emulator'];
const narrow: readonly (readonly [DeviceName, TestsOn])[] = inLongTests<readonly [DeviceName, TestsOn]>(
  ['cuda-emulator-sm90a', onEmulator],
  ['wgpu', onWgpu],
);
const isQuick = (name: string): boolean => name === 'pre-conv-mix' || name === 'depth-norm-gqa';

describe.each(authorsCases)('%s', (name, settings) => {
  const tensors = authorsTensors(name);
  const wanted = [...tensors.keys()].filter((each) => each.startsWith('grad_') && each !== 'grad_out').sort();

  for (const [device, test] of Object.entries(exact)) {
    if (compiled.includes(device) && !TAKES_ALL && !isQuick(name)) continue;
    test(`has the authors' gradients on ${device}`, async () => {
      const graph = await authorsGraphAsWritten(settings);
      const opened = await openDevice(device);
      const gradients = await runGraph(graph, tensors, { device: opened, backward: true });
      expect([...gradients.keys()].sort()).toEqual(wanted);
      for (const [each, gradient] of gradients) expect(distance(gradient, tensors.get(each)!), each).toBeLessThan(2e-5);
    });
  }

  for (const [device, test] of narrow) {
    test(`keeps to the rule on ${device}`, async () => {
      const opened = await openDevice(device);
      const { precision } = opened;
      const inputs = new Map([...tensors].map(([each, tensor]) => [each, roundTensor(tensor, precision)]));
      const gradient = gradientOf(await authorsGraphAsWritten(settings), [...inputs.keys()]);
      const outputs = await opened.run(gradient, inputs);
      for (const [each, gold] of interpret(gradient, inputs)) {
        const out = outputs.get(each)!;
        const { passed, reason } = judgeOutput(
          gradient,
          precision,
          { inputs, rows: tensors.get('grad_out')!.shape[2]! },
          each,
          { out, gold },
        );
        expect(passed, `${each}: ${reason}`).toBe(true);
      }
    });
  }
});
