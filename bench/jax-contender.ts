// jax-js as a contender: an array library with WebGPU kernels of its own, here computing the same workload, masks included.
// Eagerly, which launches a kernel for each operation, and under its jit, which fuses what is pointwise.
import { grad, type Array as JaxArray, jit, lax, nn, numpy as np } from '@jax-js/jax';
import type { HostTensor } from '../src/tensors/index.js';
import type { Contender, Prepared } from './contender.js';
import { type BenchDtype, KEY_TAPS, QUERY_TAPS, sizesOf, type Workload } from './workloads.js';

type Computation = (...inputs: JaxArray[]) => JaxArray | JaxArray[];

export function jaxContender({ name, what, jitted, masked }: JaxOptions): Contender {
  return {
    name,
    what,
    prepare: async (workload, length, inputs): Promise<Prepared> => {
      const { compute, names } = computationOf(workload, length, masked);
      const call = jitted ? (jit(compute) as Computation) : compute;
      const arrays = names.map((each) => arrayOf(inputs.get(each)!, workload.dtype));
      // It computes when somebody waits for a result: each is asked for at once, and waited for later.
      let under: Promise<unknown>[] = [];
      let outputs: JaxArray[] = [];
      return {
        call: () => {
          for (const each of outputs) each.dispose();
          // Each use of an array consumes a reference to it.
          const given = call(...arrays.map((each) => each.ref));
          outputs = Array.isArray(given) ? given : [given as JaxArray];
          under.push(...outputs.map((each) => waited(each)));
        },
        submitted: async () => {
          const all = under;
          under = [];
          await Promise.all(all);
        },
        outputs: () => Promise.all(outputs.map((each) => each.ref.data())),
        release: () => {
          for (const each of outputs) each.dispose();
          for (const each of arrays) each.dispose();
        },
      };
    },
  };
}

/** Waits for a result that its caller may let go meanwhile. */
async function waited(array: JaxArray): Promise<void> {
  const { ref } = array;
  try {
    await ref.blockUntilReady();
  } finally {
    ref.dispose();
  }
}

interface JaxOptions {
  readonly name: string;
  readonly what: string;
  readonly jitted: boolean;
  /** Without its masks it computes something else, and less: every key is visible. */
  readonly masked: boolean;
}

const QUERY_HISTORY = QUERY_TAPS - 1;
const KEY_REACH = (KEY_TAPS - 1) / 2;
const EPSILON = 1e-5;
/** What hides a key: with −Infinity the library's jit gives NaN. Every row sees a key, so that the result is the same. */
const LOWEST: Readonly<Record<BenchDtype, number>> = { f32: -1e30, f16: -1e4 };

/** The workload in the library's own functions, and the inputs that it takes, in order. */
function computationOf(
  workload: Workload,
  length: number,
  masked: boolean,
): { readonly names: readonly string[]; readonly compute: Computation } {
  const { form, heads, headDim, dtype } = workload;
  const { queries, rows } = sizesOf(workload, length);
  const visible = (scores: JaxArray, hidden: number): JaxArray => {
    if (!masked) return scores;
    const count = scores.shape.at(-2)!;
    return np.where(np.tri(count, length, length - count, { dtype: np.bool }), scores, hidden);
  };
  // Rows above, and keys on both sides.
  const padding: [number, number][] = [
    [QUERY_HISTORY, 0],
    [KEY_REACH, KEY_REACH],
  ];
  const convolved = (scores: JaxArray, theta: JaxArray): JaxArray => {
    const kernels = theta.reshape([heads, 1, QUERY_TAPS, KEY_TAPS]);
    return lax.convGeneralDilated(scores, kernels, [1, 1], padding, { featureGroupCount: heads });
  };
  const mixed = (scores: JaxArray, mix: JaxArray): JaxArray => {
    const { shape } = scores;
    const flat = scores.reshape([heads, shape.at(-2)! * length]);
    return np.matmul(mix.reshape([heads, heads]), flat).reshape([...shape]);
  };
  /** Only the rows of the output are wanted; those above served the convolution. */
  const wantedRows = (scores: JaxArray): JaxArray =>
    rows === queries ? scores : scores.slice([], [], [queries - rows, queries], []);
  const normed = (o: JaxArray, gain: JaxArray): JaxArray => {
    const size = np.sqrt(np.mean(np.square(o.ref), -1, { keepdims: true }).add(EPSILON));
    return o.div(size).mul(gain);
  };
  const gated = (o: JaxArray, weight: JaxArray, bias: JaxArray): JaxArray => {
    const logits = np.matmul(o.ref, weight.reshape([headDim, 1])).add(bias);
    return o.mul(nn.sigmoid(logits));
  };

  const names = [
    'q',
    'k',
    'v',
    ...(form.preConvolution ? ['theta_pre'] : []),
    ...(form.preMixing ? ['mix_pre'] : []),
    ...(form.postConvolution ? ['theta_post'] : []),
    ...(form.postMixing ? ['mix_post'] : []),
    ...(form.normAndGate ? ['gain', 'gate_weight', 'gate_bias'] : []),
  ];
  const compute = (...given: readonly JaxArray[]): JaxArray => {
    const input = (name: string): JaxArray => given[names.indexOf(name)]!;
    let scores = np.matmul(input('q'), np.matrixTranspose(input('k'))).mul(1 / Math.sqrt(headDim));
    if (form.preConvolution) scores = convolved(visible(scores, 0), input('theta_pre'));
    scores = wantedRows(scores);
    if (form.preMixing) scores = mixed(scores, input('mix_pre'));
    let weights = nn.softmax(visible(scores, LOWEST[dtype]), -1);
    if (form.postConvolution) weights = visible(convolved(weights, input('theta_post')), 0);
    if (form.postMixing) weights = mixed(weights, input('mix_post'));
    const output = np.matmul(weights, input('v'));
    if (!form.normAndGate) return output;
    return gated(normed(output, input('gain')), input('gate_weight'), input('gate_bias'));
  };
  if (!workload.isGradient) return { names, compute };
  const loss = (...given: readonly JaxArray[]): JaxArray =>
    compute(...given)
      .mul(given[names.length]!)
      .sum();
  const gradients = grad(loss as (...given: JaxArray[]) => JaxArray, { argnums: names.map((_, n) => n) });
  return { names: [...names, 'grad_out'], compute: gradients as unknown as Computation };
}

function arrayOf({ shape, data }: HostTensor, dtype: BenchDtype): JaxArray {
  const array = np.array(Float32Array.from(data)).reshape([...shape]) as JaxArray;
  return dtype === 'f16' ? array.astype(np.float16) : array;
}
