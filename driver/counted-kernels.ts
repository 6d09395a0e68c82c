// The machine instructions of a spec's CUDA kernels, for `heddle explain --sass`: counted in what nvcc makes of them, as data and as
// text. Needs Node, nvcc and nvdisasm, and takes seconds.
import type { LaunchSizes } from '../codegen/tile/interpreter/memory.js';
import { trainingPair } from '../src/autodiff/index.js';
import { fail } from '../src/diagnostics/index.js';
import { type Graph, history, rowsUnlessTold } from '../src/ir/index.js';
import { optimise } from '../src/passes/index.js';
import { assembledKernels, missingForCounts } from '../targets/cuda/device/nvdisasm.js';
import type { StepCounts } from '../targets/cuda/sass/counts.js';
import { countsText } from '../targets/cuda/sass/report.js';
import type { CallShape } from './explain.js';
import { compiledFor, type ExplainedTarget } from './explain-schedule.js';

export interface CountedKernel {
  readonly name: string;
  readonly architecture: string;
  readonly registers: number;
  readonly spillBytes: number;
  /** Instructions of the whole function. */
  readonly instructions: number;
  /** What a warp does in a step of the steady-state loop, and its issue slots for 1000 useful floating-point operations. */
  readonly step?: StepCounts;
  readonly slotsPerUseful?: number;
  readonly text: string;
}

export interface CountRequest {
  readonly kernels: ExplainedTarget;
  readonly backward?: boolean | undefined;
  readonly shape: CallShape;
}

/** Counts the kernels of a graph as written. @throws HeddleError HD4038 where tools are missing, or the target has no such kernels */
export async function countedKernels(graph: Graph, request: CountRequest): Promise<readonly CountedKernel[]> {
  const { kernels, backward, shape } = request;
  const missing = await missingForCounts();
  if (missing !== undefined) fail('HD4038', { reason: missing });
  const compiled = compiledFor(backward ? trainingPair(graph).backward : optimise(graph), kernels);
  if ('none' in compiled) return [];
  if (compiled.cuda === undefined)
    fail('HD4038', { reason: `${kernels.target} is compiled by the driver of a device` });
  const architecture = kernels.arch ?? 'sm_80';
  const { queries, keys } = shape;
  const sizes: LaunchSizes = { ...shape, rows: Math.max(1, rowsUnlessTold(queries, keys, history(graph))) };
  const assembled = await assembledKernels(compiled.cuda, architecture);
  return assembled.map((each): CountedKernel => {
    const { counts, resources } = each;
    return {
      name: counts.name,
      architecture,
      registers: resources.registers,
      spillBytes: resources.spills,
      instructions: counts.whole,
      ...(counts.loop ? { step: counts.loop.step, slotsPerUseful: counts.loop.slotsPerUseful } : {}),
      text: countsText(each, architecture, sizes),
    };
  });
}
