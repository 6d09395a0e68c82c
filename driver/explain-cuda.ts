// How the kernels for a CUDA device compute a graph in 16 bits: their tiles, and by which instructions they multiply; where
// these are not the best ones that the device has, why not.
import { HeddleError } from '../src/diagnostics/index.js';
import type { Graph } from '../src/ir/index.js';
import { compileCuda } from '../targets/cuda/compile.js';
import type { TargetOptions } from './targets.js';

const dtype = 'bf16';

export interface CudaExplanation {
  readonly architecture: string;
  readonly dtype: string;
  readonly kind: string;
  readonly tiles: { readonly rows: number; readonly columns: number };
  readonly kernels: readonly {
    readonly name: string;
    readonly threads: number;
    readonly sharedBytes: number;
    /** `wgmma`, `mma.sync`, `multiply-add` or `none`. */
    readonly products: string;
    readonly reason?: string;
  }[];
}

/** Undefined where no schedule serves: the explanation of schedules says why. */
export function explainCuda(
  graph: Graph,
  architecture: NonNullable<TargetOptions['arch']>,
): CudaExplanation | undefined {
  try {
    const { scheduled, emitted } = compileCuda(graph, { architecture, dtype });
    const { rows, columns } = scheduled.tiles;
    return {
      architecture,
      dtype,
      kind: scheduled.kind,
      tiles: { rows, columns },
      kernels: emitted.module.kernels.map(({ kernel, threads, sharedBytes, products: { form, reason } }) => ({
        name: kernel.name,
        threads,
        sharedBytes,
        products: form,
        ...(reason === undefined ? {} : { reason }),
      })),
    };
  } catch (error) {
    if (error instanceof HeddleError) return undefined;
    throw error;
  }
}
