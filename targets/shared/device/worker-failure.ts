// Why a request to a worker has no answer: what it says went wrong, or that it died.
// Apart from the processes themselves, so that workers in pages can say the same.
import type { Problem } from './problems.js';

/** Why a request has no answer. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
  readonly problem: Problem | { readonly kind: 'crash' | 'timeout'; readonly text: string };

  constructor(problem: WorkerFailure['problem']) {
    super(problem.text);
    this.problem = problem;
  }
}
