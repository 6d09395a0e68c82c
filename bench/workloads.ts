// What the benchmark computes: specs of examples/, and their inputs at a length. Each contender computes the same.
// Inputs are drawn from a seed, so that every run measures the same numbers.
import { join } from 'node:path';
import { loadSpec } from '../driver/specs.js';
import { gradientGraph } from '../src/autodiff/index.js';
import { randomInputs } from '../src/checking/index.js';
import { type Graph, history } from '../src/ir/index.js';
import { optimise } from '../src/passes/index.js';
import type { HostTensor } from '../src/tensors/index.js';

export const HEADS = 4;
export const HEAD_DIM = 64;
export const QUERY_TAPS = 6;
export const KEY_TAPS = 11;

/** What a form of Multi-Token Attention does beside plain attention: nothing, and it is plain causal attention. */
interface Form {
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
  /** The lengths to measure at, where they are not those that are asked for. */
  readonly lengths?: readonly number[];
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
    lengths: [4096],
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
        lengths: [1024, 4096],
      },
    ];
  }),
];

export interface Workload extends WorkloadName {
  readonly heads: number;
  readonly headDim: number;
  readonly graph: Graph;
  readonly optimised: Graph;
  /** What is computed, as a graph: that of the gradients where they are asked for. */
  readonly computed: Graph;
}

/** Loads the spec as a user would, from its file. */
export async function workloadOf(name: WorkloadName): Promise<Workload> {
  const { preConvolution, preMixing, postConvolution, postMixing, normAndGate } = name.form;
  const { heads = HEADS, headDim = HEAD_DIM } = name;
  const settings = {
    heads,
    headDim,
    preQueryKernel: preConvolution ? QUERY_TAPS : 0,
    preKeyKernel: preConvolution ? KEY_TAPS : 0,
    preMix: preMixing ? heads : 0,
    postQueryKernel: postConvolution ? QUERY_TAPS : 0,
    postKeyKernel: postConvolution ? KEY_TAPS : 0,
    postMix: postMixing ? heads : 0,
    norm: normAndGate ? 'rms' : 'none',
    gate: normAndGate ? 'scalar' : 'none',
  };
  const { graph } = await loadSpec(join('examples', 'mta.ts'), { settings });
  const ofOutput = { ...graph, outputs: graph.outputs.filter((each) => each.name === 'out') };
  const computed = name.isGradient ? gradientGraph(ofOutput) : graph;
  return { ...name, heads, headDim, graph: name.isGradient ? ofOutput : graph, optimised: optimise(graph), computed };
}

export interface Sizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
}

export function sizesOf({ graph, rows }: Workload, length: number): Sizes {
  const queries = rows === undefined ? length : Math.min(length, rows + history(graph));
  return { batch: 1, queries, keys: length, rows: rows ?? length };
}

export function inputsOf(workload: Workload, length: number): Map<string, HostTensor> {
  const { batch, queries, keys } = sizesOf(workload, length);
  return randomInputs(workload.computed, { batch, queries, keys }, 1, 'f32');
}
