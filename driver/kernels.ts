// The kernels of targets with schedules, as a study records them: files, tiles, what each kernel takes of a device, and work.
// Where nvcc is there, registers and spilled bytes are those that its assembler reports; elsewhere WGSL's are an estimate.
import type { LaunchSizes } from '../codegen/tile/interpreter/memory.js';
import type { TileProgram } from '../codegen/tile/program.js';
import type { Graph } from '../src/ir/index.js';
import { compileCuda } from '../targets/cuda/compile.js';
import { kernelResources } from '../targets/cuda/device/nvcc.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import { scheduledWork } from './explain-schedule.js';
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

type Tiles = { readonly rows: number; readonly columns: number };

/** @throws HeddleError HD62xx where no schedule serves. */
export function kernelsOfWgsl(optimised: Graph, calls: readonly LaunchSizes[], version: string): DescribedTarget {
  const { scheduled, emitted, kernels } = compileWgsl(optimised, { version });
  const { kind, tiles, reason, program } = scheduled;
  return {
    files: [...emitted.files],
    described: {
      schedule: scheduleText(kind, tiles),
      reason,
      kernels: kernels.map(({ name, threads, workgroupBytes, registers }) => ({
        name,
        threads,
        workgroupBytes,
        registers,
        measured: false,
      })),
      work: calls.map((sizes) => workAt(optimised, program, sizes, tiles)),
    },
  };
}

const CUDA = { dtype: 'bf16', architecture: 'sm_80' } as const;

/** Kernels in bfloat16 for sm_80 and later. @throws HeddleError HD62xx where no schedule serves. */
export async function kernelsOfCuda(
  optimised: Graph,
  calls: readonly LaunchSizes[],
  version: string,
): Promise<DescribedTarget> {
  const { scheduled, emitted } = compileCuda(optimised, { ...CUDA, version });
  const { kind, tiles, reason } = scheduled;
  const resources = await kernelResources(emitted, CUDA.architecture);
  return {
    files: [...emitted.files],
    described: {
      schedule: `${scheduleText(kind, tiles)}, ${CUDA.dtype}, ${CUDA.architecture}`,
      reason,
      kernels: emitted.module.kernels.map(({ kernel: { name }, threads, sharedBytes: workgroupBytes }) => {
        const found = resources?.find(({ kernel }) => kernel === name);
        const { registers, spills: spillBytes } = found ?? {};
        return {
          name,
          threads,
          workgroupBytes,
          ...(registers === undefined || spillBytes === undefined ? {} : { registers, spillBytes }),
          measured: found !== undefined,
        };
      }),
      work: calls.map((sizes) => workAt(optimised, emitted.program, sizes, tiles)),
    },
  };
}

const scheduleText = (kind: string, { rows, columns }: Tiles): string => `${kind}, ${rows} × ${columns}`;

function workAt(graph: Graph, program: TileProgram, sizes: LaunchSizes, tiles: Tiles): CallWork {
  const { operations, bytes, launches, scratch } = scheduledWork(graph, program, sizes, tiles);
  return { operations, bytesMoved: bytes, launches, workspaceBytes: scratch };
}
