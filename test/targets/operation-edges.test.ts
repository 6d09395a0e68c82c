// Every scalar operation at its edges, on every device that is here, as the tables of each target spell it: one kernel, or one
// module of kernels, for all of them. A device that cannot is guarded by its printer; what is wrong is listed by operation.
import { afterAll, describe, expect } from 'vitest';
import { along, axis, kernel } from '../../codegen/tile/builder.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { type Buffer, tileVariables } from '../../codegen/tile/types.js';
import type { Device } from '../../src/checking/index.js';
import {
  apply,
  type Expression,
  extent,
  float,
  integer,
  mapNodeOver,
  position,
  read,
  type ScalarType,
  tensorNode,
  variable,
} from '../../src/ir/index.js';
import { hostTensor } from '../../src/tensors/index.js';
import { emulatorAvailability, runCuda } from '../../targets/cuda/device/index.js';
import { emitCuda } from '../../targets/cuda/index.js';
import { gpujsDevice } from '../../targets/gpujs/device.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { webgpu, wgpu } from '../../targets/wgsl/device/index.js';
import { testsOn } from '../support/devices.js';
import { graphOf } from './gpujs/hand-built.js';
import { type EdgeCase, edgeCases, isRight, meaning, type Rounding } from './operation-edges.js';
import { spellingJob } from './wgsl/spelling-job.js';

const show = (x: number): string => (Object.is(x, -0) ? '-0' : String(x));

/** What is wrong, a line for each operation. */
function mistakes(each: EdgeCase, results: readonly number[], rounding: Rounding): readonly string[] {
  const wrong = each.samples.flatMap((sample, n) =>
    isRight(each, sample, results[n]!, rounding)
      ? []
      : [`(${sample.map(show).join(', ')}) = ${show(results[n]!)}, not ${show(meaning(each.name, sample))}`],
  );
  if (wrong.length === 0) return [];
  return [`${each.name} of ${each.types.join(', ')}: ${wrong.length} wrong: ${wrong.slice(0, 8).join('; ')}`];
}

/** An operand of a type from a number of a tensor, and a result as a float. */
const typed = (x: Expression, type: ScalarType): Expression => (type === 'bool' ? apply('notEqual', x, float(0)) : x);
const numeric = (x: Expression): Expression =>
  x.type === 'bool' ? apply('select', x, float(1), float(0)) : x.type === 'int' ? apply('toFloat', x) : x;

afterAll(async () => {
  await webgpu.close();
  await wgpu.close();
});

describe('WGSL', async () => {
  for (const device of [webgpu, wgpu]) {
    const onDevice = await testsOn(device);
    onDevice('alone and in fours', async () => {
      const { job, resultsOf } = spellingJob(edgeCases);
      const results = resultsOf((await device.runJob(job)).get('results')!);
      const rounding = { flushes: true, integersAsFloats: false };
      const wrong = edgeCases.flatMap((each, n) =>
        [results[n]!.alone, results[n]!.inFours].flatMap((values) => mistakes(each, values, rounding)),
      );
      expect(wrong).toEqual([]);
    });
  }
});

/** Samples of a case, a number of whole rounds of all threads: what is read outside of a table is 0, and no divisor. */
const most = Math.ceil(Math.max(...edgeCases.map(({ samples }) => samples.length)) / 1024) * 1024;
const OPERANDS = 3;

/** One kernel that reads all operands from two tables, one of floats and one of integers. */
function cudaProgram(): TileProgram {
  const axes = [extent(edgeCases.length), extent(OPERANDS), extent(most)];
  const floats: Buffer = { name: 'floats', role: 'input', axes, dtype: 'f32' };
  const integers: Buffer = { name: 'integers', role: 'input', axes, dtype: 'int' };
  const results: Buffer = { name: 'results', role: 'output', axes: [axes[0]!, axes[2]!], dtype: 'f32' };
  const tables = { float: tensorNode('floats', 'tensor', axes), int: tensorNode('integers', 'integers', axes) };
  return {
    name: 'edges',
    buffers: [floats, integers, results],
    launches: edgeCases.map(({ name, types }, n) => ({
      launch: 'kernel' as const,
      kernel: kernel(`edges_${n}`, [], (block) => {
        const operands = types.map((type, place) => {
          const at = [integer(n), integer(place), variable(tileVariables.extent)];
          return typed(read(type === 'int' ? tables.int : tables.float, at), type);
        });
        const box = [axis('extent', 0, most)];
        block.store(block.map([block.constant(box, 0)], numeric(apply(name, ...operands)), box), results, [
          integer(n),
          along('extent'),
        ]);
      }),
    })),
  };
}

