// Emits a tile program as CUDA: one file of kernels with its launcher, a header, and the manifest. All kernels are planned before
// one is written, and what a fit looks at is what is emitted. Runs in a browser; the same program gives the same bytes.
import type { TileProgram } from '../../codegen/tile/program.js';
import { kernelsOf, type PlannedProgram, variablesOf, writtenBuffers } from '../shared/tile/program.js';
import { type BufferLayout, layOutBuffers, type StorageDtype } from './buffers.js';
import { type EmittedKernel, emitKernel, type KernelOptions, type PlannedKernel, planKernel } from './emit-kernel.js';
import { goesByHeads, HEADS_TOGETHER } from './layout/block-order.js';
import { ModuleContext } from './module-context.js';

/**
 * Architectures that kernels can be limited to, and the shared memory that each grants a block. What is made for sm_90a runs on
 * nothing else.
 */
export const architectures = { sm_80: 166912, sm_89: 101376, sm_90: 232448, sm_90a: 232448 } as const;
export type Architecture = keyof typeof architectures;

export interface CudaLimits {
  readonly sharedBytes: number;
  /** Warps of a block. */
  readonly warps: number;
}

export interface CudaOptions {
  /** What queries, keys, values and outputs are stored as; products of 16 bits run on tensor cores. */
  readonly dtype?: StorageDtype | undefined;
  /** The least that a device must be; by default whatever has tensor cores for bfloat16. */
  readonly architecture?: Architecture | undefined;
  readonly limits?: Partial<CudaLimits> | undefined;
  /** How many warps share rows, for tuning; as few as registers allow unless told. */
  readonly warpColumns?: number | undefined;
}

/** What every device from sm_80 on grants. */
export const defaultLimits: CudaLimits = {
  sharedBytes: Math.min(...Object.values(architectures)),
  warps: 8,
};

export interface EmittedModule {
  readonly kernels: readonly EmittedKernel[];
  readonly context: ModuleContext;
  readonly buffers: BufferLayout;
  /** Variables of repeated launches, and what orders blocks: fields of the launch behind the sizes. */
  readonly variables: readonly string[];
}

/** A program whose kernels all have a way to be computed, before one is written. */
export interface PlannedModule {
  readonly program: TileProgram;
  /** What it is joined from. */
  readonly programs: readonly PlannedProgram<PlannedKernel>[];
  readonly options: KernelOptions;
}

/**
 * @param programs those that the program consists of, where it is several joined
 * @throws Refusal with the reason, where there is no way to compute a kernel.
 */
export function planModule(
  program: TileProgram,
  { architecture, limits: asked, warpColumns }: CudaOptions,
  programs: readonly TileProgram[] = [program],
): PlannedModule {
  const granted = architecture ? { sharedBytes: architectures[architecture] } : {};
  const limits = { ...defaultLimits, ...granted, ...asked };
  const options = {
    sharedBytes: limits.sharedBytes,
    mostWarps: limits.warps,
    warpColumns,
    hasWarpgroups: architecture === 'sm_90a',
  };
  const planned = programs.map((each) => ({
    program: each,
    kernels: kernelsOf(each).map(({ kernel, scalars }) => planKernel(kernel, options, scalars)),
  }));
  return { program, programs: planned, options };
}

/** Writes what is planned; a plan is written once. @throws Refusal with the reason, where it does not fit. */
export function emitModule({ program, programs }: PlannedModule): EmittedModule {
  const areOrdered = kernelsOf(program).some(({ kernel }) => goesByHeads(kernel));
  const variables = [...variablesOf(program), ...(areOrdered ? [HEADS_TOGETHER] : [])];
  const buffers = layOutBuffers(program.buffers, writtenBuffers(program), variables);
  const context = new ModuleContext(buffers);
  const kernels = programs.flatMap((each) => {
    context.enterProgram(each.program.buffers);
    return each.kernels.map((kernel) => emitKernel(kernel, context));
  });
  return { kernels, context, buffers, variables };
}
