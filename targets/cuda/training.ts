// Training in CUDA: a forward file that keeps what the gradient needs, a backward file that takes it, and a header for both.
// Each has its own functions: NAME_forward_launch and NAME_backward_launch, with the sizes of their workspace.
import type { TrainingPair } from '../../src/autodiff/index.js';
import type { Graph } from '../../src/ir/index.js';
import { insideComment } from '../shared/text/source.js';
import { type TrainingFiles, trainingFiles } from '../shared/training-manifest.js';
import { type CompileCudaOptions, compileCuda } from './compile.js';
import type { EmittedCuda } from './emit-files.js';
import { fileNameOf } from './text/names.js';

/** Both parts of a spec's training pair, compiled. */
export interface CompiledTraining {
  readonly forward: EmittedCuda;
  readonly backward: EmittedCuda;
}

/** A schedule that is asked for is that of the forward part. @throws HeddleError HD62xx where no schedule of either part fits. */
export function compilePairCuda(pair: TrainingPair, options: CompileCudaOptions = {}): CompiledTraining {
  const { schedule: _, ...ofBackward } = options;
  return {
    // What the forward part keeps is for one program.
    forward: compileCuda(pair.forward, { ...options, single: true }).emitted,
    backward: compileCuda(pair.backward, ofBackward).emitted,
  };
}

/**
 * The files of a spec's training pair, the common header first.
 * @param graph the spec as written, which names the package
 * @throws HeddleError as compilePairCuda.
 */
export function compileTrainingCuda(graph: Graph, pair: TrainingPair, options: CompileCudaOptions = {}): TrainingFiles {
  const parts = compilePairCuda(pair, options);
  const joining = new Map([[`${fileNameOf(graph.name)}.h`, headerText(graph, pair, parts)]]);
  const version = options.version ?? 'unreleased';
  return trainingFiles({ graph, pair, version }, parts, joining, `${parts.forward.prefix}_launch`);
}

function headerText({ name }: Graph, { kept }: TrainingPair, { forward, backward }: CompiledTraining): string {
  const names = kept.map((each) => insideComment('cuda', each.name));
  return `/*
 * Training of ${insideComment('cuda', name)}. ${forward.prefix}_launch gives the outputs, and keeps ${names.length === 0 ? 'nothing' : names.join(', ')}
 * at all rows of queries (rows = queries); ${backward.prefix}_launch takes what was kept, the inputs and the gradients of the
 * outputs, zeros in rows that no loss depends on. Made by a compiler: change the spec, not this file.
 */
#include "${forward.name}.h"
#include "${backward.name}.h"
`;
}