describe('CUDA', async () => {
  const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
  onEmulator('in one file', async () => {
    const data = new Float64Array(edgeCases.length * OPERANDS * most);
    edgeCases.forEach(({ samples }, n) => {
      for (let k = 0; k < most; k += 1) {
        for (const [place, value] of samples[k % samples.length]!.entries()) {
          data[(n * OPERANDS + place) * most + k] = value;
        }
      }
    });
    const shape = [edgeCases.length, OPERANDS, most];
    const given = new Map([
      ['floats', hostTensor(shape, data)],
      [
        'integers',
        hostTensor(
          shape,
          data.map((value) => (Number.isInteger(value) && Math.abs(value) <= 2 ** 31 ? value : 0)),
        ),
      ],
    ]);
    const emitted = emitCuda(cudaProgram(), { name: 'edges', settings: {}, history: 0 });
    const outputs = await runCuda(emitted, given, { batch: 1, queries: 1, keys: 1, rows: 1 });
    const results = outputs.get('results')!.data;
    const wrong = edgeCases.flatMap((each, n) => {
      const values = [...results.subarray(n * most, n * most + each.samples.length)];
      return mistakes(each, values, { flushes: false, integersAsFloats: true });
    });
    expect(wrong).toEqual([]);
  });
});

/** The operation on element n of its operands, as a graph. */
function graphOfCase({ name, types }: EdgeCase) {
  const operands = types.map((type, n) => {
    const tensor = tensorNode(`x${n}`, type === 'int' ? 'integers' : 'tensor', [position]);
    return typed(read(tensor, [variable('p')]), type);
  });
  return graphOf('edges', mapNodeOver([position], numeric(apply(name, ...operands))));
}

/** gpu.js counts up to 2^24, products and shifts included. */
const countable = (name: string): number => (name === 'shiftLeft' ? 16 : name === 'multiply' ? 4096 : 2 ** 20);

/**
 * PyTorch's vector library ends log1p, sinh and cosh a little before float32 does, has no remainder where the
 * quotient is infinite, and of equal zeros the first one as the larger: eager PyTorch says what PyTorch says there.
 */
function ofPyTorch(name: string, sample: readonly number[]): boolean {
  const sizes = sample.map(Math.abs);
  if (name === 'logarithmOnePlus') return sizes[0]! > 1e38;
  if (name === 'hyperbolicSine' || name === 'hyperbolicCosine') return sizes[0]! > 88.7;
  if (name === 'remainder') return sizes[0]! / sizes[1]! > 3.4e38;
  return (name === 'minimum' || name === 'maximum') && sizes.every((x) => x === 0);
}

describe('graphs', async () => {
  const devices: readonly {
    readonly device: Device;
    readonly integers: (name: string) => number;
    readonly spared?: Rounding['spared'];
  }[] = [
    { device: gpujsDevice('webasm'), integers: countable },
    { device: gpujsDevice('cpu'), integers: countable },
    { device: torchDevice(), integers: () => 2 ** 31, spared: ofPyTorch },
  ];
  for (const { device, integers, spared = () => false } of devices) {
    const onDevice = await testsOn(device);
    onDevice('one by one', async () => {
      const wrong: string[] = [];
      for (const each of edgeCases) {
        const samples = each.samples.filter(
          (sample) =>
            !each.types.includes('int') ||
            [...sample, meaning(each.name, sample)].every((x) => Math.abs(x) <= integers(each.name)),
        );
        const columns = each.types.map((_, n) =>
          hostTensor(
            [samples.length],
            samples.map((sample) => sample[n]!),
            'F32',
          ),
        );
        const given = new Map(columns.map((column, n) => [`x${n}`, column]));
        const results = [...(await device.run(graphOfCase(each), given)).get('out')!.data];
        wrong.push(...mistakes({ ...each, samples }, results, { flushes: false, integersAsFloats: true, spared }));
      }
      expect(wrong).toEqual([]);
    });
  }
});
