// Who takes part in a workload of the benchmark, and whether it computes the very same.
// The first is whom all are compared with.
import type { Contender } from './contender.js';
import { heddleContender } from './heddle-contender.js';
import { jaxContender } from './jax-contender.js';
import { onnxContender } from './onnx-contender.js';
import type { Workload } from './workloads.js';

export interface Entrant {
  readonly contender: Contender;
  /** Whether it computes the very same: its output is compared. */
  readonly isSame: boolean;
}

interface Entry extends Entrant {
  /** The workloads that it takes part in: all, unless told. */
  readonly serves?: (workload: Workload) => boolean;
}

export function entrantsOn(device: GPUDevice, workload: Workload): readonly Entrant[] {
  return entriesOn(device).filter(({ serves = () => true }) => serves(workload));
}

/** Whether it is what hand-written kernels of attention compute. */
const isPlain = ({ form, isGradient }: Workload): boolean => Object.keys(form).length === 0 && !isGradient;

const entriesOn = (device: GPUDevice): readonly Entry[] => [
  {
    isSame: true,
    contender: heddleContender(device, { name: 'heddle', what: 'the schedule that Heddle chooses' }),
  },
  {
    isSame: true,
    contender: heddleContender(device, {
      name: 'heddle, materialised',
      what: 'the same spec with whole matrices of scores between kernels',
      schedule: 'materialised',
    }),
  },
  {
    isSame: true,
    contender: heddleContender(device, {
      name: 'heddle, device limits',
      what: 'tiles fitted to what this device grants',
      limits: 'granted',
    }),
    // Blocks that hold all heads are short of the workgroup memory that every device has.
    serves: ({ form, isGradient }) => Boolean(form.preMixing || form.postMixing || isGradient),
  },
  {
    isSame: true,
    contender: heddleContender(device, {
      name: 'heddle, decode',
      what: 'the same spec with keys split among blocks',
      schedule: 'decode',
    }),
    // A single row of output is one block a head, unless the keys are split among blocks.
    serves: ({ rows }) => rows !== undefined,
  },
  { isSame: true, contender: onnxContender(device), serves: isPlain },
  {
    isSame: true,
    contender: jaxContender({
      name: 'jax-js',
      what: 'jax-js, eagerly: matmul, where, convGeneralDilated, matmul over heads, softmax and so on',
      jitted: false,
      masked: true,
    }),
  },
  {
    isSame: true,
    contender: jaxContender({ name: 'jax-js jit', what: 'the same under jit', jitted: true, masked: true }),
  },
  {
    isSame: false,
    contender: jaxContender({
      name: 'jax-js without masks',
      what: 'jax-js eagerly, both masks left out: it computes less',
      jitted: false,
      masked: false,
    }),
  },
];
