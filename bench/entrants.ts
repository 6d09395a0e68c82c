// Who takes part in a workload of the benchmark, and whether it computes the very same.
// The first is whom all are compared with.
import type { Contender } from './contender.js';
import { heddleContender } from './heddle-contender.js';
import { jaxContender } from './jax-contender.js';
import { onnxContender } from './onnx-contender.js';
import type { SharedDevice } from './shared-device.js';
import { isPlainAttention, type LauncherKind, type Workload } from './workloads.js';

export interface Entrant {
  readonly contender: Contender;
  /** Whether it computes the very same: its output is compared. */
  readonly isSame: boolean;
}

interface Entry extends Entrant {
  /** The workloads that it takes part in: all, unless told. */
  readonly serves?: (workload: Workload, length: number) => boolean;
}

/** Who takes part, by length: contenders keep what they have compiled for one length for the next. */
export function entrantsOn(shared: SharedDevice, workload: Workload): (length: number) => readonly Entrant[] {
  const entries = [...heddleOn(shared), ...peersOn(shared)];
  return (length) => entries.filter(({ serves = () => true }) => serves(workload, length));
}

/**
 * The longest plain attention of which software devices compute whole matrices of scores: they take minutes and hundreds of MiB to say what
 * shorter ones say.
 */
const LONGEST_MATRIX = 512;
const takesMatrices =
  ({ adapter }: SharedDevice) =>
  (workload: Workload, length: number): boolean =>
    !adapter.isFallbackAdapter ||
    !isPlainAttention(workload) ||
    workload.rows !== undefined ||
    length <= LONGEST_MATRIX;

const heddleOn = (shared: SharedDevice): readonly Entry[] => {
  const { device } = shared;
  const isEmitted =
    (kind: LauncherKind) =>
    ({ launchers }: Workload): boolean =>
      launchers[kind] !== undefined;
  return [
    {
      isSame: true,
      contender: heddleContender(device, {
        name: 'heddle',
        what: 'the schedule that Heddle chooses',
        launchers: 'chosen',
      }),
    },
    {
      isSame: true,
      contender: heddleContender(device, {
        name: 'heddle, materialised',
        what: 'the same spec with whole matrices of scores between kernels',
        launchers: 'materialised',
      }),
      serves: (workload, length) => isEmitted('materialised')(workload) && takesMatrices(shared)(workload, length),
    },
    {
      isSame: true,
      contender: heddleContender(device, {
        name: 'heddle, device limits',
        what: 'tiles fitted to what this device grants',
        launchers: 'granted',
      }),
      serves: isEmitted('granted'),
    },
  ];
};

const peersOn = (shared: SharedDevice): readonly Entry[] => {
  const { device, jaxIsHere } = shared;
  return [
    { isSame: true, contender: onnxContender(device), serves: isPlainAttention },
    {
      isSame: true,
      contender: jaxContender({
        name: 'jax-js',
        what: 'jax-js, eagerly: matmul, where, convGeneralDilated, matmul over heads, softmax and so on',
        jitted: false,
        masked: true,
      }),
      // Its jit is the faster one, and what is compared where hand-written kernels are.
      serves: (workload) => jaxIsHere && !isPlainAttention(workload),
    },
    {
      isSame: true,
      contender: jaxContender({ name: 'jax-js jit', what: 'jax-js under its jit', jitted: true, masked: true }),
      serves: (workload, length) => jaxIsHere && takesMatrices(shared)(workload, length),
    },
    {
      isSame: false,
      contender: jaxContender({
        name: 'jax-js without masks',
        what: 'jax-js eagerly, both masks left out: it computes less',
        jitted: false,
        masked: false,
      }),
      serves: (workload) => jaxIsHere && !isPlainAttention(workload),
    },
  ];
};
