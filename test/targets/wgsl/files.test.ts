// What a compile leaves behind: valid everywhere, the same bytes every time, within the limits that are granted or refused with
// a reason, and usable with nothing of this project installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { interpret } from '../../../src/interpreter/index.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { emitWgsl, fit as fitProgram, type WgslOptions } from '../../../targets/wgsl/index.js';
import { jobOf, runWgsl } from '../../../targets/wgsl/run.js';
import { inputsOf } from '../../codegen/tile/programs/cases.js';
import { keyBackward } from '../../codegen/tile/programs/key-backward.js';
import { preConvolution } from '../../codegen/tile/programs/pre-convolution.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { problemsOf, type Schema } from '../json-schema.js';
import { handWritten } from '../shared/hand-written.js';
import { onDawn } from './on-dawn.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const schema = JSON.parse(readFileSync(join(root, 'targets/manifest.schema.json'), 'utf8')) as Schema;
const description = (name: string) => ({ name, settings: { heads: 4, mask: 'causal' }, history: 3, version: 'test' });
const programs: readonly TileProgram[] = [
  ...handWritten(8, 8, 8).map(({ program }) => program),
  keyBackward({ heads: 4, kvHeads: 2, headDim: 8 }, { queries: 4, keys: 5 }, 8, 8),
];

afterAll(async () => {
  await closeValidation();
  await webgpu.close();
});

describe.each(programs)('$name', (program) => {
  const emitted = emitWgsl(program, description(program.name));

  it('is the same every time', () => {
    expect([...emitWgsl(program, description(program.name)).files]).toEqual([...emitted.files]);
  });

  it('has a manifest that fits the schema', () => {
    expect(problemsOf(JSON.parse(emitted.files.get('manifest.json')!), schema)).toEqual([]);
  });

  it('keeps nothing that grows with the square of the length', () => {
    for (const { bytes } of emitted.manifest.workspace) expect(bytes).not.toMatch(/(queries|rows).*keys/);
  });

  it.each([
    ['16 bits', { dtype: 'f16' }, ['shader-f16']],
    ['subgroups', { subgroups: true }, ['subgroups']],
    ['16 bits and subgroups', { dtype: 'f16', subgroups: true }, ['shader-f16', 'subgroups']],
  ] as [string, WgslOptions, string[]][])('is valid with %s', async (_, options, features) => {
    const { wgsl, needs } = emitWgsl(program, description(program.name), options);
    expect(needs.features).toEqual(features);
    expect(await validate(wgsl, undefined, { features })).toEqual([]);
  });
});

describe('limits', () => {
  const sizes = { heads: 4, kvHeads: 4, headDim: 64 };
  const full = preConvolution(sizes, { queries: 6, keys: 11 }, 32, 32);

  it('a 6 × 11 convolution at D = 64 with tiles of 32 × 32 fits the defaults, as one dispatch', async () => {
    const fitted = fitProgram(full);
    expect(fitted).toMatchObject({ fits: true });
    if (!fitted.fits) return;
    expect(fitted.kernels).toHaveLength(1);
    expect(fitted.kernels[0]!.workgroupBytes).toBeLessThanOrEqual(16384);
    expect(fitted.kernels[0]!.bindings).toBeLessThanOrEqual(8);
    const emitted = emitWgsl(full, description('mta'));
    expect(await validate(emitted.wgsl)).toEqual([]);
    expect(emitted.manifest.kernels[0]!.workgroupBytes).toBe(fitted.kernels[0]!.workgroupBytes);
    const shape = { batch: 1, queries: 64, keys: 64, rows: 64 };
    const graph = multiTokenAttention({ ...sizes, preQueryKernel: 6, preKeyKernel: 11 });
    expect((await jobOf(emitted, inputsOf(graph, shape), shape)).dispatches).toHaveLength(1);
  });

  it('more is refused with a reason', () => {
    const large = preConvolution({ ...sizes, headDim: 128 }, { queries: 6, keys: 11 }, 64, 64);
    expect(fitProgram(large)).toEqual({
      fits: false,
      reason: expect.stringMatching(/needs? \d+ bytes of workgroup memory, and 16384/),
    });
    expect(fitProgram(large, { limits: { workgroupBytes: 65536 } })).toMatchObject({ fits: true });
    expect(() => emitWgsl(large, description('large'))).toThrow('workgroup memory');
  });

  it('inputs are packed where bindings are few', async () => {
    const few = { limits: { storageBuffers: 5 } };
    expect(fitProgram(full, few)).toMatchObject({ fits: false, reason: expect.stringContaining('6 storage buffers') });
    const backward = programs.at(-1)!;
    const fitted = fitProgram(backward);
    expect(fitted.fits && Math.max(...fitted.kernels.map(({ bindings }) => bindings))).toBe(8);
  });
});

