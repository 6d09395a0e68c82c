// Schedules that are launched more than once, or that leave shares behind, on a device: bands, splits and stages,
// held to the rule for devices, a decode step among the shapes. Bands are small, so that short sequences have several.
import { afterAll, describe, expect } from 'vitest';
import { type ScheduleKind, schedule } from '../../../codegen/schedule/index.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { checkGraph, type Device } from '../../../src/checking/index.js';
import { bindInputs } from '../../../src/interpreter/index.js';
import { type Graph, history } from '../../../src/ir/index.js';
import { webgpu } from '../../../targets/wgsl/device/index.js';
import { emitWgsl } from '../../../targets/wgsl/index.js';
import { runWgsl } from '../../../targets/wgsl/run.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph, smallSettings } from '../../support/example-graphs.js';
import { stagedCases } from '../../support/staged-graphs.js';

const onWebgpu = await testsOn(webgpu);
afterAll(() => webgpu.close());

const tiles = { rows: 8, columns: 8, band: 16 };

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
