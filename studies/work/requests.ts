// The pieces of work of a study as plain data, which crosses to a process of its own and back: what is asked, what comes of it.
// A mistake of a spec or a device is a result like any other; only a crash is not, as it may not happen again.
import type { GraphJson } from '../../src/ir/json/index.js';
import type { Failure, Pass, StudyShape, TargetKernels, Timing, VariantCheck } from '../record/study.js';

/** Emits the kernels of a target and counts what they take. */
export interface TargetRequest {
  readonly kind: 'target';
  readonly target: string;
  readonly graph: GraphJson;
  readonly shapes: readonly StudyShape[];
}

/** Checks a graph on a device against the interpreter. */
export interface CheckRequest {
  readonly kind: 'check';
  readonly device: string;
  readonly pass: Pass;
  readonly graph: GraphJson;
  /** The shapes of the study that are small enough to be interpreted. */
  readonly shapes: readonly StudyShape[];
  readonly seed: number;
}

/** Makes a call ready, in the process that will time it, under the number of its entrant. */
export interface PrepareRequest {
  readonly kind: 'prepare';
  readonly entrant: number;
  readonly device: string;
  readonly pass: Pass;
  readonly graph: GraphJson;
  readonly shape: StudyShape;
  readonly seed: number;
}

export interface SampleRequest {
  readonly kind: 'sample';
  readonly entrant: number;
}

/** Lets go of all that is ready. */
export interface ReleaseRequest {
  readonly kind: 'release';
}

export interface Results {
  readonly target: {
    readonly files: readonly (readonly [name: string, content: string])[];
    readonly kernels: TargetKernels;
  };
  readonly check: VariantCheck;
  readonly prepare: Required<Pick<Timing, 'sample'>>;
  readonly sample: { readonly milliseconds: number };
  readonly release: Record<string, never>;
}

export type WorkRequest = TargetRequest | CheckRequest | PrepareRequest | SampleRequest | ReleaseRequest;
export type Kind = WorkRequest['kind'];
export type RequestOf<K extends Kind> = Extract<WorkRequest, { kind: K }>;

export type Outcome<K extends Kind> =
  | { readonly result: Results[K] }
  /** `lasting` is what would come of it again. */
  | { readonly failure: Omit<Failure, 'stage'>; readonly lasting: boolean };
