// A record of a study that never ran: twenty variants with times, failures, holes and texts that try to leave their place.
// Numbers come from a seed, so that a page made of it is the same each time.
import { Random } from '../../src/tensors/index.js';
import type {
  KernelWork,
  StudyRecord,
  StudyShape,
  TargetKernels,
  Timing,
  VariantCheck,
  VariantRecord,
} from '../../studies/record/study.js';
import type { TrainingRecord, TrainingRun, TrainingVariant } from '../../studies/record/training.js';

/** Text that would be markup, script or an end of script where it is not escaped. */
export const HOSTILE = '</script><img src=x onerror="window.broken = 1">&<!--\u2028\u0000';

const shapes: readonly StudyShape[] = [64, 128, 256, 512].map((keys) => ({ batch: 1, queries: keys, keys }));

const names = [
  'plain',
  'convolution before',
  'convolution after',
  'both convolutions',
  'mixing before',
  'mixing after',
  'group norm',
  'depth scale',
  'gate',
  'kernel 4 × 9',
  'kernel 6 × 11',
  'kernel 8 × 13',
  'from the identity',
  'from constant 0.3',
  'from uniform',
  'from normal',
  'the same kernel',
  'does not compile',
  'fails on the device',
  HOSTILE,
] as const;

/** How long each takes, in the base's time. */
const factors = [1, 1.4, 1.7, 2.2, 1.2, 1.3, 1.03, 1.0, 1.05, 1.3, 1.4, 1.8, 1.4, 1.4, 1.41, 1.39, 1, 1, 1, 0.8];

const isBroken = (name: string): boolean => name === 'does not compile';
const isFailing = (name: string): boolean => name === 'fails on the device';

/** Six seeds at two learning rates for a few variants: some solve the task, one diverges, one is unfinished. */
function trainingOf(chosen: readonly string[], random: Random): TrainingRecord {
  const trained = chosen.slice(0, 6);
  const run = (name: string, rate: number, seed: number): TrainingRun => {
    const isSolving = name !== 'plain' && (seed !== 3 || rate === 1) && random.uniform() < 0.9;
    const curve = Array.from({ length: 30 }, (_, n) => ({
      step: 50 * n,
      metric: isSolving ? 0.9 / (1 + Math.exp((n - 10 - seed) / 2)) + 0.02 : 0.9 - 0.006 * n,
      loss: 2 - n / 30,
    }));
    const isOpen = name === 'both convolutions' && seed === 5;
    return {
      folder: `${name}/${rate}/${seed}`,
      seed,
      state: isOpen ? 'unfinished' : 'finished',
      curve: isOpen ? curve.slice(0, 15) : curve,
      test: isOpen ? null : isSolving ? 0.02 + 0.01 * random.uniform() : 0.7 + 0.05 * random.uniform(),
      stepsToSolve: isSolving ? 50 * (14 + seed) : null,
      seconds: 200,
      device: 'cpu',
    };
  };
  const variants = trained.map(
    (name, index): TrainingVariant => ({
      name,
      parameters: { attention: 40 + index, model: 100_000 },
      best: 1,
      rates: [0.001, 0.002].map((learningRate, n) => {
        const runs = Array.from({ length: 6 }, (_, seed) => run(name, n, seed));
        const finished = runs.filter(({ state }) => state === 'finished');
        return {
          learningRate,
          runs,
          solved: { runs: finished.filter(({ test }) => test! < 0.05).length, of: finished.length },
          medianStepsToSolve: 800,
          meanValidation: 0.3 - 0.1 * n,
        };
      }),
    }),
  );
  return {
    faults: [{ file: 'plain/0.001/7/log.jsonl', line: 3, problem: 'the line is cut short' }],
    tasks: [
      {
        task: 'motivating',
        settings: { blocks: 8, letters: 5, layers: 2 },
        metric: { name: 'error', solvedAt: 0.05 },
        base: 'plain',
        variants,
        comparisons: trained.slice(1).map((variant, n) => ({
          variant,
          learningRates: [0.002, 0.002],
          seeds: [0, 1, 2, 3, 4, 5],
          differences: [-0.7, -0.68, -0.66, n % 2 === 0 ? -0.7 : 0.02, -0.71, -0.65],
          mean: -0.6,
          interval: n === 3 ? null : [-0.71, n % 2 === 0 ? -0.65 : -0.1],
          p: 0.03,
          adjustedP: n % 2 === 0 ? 0.04 : 0.2,
          verdict: n % 2 === 0 ? 'better' : 'undecided',
          reason: n % 2 === 0 ? null : 'a difference like this comes by chance too often',
          seedsNeeded: 8,
        })),
      },
    ],
  };
}

