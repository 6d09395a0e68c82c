// What the suite for CUDA machines holds: every example, small, and the named ones in the sizes that are timed.
// A variant is a spec with settings and a dtype; it is compiled in each form that the target has.

import type { ScheduleKind } from '../../codegen/schedule/recipes/kinds.js';
import { type Architecture, architectures } from '../../targets/cuda/index.js';
import { exampleCases } from '../../test/support/examples.js';

export type Settings = Readonly<Record<string, number | string | boolean>>;

export interface Variant {
  readonly name: string;
  /** The spec of examples/, by the name of its export. */
  readonly example: string;
  readonly settings: Settings;
  readonly dtype: 'f32' | 'bf16';
  readonly schedule?: ScheduleKind;
  /** What is timed under this name, for named variants. */
  readonly workload?: string;
}

/** Kernels for every device from sm_80 on, and those for one architecture alone as far as the target has them. */
export const forms: readonly Architecture[] = (Object.keys(architectures) as Architecture[]).filter(
  (name) => name === 'sm_80' || name.endsWith('a'),
);

/** Lengths that gradients' operations are counted at: those that are timed, and that of a dry run. */
export const countedLengths = [24, 2048, 8192, 16384] as const;
/** Batch entries of what is timed. */
export const TIMED_BATCH = 2;

/** Whether a variant has gradients in the folder: decoding is no part of training. */
export const isTrained = ({ workload }: Variant): boolean => workload === undefined || !workload.endsWith('decode');

export const headDims = [64, 96, 128] as const;
/** Heads of named variants, unless told. */
export const HEADS = 16;

/** Examples at small settings; heads of 16 features make rows of whole chunks, as tensor cores want them. */
export const smallVariants: readonly Variant[] = exampleCases.flatMap(({ name, settings }) =>
  (['f32', 'bf16'] as const).map((dtype): Variant => {
    const wider = dtype === 'bf16' && 'headDim' in settings ? { headDim: 16 } : {};
    return { name: `${name}-${dtype}`, example: name, settings: { ...settings, ...wider }, dtype };
  }),
);

/** The parts of examples/mta.ts that come behind the convolution of scores, left out. */
const convolutionAlone = { preMix: 0, postQueryKernel: 0, postMix: 0, norm: 'none', gate: 'none' } as const;

/**
 * Plain attention and the convolution at their largest head size: the variants that are profiled, and looked at by the sanitizer,
 * in programs without PyTorch.
 */
export function mainVariants(variants: readonly Variant[]): ReadonlySet<Variant> {
  const largest = (workload: string): readonly Variant[] =>
    variants
      .filter((each) => each.workload === workload)
      .sort((one, other) => Number(other.settings['headDim']) - Number(one.settings['headDim']))
      .slice(0, 1);
  return new Set([...largest('causal'), ...largest('mta')]);
}

/** The variants that are timed, of so many heads: 16, but for a dry run, where each takes seconds. */
export const namedVariantsOf = (count: number): readonly Variant[] =>
  headDims.flatMap((headDim): Variant[] => {
    const heads = { heads: count, headDim };
    const shared = { ...heads, kvHeads: count };
    const dtype = 'bf16';
    return [
      { name: `causal-${headDim}`, workload: 'causal', example: 'causal', settings: heads, dtype },
      { name: `mta-${headDim}`, workload: 'mta', example: 'mta', settings: { ...heads, ...convolutionAlone }, dtype },
      { name: `mta-all-${headDim}`, workload: 'mta-all', example: 'mta', settings: heads, dtype },
      {
        name: `window-${headDim}`,
        workload: 'window',
        example: 'slidingWindow',
        settings: { ...shared, window: 1024 },
        dtype,
      },
      {
        name: `decode-${headDim}`,
        workload: 'decode',
        example: 'causal',
        settings: heads,
        dtype,
        schedule: 'decode',
      },
      {
        name: `mta-decode-${headDim}`,
        workload: 'mta-decode',
        example: 'decode',
        settings: shared,
        dtype,
        schedule: 'decode',
      },
    ];
  });

export const namedVariants: readonly Variant[] = namedVariantsOf(HEADS);