describe('the launcher', () => {
  const { program, graph, history } = handWritten(8, 8, 8)[1]!;
  const emitted = emitWgsl(program, { name: 'mta-pre', settings: {}, history });
  const load = (): Promise<{ planLaunch: (...of: unknown[]) => { dispatches: { launch: Int32Array }[] } }> =>
    import(`data:text/javascript,${encodeURIComponent(emitted.files.get('mta-pre.js')!)}`);

  it('rejects sizes that are impossible', async () => {
    const { planLaunch } = await load();
    const plan = (sizes: object, places?: object) => () => planLaunch(sizes, places);
    expect(plan({ batch: 1, queries: 4, keys: 9, rows: 5 })).toThrow('5 rows of output are wanted');
    expect(plan({ batch: 1, queries: 4, keys: 9, rows: 4 })).toThrow('need the last 7 rows of queries, not 4');
    expect(plan({ batch: 0, queries: 4, keys: 9 })).toThrow('batch is 0');
    expect(plan({ batch: 1, queries: 9, keys: 2 ** 23 })).toThrow('more than');
    expect(plan({ batch: 1, queries: 4, keys: 9, rows: 1 })).not.toThrow();
    expect(plan({ batch: 1, queries: 4, keys: 3 })).not.toThrow();
    const sizes = { batch: 1, queries: 9, keys: 9 };
    expect(plan(sizes, { strides: { q: [9, 9, 9] } })).toThrow('q has 4 axes');
    expect(plan(sizes, { strides: { q: [288, 72, 8, 2] } })).toThrow('must be contiguous');
    expect(plan(sizes, { offsets: { q: 3 } })).toThrow('multiples of 4');
  });

  it('folds grids that are longer than a dimension', async () => {
    const { planLaunch } = await load();
    const { dispatches } = planLaunch({ batch: 4096, queries: 64, keys: 64 });
    expect(dispatches).toMatchObject([{ workgroups: [65535, 3, 1] }]);
  });

  it('reads strides and offsets', async () => {
    const shape = { batch: 2, queries: 11, keys: 11, rows: 11 };
    const inputs = inputsOf(graph, shape);
    const gold = (await runWgsl(webgpu, emitted, inputs, shape)).get('out')!;
    // q is given as [batch, row, head, feature], in a buffer that begins with something else.
    const q = inputs.get('q')!;
    const [batches, heads, rows, features] = q.shape as [number, number, number, number];
    const moved = new Float32Array(8 + q.data.length).fill(Number.NaN);
    const strides = [rows * heads * features, features, heads * features, 1];
    for (let b = 0; b < batches; b += 1) {
      for (let h = 0; h < heads; h += 1) {
        for (let i = 0; i < rows; i += 1) {
          for (let d = 0; d < features; d += 1) {
            const from = ((b * heads + h) * rows + i) * features + d;
            moved[8 + b * strides[0]! + h * strides[1]! + i * strides[2]! + d] = q.data[from]!;
          }
        }
      }
    }
    const { planLaunch } = await load();
    const plan = planLaunch(shape, { strides: { q: strides }, offsets: { q: 8 } });
    const job = await jobOf(emitted, inputs, shape);
    const buffers = job.buffers.map((buffer) => {
      if (buffer.name === 'q') return { ...buffer, size: moved.byteLength, data: moved };
      return buffer.name === '(launch 0)' ? { ...buffer, data: plan.dispatches[0]!.launch } : buffer;
    });
    const outputs = await webgpu.runJob({ ...job, buffers });
    expect([...new Float32Array(outputs.get('out')!)]).toEqual([...gold.data]);
  });

  it('runs on a GPUDevice with nothing else', async () => {
    const shape = { batch: 1, queries: 11, keys: 13, rows: 7 };
    const inputs = inputsOf(graph, shape);
    const gold = interpret(graph, inputs, { rows: shape.rows });
    const outputs = runLauncher(emitted.files, 'mta-pre', emitted.factory, inputs, shape.rows);
    for (const [name, expected] of gold) {
      expect(outputs.get(name)!.shape).toEqual(expected.shape);
      for (const [n, value] of expected.data.entries()) expect(outputs.get(name)!.data[n]).toBeCloseTo(value, 4);
    }
  });

  it('packs inputs, and keeps workspace of its own', () => {
    const backward = programs.at(-1)!;
    const { files, factory } = emitWgsl(backward, { name: 'backward', settings: {}, history: 0 });
    const sizes = { heads: 4, kvHeads: 2, headDim: 8 };
    const backwardGraph = multiTokenAttention({ ...sizes, preQueryKernel: 4, preKeyKernel: 5 });
    const shape = { batch: 1, queries: 9, keys: 9, rows: 9 };
    const inputs = inputsOf(backwardGraph, shape);
    const left = interpret({ ...backwardGraph, history: 0 }, inputs, { rows: 9 });
    const zero = hostTensor([1, 4, 9, 8]);
    const outputs = runLauncher(files, 'backward', factory, new Map([...inputs, ...left, ['grad_out', zero]]), 9);
    expect(Math.max(...outputs.get('grad_k')!.data.map(Math.abs))).toBe(0);
  });
});

/** Runs a launcher twice on Dawn and compares. */
function runLauncher(
  files: ReadonlyMap<string, string>,
  name: string,
  factory: string,
  inputs: ReadonlyMap<string, HostTensor>,
  rows: number,
): Map<string, { shape: number[]; data: number[] }> {
  const tensors = Object.fromEntries([...inputs].map(([key, { shape, data }]) => [key, { shape, data: [...data] }]));
  const answer = onDawn(
    files,
    { tensors, rows },
    `
    const { ${factory} } = await import('./${name}.js');
    const device = await adapter.requestDevice();
    const instance = await ${factory}(device);
    const first = await instance.run(given.tensors, { rows: given.rows });
    const second = await instance.run(given.tensors, { rows: given.rows });
    const plain = (outputs) => Object.entries(outputs).map(([key, { shape, data }]) => [key, { shape, data: [...data] }]);
    if (JSON.stringify(plain(first)) !== JSON.stringify(plain(second))) throw new Error('two runs differ');
    instance.destroy();
    device.destroy();
    return plain(first);`,
  );
  return new Map(answer as [string, { shape: number[]; data: number[] }][]);
}
