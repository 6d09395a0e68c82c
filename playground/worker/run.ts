// Runs the spec on the visitor's WebGPU, held to the interpreter, and times its kernels; without WebGPU the tile programs run
// in JavaScript, held to the same.
import { tilesDevice } from '../../codegen/schedule/index.js';
import { afterPasses } from '../../driver/after-passes.js';
import { type CheckReport, checkOnDevice } from '../../driver/check.js';
import { awkwardShapes, type Device, fewShapes, randomInputs, shapeLabel } from '../../src/checking/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { wgslDevice } from '../../targets/wgsl/graph-device.js';
import type { RunAnswer, RunRequest } from '../shared/protocol.js';
import { pageDevice } from './device.js';

const kernels = pageDevice();

const SEED = 1;
const FEWEST_TIMES = 3;
const MOST_TIMES = 30;
/** Milliseconds after which no further run is timed. */
const TIMING = 1500;

/** Checks the spec and times it at the shape. What goes wrong is told in words, after what came before it. */
export async function runSpec(
  graph: Graph,
  { shape, dtype }: RunRequest,
  onProgress: (text: string) => void,
): Promise<RunAnswer> {
  const onGpu = wgslDevice(kernels, { dtype });
  const found = await onGpu.availability();
  const checkedOn: Device = afterPasses(found.available ? onGpu : tilesDevice(), optimise);
  const base = found.available
    ? { device: found.detail ?? 'WebGPU', hasDevice: true }
    : {
        device: `${found.why}. So the kernels' tile programs are run in JavaScript, to the same rule; ${found.remedy}.`,
        hasDevice: false,
      };
  onProgress(found.available ? 'building the kernels' : 'running the tile programs');
  let table: readonly (readonly string[])[] = [];
  try {
    const report = await checkOnDevice(graph, checkedOn, {
      // One position, a decode step with the history's queries, whole sequences of two batch entries.
      shapes: [awkwardShapes(graph)[0]!, ...fewShapes(graph)],
      onCase: (done, total) => onProgress(`checked ${done} of ${total} cases`),
    });
    table = tableOf(report);
    if (!found.available) return { ...base, passed: report.passed, table };
    onProgress('timing');
    const { batch, queries, keys } = shape;
    const times = await timesOf(onGpu, optimise(graph), { batch, queries, keys });
    return { ...base, passed: report.passed, table: [...table, ...timeRows(times, shape)] };
  } catch (error) {
    const failure = error instanceof HeddleError || error instanceof Error ? error.message : String(error);
    return { ...base, table, failure };
  }
}

const share = (value: number): string => (value === 0 ? '0' : value.toExponential(1));

function tableOf({ cases }: CheckReport): readonly (readonly string[])[] {
  return [
    ['kernels', 'shape', 'error', 'bound', 'verdict'],
    ...cases.map(({ alternative, shape, error, bound, passed, problems }) => [
      alternative ?? 'all',
      shapeLabel(shape),
      share(error),
      share(bound),
      passed ? 'agrees with the interpreter' : (problems[0] ?? 'differs'),
    ]),
  ];
}

async function timesOf(device: Device, graph: Graph, sizes: RunRequest['shape']): Promise<readonly number[]> {
  const inputs = randomInputs(graph, sizes, SEED);
  const held = await device.prepare!(graph, inputs, {});
  try {
    await held.time();
    const times: number[] = [];
    const end = performance.now() + TIMING;
    while (times.length < FEWEST_TIMES || (times.length < MOST_TIMES && performance.now() < end)) {
      times.push(await held.time());
    }
    return times.sort((one, other) => one - other);
  } finally {
    await held.release();
  }
}

function timeRows(
  times: readonly number[],
  { batch, queries, keys }: RunRequest['shape'],
): readonly (readonly string[])[] {
  const middle = times[Math.floor(times.length / 2)]!;
  const what = `B=${batch}, Tq=${queries}, Tk=${keys}`;
  return [['time', what, `${middle.toPrecision(3)} ms`, `${times.length} runs`, 'median, on this device']];
}
