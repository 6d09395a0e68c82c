// Schedules that are launched more than once, or that leave shares behind, on a device: bands, splits and stages,
// held to the rule for devices, a decode step among the shapes. Bands are small, so that short sequences have several.
import { afterAll, describe, expect } from 'vitest';
import { type ScheduleKind, schedule } from '../../../codegen/schedule/index.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { checkGraph, type Device } from '../../../src/checking/index.js';
import { bindInputs } from '../../../src/interpreter/index.js';
import { type Graph, history } from '../../../src/ir/index.js';
import { webgpu } from '../../../targets/wgsl/device/index.js';
import { emitModule } from '../../../targets/wgsl/emit.js';
import { emitWgsl } from '../../../targets/wgsl/index.js';
import { runWgsl } from '../../../targets/wgsl/run.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph, smallSettings } from '../../support/example-graphs.js';
import { stagedCases } from '../../support/staged-graphs.js';

const onWebgpu = await testsOn(webgpu);
afterAll(() => webgpu.close());

const tiles = { rows: 8, columns: 8, band: 16, shares: 5 };

function deviceOf(graph: Graph, program: TileProgram): Device {
  const emitted = emitWgsl(program, { name: graph.name, settings: {}, history: history(graph) }, {});
  return {
    name: 'webgpu',
    precision: 'f32',
    availability: webgpu.availability,
    run: async (_, inputs, { rows } = {}) => {
      const call = bindInputs(graph, inputs, rows);
      return runWgsl(webgpu, emitted, call.tensors, { ...call.sizes, rows: call.rows });
    },
  };
}

describe.each<[string, ScheduleKind]>([
  ['mta', 'slab'],
  ['decode', 'decode'],
])('%s under the %s schedule', (name, kind) => {
  const holds = async (): Promise<void> => {
    const graph = await exampleGraph(name, smallSettings(name));
    const { program } = schedule(graph, { kind, candidates: [tiles] });
    const shapes = [
      { batch: 1, queries: 37, keys: 37, rows: 37 },
      { batch: 2, queries: 2 + history(graph), keys: 43, rows: 2 },
      { batch: 1, queries: 1, keys: 1, rows: 1 },
    ];
    const results = await checkGraph(graph, deviceOf(graph, program), { shapes });
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  };
  onWebgpu('is right, leaks nothing and is the same twice', holds, 180_000);
});

/** As the target likes them for few rows, with keys that end within a step, in shares of one step and of more. */
describe.each<[string, number]>([
  ['decode', 1],
  ['groupedQuery', 8],
  ['slidingWindow', 3],
])('%s in blocks of %i rows and 128 keys', (name, rows) => {
  const holds = async (): Promise<void> => {
    const graph = await exampleGraph(name, smallSettings(name));
    const few = { kind: 'decode', fewRows: [{ rows, columns: 128, shares: 2 }] } as const;
    const { program } = schedule(graph, few);
    const { kernels } = emitModule(program, {});
    expect(kernels.find((each) => each.kernel.name.endsWith('_split'))!.threads).toEqual({ rows: 1, columns: 32 });
    const shapes = [1, 3, 8].map((count) => {
      const keys = 128 * Math.min(count, 2) + 5;
      return { batch: count === 3 ? 2 : 1, queries: count + history(graph), keys, rows: count };
    });
    const results = await checkGraph(graph, deviceOf(graph, program), { shapes });
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  };
  onWebgpu('is right, leaks nothing and is the same twice', holds, 180_000);
});

describe.each([
  'a chain of cuts, and a norm behind the last',
  'more heads than a block takes',
  'scores that read outputs of the row above',
])('stages, %s', (name) => {
  const holds = async (): Promise<void> => {
    const { graph } = stagedCases[name]!;
    const { program } = schedule(graph, { candidates: [{ rows: 4, columns: 8 }] });
    const shapes = [
      { batch: 2, queries: 11, keys: 11, rows: 11 },
      { batch: 1, queries: 2 + history(graph), keys: 17, rows: 2 },
    ];
    const results = await checkGraph(graph, deviceOf(graph, program), { shapes });
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  };
  onWebgpu('is right, leaks nothing and is the same twice', holds, 180_000);
});