export function studyRecord(count: number = names.length, rounds = 20): StudyRecord {
  const random = new Random(7);
  const chosen = names.slice(0, count);
  return {
    format: 1,
    name: 'mtaAblations',
    asked: {
      command: 'heddle ablate examples/studies/mta-ablations.ts --device webgpu --device wgpu --backward',
      file: 'examples/studies/mta-ablations.ts',
      targets: ['wgsl'],
      backward: false,
      rounds,
      seed: 1,
      margin: 0.03,
    },
    ran: {
      date: '2026-11-30T03:00:00.000Z',
      versions: { heddle: '0.1.0', node: '20.20.2' },
      machine: { system: 'linux x64', processor: 'a processor & more', cores: 2 },
    },
    base: 'plain',
    shapes,
    devices: [
      { name: 'interpreter', kind: 'reference', detail: 'float64', precision: 'f64' },
      { name: 'webgpu', kind: 'software', detail: 'SwiftShader', precision: 'f32' },
      {
        name: 'wgpu',
        kind: 'software',
        detail: '',
        precision: 'f16',
        missing: 'there is no Vulkan driver on this machine',
      },
    ],
    variants: chosen.map((name, n) => variantOf(name, n)),
    timings: shapes.map((_, shape) => timingOf(chosen, shape, rounds, random.fork(`shape ${shape}`))),
    training: trainingOf(chosen, random.fork('training')),
  };
}

function variantOf(name: string, n: number): VariantRecord {
  const broken = isBroken(name);
  return {
    name,
    spec: {
      name: n % 5 === 4 ? 'talkingHeads' : 'mta',
      file: 'examples/mta.ts',
      line: 12,
      formula: 'softmax(conv(S)) · v',
      paper: 'arXiv:2504.00927v2',
      source: `// ${n % 5 === 4 ? 'talking heads' : 'mta'} ${HOSTILE}\nexport const mta = attention({ heads: 4 }, () => out);\n`,
    },
    settings: { heads: 4, headDim: 16, rows: 2 + (n % 4), columns: 5 + (n % 3), norm: n === 6 ? 'rms' : 'none' },
    ...(n === 9
      ? { matched: { by: 'parameters', setting: 'headDim', chosen: 15, wanted: 4096, reached: 4090 } as const }
      : {}),
    fingerprint: name === 'the same kernel' ? 'fingerprint 0' : `fingerprint ${n}`,
    failures: broken
      ? [{ stage: 'compile', code: 'HD2107', message: `no such setting ${HOSTILE}` }]
      : isFailing(name)
        ? [{ stage: 'check webgpu', message: 'the device was lost' }]
        : [],
    ...(broken
      ? {}
      : {
          graph: {
            history: n % 6,
            headsTogether: n % 5 === 4 ? 4 : 1,
            parameters: [{ name: 'theta', shape: [4, 2, 5], count: 40 + n }],
            parameterCount: 40 + n,
            costs: shapes.map(({ keys }) => ({
              operations: keys * keys * (200 + 20 * n),
              products: keys * keys * 128,
              compulsoryBytes: keys * 512,
              materialisedBytes: keys * keys * 8,
            })),
          },
        }),
    kernels: broken ? [] : [kernelsOf(n)],
    checks: broken || isFailing(name) ? [] : [checkOf(n)],
  };
}

function kernelsOf(n: number): TargetKernels {
  return {
    target: 'wgsl',
    pass: 'forward',
    schedule: n % 3 === 0 ? 'online, 32 × 32' : 'slab, 16 × 32',
    reason: 'one pass is enough',
    kernels: Array.from({ length: 1 + (n % 3) }, (_, each) => ({
      name: `kernel_${each}`,
      threads: 64,
      workgroupBytes: 4096 + 512 * n,
      ...(n % 2 === 0 ? { registers: 40 + n, spillBytes: n === 4 ? 128 : 0 } : {}),
      measured: n % 4 === 0,
    })),
    textBytes: 20_000,
    work: shapes.map(
      ({ keys }): KernelWork => ({
        operations: keys * keys * 220,
        bytesMoved: keys * (700 + 50 * n),
        launches: 1 + (n % 3),
        workspaceBytes: n % 3 === 0 ? 0 : keys * 4096,
      }),
    ),
  };
}

const checkOf = (n: number): VariantCheck => ({
  device: 'webgpu',
  pass: 'forward',
  passed: n !== 11,
  error: 1e-7 * (1 + n),
  bound: 1e-5,
  cases: 8,
  probes: 24,
  problems: n === 11 ? ['output [0, 1, 3, 2] moved, and cannot depend on k [0, 1, 5, 0]'] : [],
});

function timingOf(chosen: readonly string[], shape: number, rounds: number, random: Random): Timing {
  const unit = 0.4 * 3.4 ** shape;
  const drift = Array.from({ length: rounds }, () => 1 + 0.2 * random.uniform());
  const times = (name: string, factor: number): readonly (number | null)[] =>
    drift.map((each, round) =>
      name === 'gate' && round === 3 ? null : unit * factor * each * (1 + 0.02 * random.normal()),
    );
  const entrants = chosen
    .map((variant, n) => ({ variant, milliseconds: times(variant, factors[n]!) }))
    .filter(({ variant }) => !isBroken(variant) && !isFailing(variant));
  return {
    device: 'webgpu',
    pass: 'forward',
    shape,
    entrants: [...entrants, { variant: 'plain', again: true, milliseconds: times('plain', 1) }],
  };
}
