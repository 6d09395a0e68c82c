// The kernels of targets with schedules, as a study records them: files, tiles, what each kernel takes of a device, and work.
// Where nvcc is there, registers and spilled bytes are those that its assembler reports; elsewhere WGSL's are an estimate.
import type { LaunchSizes } from '../codegen/tile/interpreter/memory.js';
import type { Graph } from '../src/ir/index.js';
import { kernelResources } from '../targets/cuda/device/nvcc.js';
import { scheduledWork } from './explain-schedule.js';
import {
  compileScheduled,
  type ScheduledOptions,
  type ScheduledTarget,
  type ScheduledTargetName,
} from './scheduled.js';
import type { EmittedFile } from './targets.js';

export interface DescribedKernel {
  readonly name: string;
  readonly threads: number;
  readonly workgroupBytes: number;
  readonly registers?: number;
  readonly spillBytes?: number;
  /** Whether a compiler of the device says so; an estimate otherwise. */
  readonly measured: boolean;
}

export interface CallWork {
  readonly operations: number;
  readonly bytesMoved: number;
  readonly launches: number;
  readonly workspaceBytes: number;
}

export interface DescribedTarget {
  readonly files: readonly EmittedFile[];
  readonly described: {
    readonly schedule: string;
    readonly reason: string;
    readonly kernels: readonly DescribedKernel[];
    /** One for each of the sizes. */
    readonly work: readonly CallWork[];
  };
}

/** As a study compiles for each target: CUDA in bfloat16 for sm_80 and later. */
const chosen: Readonly<Record<ScheduledTargetName, ScheduledOptions>> = {
  wgsl: {},
  cuda: { dtype: 'bf16', arch: 'sm_80' },
};

/** @throws HeddleError HD62xx where no schedule serves. */
export async function describeKernels(
  target: ScheduledTargetName,
  optimised: Graph,
  calls: readonly LaunchSizes[],
  version: string,
): Promise<DescribedTarget> {
  const options = chosen[target];
  const compiled = compileScheduled(target, optimised, { ...options, version });
  const { kind, tiles, reason } = compiled.scheduled;
  const resources = compiled.cuda && options.arch && (await kernelResources(compiled.cuda, options.arch));
  return {
    files: compiled.files,
    described: {
      schedule: [`${kind}, ${tiles.rows} × ${tiles.columns}`, options.dtype, options.arch]
        .filter((part) => part !== undefined)
        .join(', '),
      reason,
      kernels: compiled.kernels.map(({ name, threads, workgroupBytes, registers: estimate }) => {
        const found = resources?.find(({ kernel }) => kernel === name);
        const common = { name, threads, workgroupBytes };
        if (found) return { ...common, registers: found.registers, spillBytes: found.spills, measured: true };
        return { ...common, ...(compiled.cuda ? {} : { registers: estimate }), measured: false };
      }),
      work: calls.map((sizes) => workAt(optimised, compiled, sizes)),
    },
  };
}

function workAt(graph: Graph, compiled: ScheduledTarget, sizes: LaunchSizes): CallWork {
  const { operations, bytes, launches, scratch } = scheduledWork(graph, compiled, sizes);
  return { operations, bytesMoved: bytes, launches, workspaceBytes: scratch };
}
