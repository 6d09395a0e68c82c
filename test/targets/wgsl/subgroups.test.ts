// Kernels that join threads by subgroup operations are right for every size of a subgroup from 4 to 128, and wherever its threads
// lie: emulated on devices that have no subgroups, and with those of the software device.
import { afterAll, describe, expect } from 'vitest';
import { checkGraph } from '../../../src/checking/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import { type CompileWgslOptions, compileWgsl } from '../../../targets/wgsl/compile.js';
import { type KernelDevice, webgpu, wgpu } from '../../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../../targets/wgsl/graph-device.js';
import { runWgsl } from '../../../targets/wgsl/run.js';
import { laneFunctions } from '../../../targets/wgsl/text/lanes.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { randomInputs } from '../../support/random-inputs.js';
import { inLongTests } from '../../support/share.js';
import { type EmulatedSubgroups, withEmulatedSubgroups } from '../../support/subgroup-emulation.js';

const onWebgpu = await testsOn(webgpu);
const onSubgroups = await testsOn(webgpu, ['subgroups']);
const onHalf = await testsOn(wgpu, ['shader-f16']);
afterAll(async () => {
  await webgpu.close();
  await wgpu.close();
});

/** Places of the threads of a workgroup, and whether neighbours find each other there. */
const places = {
  'in their order': ['i', true],
  'in the opposite order': ['63u - i', true],
  'behind a gap of a subgroup': ['i + 128u', true],
  'in columns of eight': ['i % 8u * 8u + i / 8u', false],
  'in every other lane': ['2u * i', false],
  'from one lane on': ['i + 1u', false],
} as const;

const sizes = [4, 8, 16, 32, 64, 128];

const THREADS = 64;
const MOST = 32;

describe('neighbours that find each other', () => {
  onWebgpu('are as many as a subgroup has in its order, and none elsewhere', async () => {
    const found = laneFunctions.lanes_found.text({ F: '', I: '', U: '', B: '', suffix: '' }, 'lanes_found');
    const choices = Object.values(places).map(([place], n) => `case ${n}u: { return ${place}; }`);
    const wgsl = `${found}
@group(0) @binding(0) var<storage, read_write> found: array<i32>;
var<private> at: vec2u;
fn place_at(i: u32) -> u32 {
  switch (at.x) { ${choices.join(' ')} default: { return i; } }
}
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
  @builtin(subgroup_size) lanes_of_subgroup: u32,
) {
  at = group.xy;
  let lanes = lanes_found(invocation, lanes_of_subgroup, ${MOST}u);
  found[(group.x * ${sizes.length}u + group.y) * ${THREADS}u + invocation] = lanes;
}`;
    const size = 4 * THREADS * choices.length * sizes.length;
    const outputs = await webgpu.runJob({
      label: 'lanes.wgsl',
      wgsl: withEmulatedSubgroups(wgsl, { size: `(${sizes[0]}u << at.y)`, place: 'place_at(i)' }),
      buffers: [{ name: 'found', size, fill: 'poison', read: true }],
      dispatches: [
        {
          entryPoint: 'main',
          workgroups: [choices.length, sizes.length],
          bindings: [{ binding: 0, kind: 'read_write', buffer: 'found' }],
        },
      ],
    });
    const expected = Object.values(places).flatMap(([, isFound]) =>
      sizes.flatMap((each) => Array.from({ length: THREADS }, () => (isFound ? Math.min(each, MOST) : 1))),
    );
    expect([...new Int32Array(outputs.get('found')!)]).toEqual(expected);
  });
});

const small = { heads: 2, headDim: 8 };

/** The device, with emulated subgroups. */
const emulating = (device: KernelDevice, emulated: EmulatedSubgroups): KernelDevice => ({
  ...device,
  runJob: (job) => device.runJob({ ...job, wgsl: withEmulatedSubgroups(job.wgsl, emulated) }),
});

/** The largest difference from the interpreter. */
async function worst(device: KernelDevice, options: CompileWgslOptions): Promise<number> {
  const graph = await exampleGraph('causal', small);
  const { emitted } = compileWgsl(graph, { ...options, subgroups: true });
  expect(emitted.wgsl).toContain('subgroupShuffleXor');
  const inputs = randomInputs(graph, { batch: 1, queries: 9, keys: 70 }, 3);
  const call = bindInputs(graph, inputs, undefined);
  const outputs = await runWgsl(device, emitted, call.tensors, { ...call.sizes, rows: call.rows });
  const apart = [...interpret(graph, inputs)].flatMap(([name, { data }]) =>
    [...data].map((value, n) => Math.abs(value - outputs.get(name)!.data[n]!)),
  );
  return Math.max(...apart);
}

describe.each(['online', 'decode'] as const)('plain attention, %s', (schedule) => {
  // As the device has them.
  onSubgroups('is right', async () => {
    expect(await worst(webgpu, { schedule })).toBeLessThan(1e-5);
  });

  for (const [how, [place]] of [Object.entries(places)[0]!, Object.entries(places)[3]!]) {
    onWebgpu(`is right with threads ${how}`, async () => {
      for (const size of how === 'in their order' ? [32, ...inLongTests(8, 128)] : [8])
        expect(await worst(emulating(webgpu, { size, place }), { schedule })).toBeLessThan(1e-5);
    });
  }

  onHalf('keeps to the rule of 16 bits', async () => {
    const graph = await exampleGraph('causal', small);
    for (const size of [16, ...inLongTests(4)]) {
      const device = wgslDevice(emulating(wgpu, { size, place: 'i' }), { schedule, dtype: 'f16', subgroups: true });
      const cases = await checkGraph(graph, device, { shapes: [{ batch: 1, queries: 9, keys: 70, rows: 9 }] });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    }
  });
});
