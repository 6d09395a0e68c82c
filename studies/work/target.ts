// What a target makes of a variant: its files, its kernels and what they take at each shape.
// A target that refuses says why; that is a result, and the other targets go on.
import { describeKernels } from '../../driver/kernels.js';
import { scheduledTargets } from '../../driver/scheduled.js';
import { targetNamed } from '../../driver/targets.js';
import { version } from '../../driver/version.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import { fromJson } from '../../src/ir/json/index.js';
import { optimise } from '../../src/passes/index.js';
import type { KernelRecord, KernelWork, TargetKernels } from '../record/study.js';
import { callShape } from './call-shape.js';
import type { Results, TargetRequest } from './requests.js';

type Emitted = Results['target'];
type Described = Pick<TargetKernels, 'schedule' | 'reason' | 'kernels' | 'work'>;
type Files = Emitted['files'];

interface Made {
  readonly files: Files;
  readonly described: Described;
}

export async function makeTarget({ target, graph: json, shapes }: TargetRequest): Promise<Emitted> {
  const graph = fromJson(json);
  const optimised = optimise(graph);
  const calls = shapes.map((shape) => callShape(optimised, shape));
  try {
    // Targets whose kernels come of a schedule know what they take.
    const scheduled = scheduledTargets.find((each) => each === target);
    const made = scheduled ? describeKernels(scheduled, optimised, calls, version()) : unscheduled(target, graph);
    const { files, described }: Made = await made;
    const textBytes = files.reduce((sum, [, content]) => sum + Buffer.byteLength(content), 0);
    return { files, kernels: { target, pass: 'forward', ...described, textBytes } };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    const refused = error.diagnostics.map(({ message }) => message).join('; ');
    return { files: [], kernels: { target, pass: 'forward', refused, kernels: [], textBytes: 0, work: [] } };
  }
}

/** What a target without schedules says of itself: of gpu.js the kernels that its manifest lists. */
async function unscheduled(target: string, graph: Graph): Promise<Made> {
  const files = await targetNamed(target).emit(graph, {});
  const manifest = files.find(([name]) => name === 'manifest.json')?.[1];
  const listed = manifest === undefined ? {} : (JSON.parse(manifest) as { kernels?: readonly { name: string }[] });
  const kernels = (listed.kernels ?? []).map(({ name }): KernelRecord => ({ name, measured: false }));
  const work: readonly KernelWork[] = [];
  return { files, described: { kernels, work } };
}
