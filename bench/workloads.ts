// What the benchmark computes: forms of attention by name, their sizes and their inputs at a length. Each contender computes the same.
// Inputs are drawn from a seed, so that every run measures the same numbers. Runs in a browser, as all that measures does.
import { randomInputs } from '../src/checking/index.js';
import type { Graph, GraphJson } from '../src/ir/index.js';
import type { HostTensor } from '../src/tensors/index.js';

export const HEADS = 4;
export const HEAD_DIM = 64;
export const QUERY_TAPS = 6;
export const KEY_TAPS = 11;

/** What a form of Multi-Token Attention does beside plain attention: nothing, and it is plain causal attention. */
export interface Form {
  readonly preConvolution?: true;
  readonly preMixing?: true;
  readonly postConvolution?: true;
  readonly postMixing?: true;
  /** The norm of each head's output and the gate behind it. */
  readonly normAndGate?: true;
}

export interface WorkloadName {
  readonly name: string;
  /** What it computes, for people. */
  readonly title: string;
  readonly form: Form;
  /** Heads and features of each, where they are not those of most. */
  readonly heads?: number;
  readonly headDim?: number;
  /** Rows of output, where they are not all; queries are those rows and the history above them. */
  readonly rows?: number;
  /** Whether the gradients of all inputs are computed, forward and backward, for an incoming gradient of the output. */
  readonly isGradient?: true;
}

export const workloadNames: readonly WorkloadName[] = [
  {
    name: 'convolution',
    title: 'Multi-Token Attention, convolution before the softmax',
    form: { preConvolution: true },
  },
  {
    name: 'convolution-and-mixing',
    title: 'Multi-Token Attention, convolution and head mixing before the softmax',
    form: { preConvolution: true, preMixing: true },
  },
  {
    name: 'convolution-behind',
    title: 'Multi-Token Attention, convolution behind the softmax',
    form: { postConvolution: true },
  },
  {
    name: 'mixing-behind',
    title: 'Multi-Token Attention, head mixing behind the softmax',
    form: { postMixing: true },
  },
  {
    name: 'layer',
    title: 'Multi-Token Attention, the full layer: convolution and mixing on both sides of the softmax, norm and gate',
    form: { preConvolution: true, preMixing: true, postConvolution: true, postMixing: true, normAndGate: true },
  },
  {
    name: 'gradient',
    title: 'Multi-Token Attention, convolution before the softmax, forward and backward',
    form: { preConvolution: true },
    isGradient: true,
  },
  {
    name: 'decode',
    title: 'Multi-Token Attention, convolution before the softmax, one row of output',
    form: { preConvolution: true },
    rows: 1,
  },
  ...[64, 128].flatMap((headDim): WorkloadName[] => {
    const plain = { form: {}, heads: 8, headDim };
    const sizes = `plain causal attention, 8 heads of ${headDim}`;
    return [
      { ...plain, name: `plain-${headDim}`, title: sizes },
      {
        ...plain,
        name: `plain-decode-${headDim}`,
        title: `${sizes}, one row of output`,
        rows: 1,
      },
    ];
  }),
];

export type BenchDtype = 'f32' | 'f16';

/** A launcher that the compiler has emitted: where its module is, and what of it to call. */
export interface LauncherFile {
  /** An address to import. */
  readonly module: string;
  readonly factory: string;
  /** Schedule and tiles. */
  readonly detail: string;
}

/** The ways in which Heddle computes a workload: what it chooses, and what it is compared with. */
export type LauncherKind = 'chosen' | 'materialised' | 'granted';

/** A workload, compiled. */
export interface Workload extends WorkloadName {
  readonly heads: number;
  readonly headDim: number;
  readonly dtype: BenchDtype;
  /** How many rows above those of the output queries are given for. */
  readonly history: number;
  /** What is computed, as a graph: that of the gradients where they are asked for. */
  readonly computed: Graph;
  /** One launcher, or the two of a step of training, of each kind that serves. */
  readonly launchers: Readonly<Partial<Record<LauncherKind, readonly LauncherFile[]>>>;
}

/** A workload as it crosses to other processes and to browsers. */
export interface PackedWorkload extends Omit<Workload, 'computed'> {
  readonly computed: GraphJson;
}

const isPlain = ({ form }: WorkloadName): boolean => Object.keys(form).length === 0;

/** Whether it is what hand-written kernels of attention compute. */
export const isPlainAttention = (workload: WorkloadName): boolean => isPlain(workload) && !workload.isGradient;

/** Lengths to measure at where none are asked for: of a step of decoding, numbers of keys. */
export interface Lengths {
  readonly lengths?: readonly number[];
  readonly keys?: readonly number[];
}

export function lengthsOf(workload: WorkloadName, { lengths, keys }: Lengths): readonly number[] {
  if (workload.rows !== undefined) return keys ?? [1024, 4096];
  return lengths ?? (isPlainAttention(workload) ? [256, 512, 1024, 2048] : [256, 512]);
}

export interface Sizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
}

export function sizesOf({ history, rows }: Pick<Workload, 'history' | 'rows'>, length: number): Sizes {
  const queries = rows === undefined ? length : Math.min(length, rows + history);
  return { batch: 1, queries, keys: length, rows: rows ?? length };
}

export function inputsOf(workload: Workload, length: number): Map<string, HostTensor> {
  const { batch, queries, keys } = sizesOf(workload, length);
  return randomInputs(workload.computed, { batch, queries, keys }, 1, workload.dtype);
}
