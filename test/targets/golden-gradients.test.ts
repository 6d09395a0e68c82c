// The gradients that the authors of Multi-Token Attention compute, on the devices, from examples/mta.ts as `heddle run --backward`
// runs it: within 2e-5 in float, and in 16 bits by the error rule.
import { afterAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../driver/devices.js';
import { gradientOf } from '../../driver/gradients.js';
import { runGraph } from '../../driver/run.js';
import { judgeOutput } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { roundTensor } from '../../src/tensors/index.js';
import { cudaEmulator } from '../../targets/cuda/graph-device.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import {
  authorsCases,
  authorsGraphAsWritten,
  authorsTensors,
  distance,
  settingsOf,
} from '../support/authors-tensors.js';
import { testsOn } from '../support/devices.js';
import { inLongTests, TAKES_ALL } from '../support/share.js';

const onEmulator = await testsOn(cudaEmulator());
const onWebgpu = await testsOn(webgpu);
afterAll(webgpu.close);

async function compare(name: string, device: string): Promise<void> {
  const tensors = authorsTensors(name);
  const graph = await authorsGraphAsWritten(settingsOf(name));
  const gradients = await runGraph(graph, tensors, { device: await openDevice(device), backward: true });
  const wanted = [...tensors.keys()].filter((each) => each.startsWith('grad_') && each !== 'grad_out');
  expect([...gradients.keys()].sort()).toEqual(wanted.sort());
  for (const [each, gradient] of gradients) expect(distance(gradient, tensors.get(each)!), each).toBeLessThan(2e-5);
}

describe.each(authorsCases)('%s', (name) => {
  for (const device of ['interpreter', 'tiles', 'gpujs']) {
    // Eight heads, and all parts of a layer, take the tile interpreter long.
    if (device === 'tiles' && !TAKES_ALL && settingsOf(name)['heads'] === 8) continue;
    test(`has the authors' gradients on ${device}`, () => compare(name, device));
  }
});

/** What compiles kernels takes long: all six have been within 3e-6 on both devices, and tests take these. */
for (const name of inLongTests('post-mix'))
  describe(name, () => onWebgpu("has the authors' gradients", () => compare(name, 'webgpu'), 900_000));
for (const name of inLongTests('depth-norm-gqa'))
  describe(name, () => onEmulator("has the authors' gradients", () => compare(name, 'cuda-emulator'), 600_000));

/** A convolution and mixed heads before the softmax. */
const COMPILED = 'pre-conv-mix';
if (TAKES_ALL)
  describe(COMPILED, () => {
    onEmulator("has the authors' gradients", () => compare(COMPILED, 'cuda-emulator'), 600_000);
    onEmulator(
      'keeps to the rule in bf16',
      async () => {
        const device = await openDevice('cuda-emulator-sm90a');
        const { precision } = device;
        const inputs = new Map(
          [...authorsTensors(COMPILED)].map(([each, tensor]) => [each, roundTensor(tensor, precision)]),
        );
        const gradient = gradientOf(await authorsGraphAsWritten(settingsOf(COMPILED)), [...inputs.keys()]);
        const outputs = await device.run(gradient, inputs);
        const call = { inputs, rows: inputs.get('grad_out')!.shape[2]! };
        for (const [each, gold] of interpret(gradient, inputs)) {
          const { passed, reason } = judgeOutput(gradient, precision, call, each, { out: outputs.get(each)!, gold });
          expect(passed, `${each}: ${reason}`).toBe(true);
        }
      },
      600_000,
    );
  });
