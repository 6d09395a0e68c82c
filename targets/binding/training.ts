// The kernels of a training step beside those of a spec: a forward that keeps what gradients need, and the backward. Where they cannot
// be made, gradients are those of eager PyTorch, and the package says why.
import { type TrainingPair, trainingPair } from '../../src/autodiff/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import type { CompileCudaOptions } from '../cuda/compile.js';
import type { EmittedCuda } from '../cuda/emit-files.js';
import { type CompiledTraining, compilePairCuda } from '../cuda/training.js';

/** The forward gives the outputs of the spec and what is kept, of all rows of queries that are given. */
export interface TrainingKernels extends CompiledTraining {
  readonly pair: TrainingPair;
}

/** The kernels of a training step, or why there are none. */
export type Training = TrainingKernels | { readonly why: string };

export const notAskedFor: Training = { why: 'the package was compiled without kernels for them' };

/** @param written the graph of the spec, before the passes */
export function compileTraining(written: Graph, options: CompileCudaOptions): Training {
  try {
    const pair = trainingPair(written);
    return { pair, ...compilePairCuda(pair, options) };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return { why: error.diagnostics[0]!.message };
  }
}

/** The modules of kernels of a package: that of the spec first. */
export const kernelsOfBinding = ({
  emitted,
  training,
}: {
  readonly emitted: EmittedCuda;
  readonly training: Training;
}): readonly EmittedCuda[] => ('why' in training ? [emitted] : [emitted, training.forward, training.backward]);
