// The targets whose kernels are scheduled, in one table: how each compiles a graph, and what its kernels take of a device.
// What explains a schedule and what records a study ask the same of all of them.
import type { Rates, Scheduled } from '../codegen/schedule/index.js';
import { type TilePass, tilePasses } from '../codegen/tile/passes/index.js';
import type { TileProgram } from '../codegen/tile/program.js';
import type { Graph } from '../src/ir/index.js';
import { compileCuda } from '../targets/cuda/compile.js';
import type { EmittedCuda } from '../targets/cuda/emit-files.js';
import { cudaPasses } from '../targets/cuda/narrow.js';
import { cudaRates } from '../targets/cuda/rates.js';
import type { Alternatives } from '../targets/shared/tile/alternatives.js';
import { kernelsOf } from '../targets/shared/tile/program.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import { wgslRates } from '../targets/wgsl/rates.js';
import type { EmittedFile, TargetName, TargetOptions } from './targets.js';
import { failUnknown } from './unknown-name.js';

/** What a kernel takes, by the target's own account. */
export interface KernelNeeds {
  readonly name: string;
  /** Threads of a block. */
  readonly threads: number;
  readonly workgroupBytes: number;
  /** An estimate of the registers that tiles take in a thread. */
  readonly registers: number;
  /** How often it is launched in a call, */
  readonly launches?: number;
  /** by how many blocks, */
  readonly blocks?: number;
  /** and how often these fill the multiprocessors of an H100 or H200, with a block each. */
  readonly waves?: string;
  /** Storage buffers, where a device grants so many. */
  readonly bindings?: number;
  /** By which instructions it multiplies: `wgmma`, `mma.sync`, `multiply-add` or `none`; */
  readonly products?: string;
  /** and why by no better ones, where there are. */
  readonly why?: string;
}

/** A graph compiled for a target with schedules. */
export interface ScheduledTarget {
  /** What the kernels are for: `WGSL in f32 with default limits`. */
  readonly title: string;
  readonly scheduled: Scheduled;
  /** Between which its launcher chooses; the first is what is scheduled. */
  readonly alternatives: Alternatives;
  /** The program as it is emitted, which says where it rounds. */
  readonly program: TileProgram;
  readonly bytesOf: Rates['bytesOf'];
  readonly kernels: readonly KernelNeeds[];
  readonly files: readonly EmittedFile[];
  readonly cuda?: EmittedCuda;
}

export type ScheduledTargetName = Extract<TargetName, 'wgsl' | 'cuda'>;
export interface ScheduledOptions extends Omit<TargetOptions, 'bind'> {
  readonly version?: string;
  /** Leave out what the launcher would choose between: the first alternative is all that is asked for. */
  readonly single?: true;
}

type Compile = (optimised: Graph, options: ScheduledOptions) => ScheduledTarget;

const compilers: Readonly<Record<ScheduledTargetName, Compile>> = {
  wgsl(graph, { dtype: asked, schedule, tiles, single, version }) {
    const dtype = asked === 'f16' ? 'f16' : 'f32';
    const { scheduled, alternatives, emitted, kernels } = compileWgsl(graph, {
      dtype,
      schedule,
      tiles,
      single,
      version,
    });
    return {
      title: `WGSL in ${dtype} with default limits`,
      scheduled,
      alternatives,
      program: scheduled.program,
      bytesOf: wgslRates[dtype].bytesOf,
      kernels,
      files: [...emitted.files],
    };
  },

  cuda(graph, { dtype = 'f32', schedule, tiles, arch, single, version }) {
    const { scheduled, alternatives, emitted } = compileCuda(graph, {
      dtype,
      schedule,
      tiles,
      architecture: arch,
      single,
      version,
    });
    return {
      title: `CUDA in ${dtype} for ${arch ?? 'sm_80 and later'}`,
      scheduled,
      alternatives,
      program: alternatives[0]!.program,
      bytesOf: cudaRates[dtype].bytesOf,
      kernels: emittedKernels(emitted, alternatives[0]!.program).map(
        ({ kernel, threads, sharedBytes, registers, products }) => ({
          name: kernel.name,
          threads,
          workgroupBytes: sharedBytes,
          registers,
          products: products.form,
          ...(products.reason === undefined ? {} : { why: products.reason }),
        }),
      ),
      files: [...emitted.files],
      cuda: emitted,
    };
  },
};

/** The kernels of a program as a module that holds several has them. */
const emittedKernels = ({ module }: EmittedCuda, program: TileProgram): EmittedCuda['module']['kernels'] => {
  const own = new Set(kernelsOf(program).map(({ kernel }) => kernel));
  return module.kernels.filter(({ kernel }) => own.has(kernel));
};

/** The passes that a target's programs go through, in the order in which they run. */
const passes: Readonly<Record<ScheduledTargetName, (options: ScheduledOptions) => readonly TilePass[]>> = {
  wgsl: () => tilePasses,
  cuda: ({ dtype = 'f32' }) => cudaPasses(dtype),
};

export const tilePassesOf = (name: ScheduledTargetName, options: ScheduledOptions): readonly TilePass[] =>
  passes[name](options);

export const scheduledTargets = Object.keys(compilers) as readonly ScheduledTargetName[];

/** @throws HeddleError HD4021 for a name that is no target with schedules. */
export function scheduledTargetNamed(name: string): ScheduledTargetName {
  return scheduledTargets.find((each) => each === name) ?? failUnknown('HD4021', name, scheduledTargets);
}

/** @throws HeddleError HD62xx where no schedule serves. */
export const compileScheduled = (name: ScheduledTargetName, optimised: Graph, options: ScheduledOptions) =>
  compilers[name](optimised, options);
