// The rows of a study's table as data: one a variant, a cell for each column, relative to the base that is chosen.
// The document is written from it, the page sorts by it, and charts take their numbers from the same rows.
import {
  type CompareOptions,
  type Comparison,
  type Comparisons,
  compare,
  median,
} from '../../studies/record/statistics.js';
import type {
  KernelWork,
  StudyRecord,
  TargetKernels,
  Timing,
  VariantCheck,
  VariantRecord,
} from '../../studies/record/study.js';
import { digits, HOLE, milliseconds, percent, ratioText, scientific, whole, withPrefix } from './numbers.js';
import { type Measurement, measurementsOf, type Selection, timingOf } from './selection.js';

export type Tone = 'faster' | 'slower' | 'same' | 'undecided' | 'good' | 'bad' | 'hole';

export interface Cell {
  readonly text: string;
  /** What rows are ordered by; a hole comes last. */
  readonly order: number | string | undefined;
  readonly tone?: Tone;
  /** The number in full or why there is none, for those who hover and for downloads. */
  readonly detail?: string;
}

export interface Column {
  readonly id: string;
  readonly title: string;
  /** What it says, in a sentence. */
  readonly meaning: string;
  readonly group: 'variant' | 'time' | 'correctness' | 'cost' | 'kernels';
  readonly isNumber: boolean;
  readonly cell: (row: RowContext) => Cell;
}

export interface Row {
  readonly variant: VariantRecord;
  readonly comparison: Comparison | undefined;
  readonly cells: ReadonlyMap<string, Cell>;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** Undefined where nothing was timed. */
  readonly comparisons: Comparisons | undefined;
}

interface RowContext {
  readonly variant: VariantRecord;
  readonly base: VariantRecord | undefined;
  readonly measurement: Measurement | undefined;
  readonly comparison: Comparison | undefined;
  /** Median time in milliseconds at the measurement. */
  readonly time: number | undefined;
  readonly different: string;
}

/** The target whose kernels a device runs; the interpreter runs none. */
const targetOfDevice: Readonly<Record<string, string>> = {
  webgpu: 'wgsl',
  wgpu: 'wgsl',
  gpujs: 'gpujs',
  'gpujs-cpu': 'gpujs',
  torch: 'torch',
  'cuda-emulator': 'cuda',
  'cuda-emulator-sm90a': 'cuda',
  cuda: 'cuda',
};

export function rowsOf(record: StudyRecord, selection: Selection): Rows {
  const measurement = measurementsOf(record)[selection.measurement];
  const timing = measurement === undefined ? undefined : timingOf(record, measurement);
  const { seed, margin } = record.asked;
  const fingerprints = new Map(
    record.variants.flatMap(({ name, fingerprint }) => (fingerprint === undefined ? [] : [[name, fingerprint]])),
  );
  const comparisons =
    timing === undefined ? undefined : compared(timing, { base: selection.base, seed, margin, fingerprints });
  const base = record.variants.find(({ name }) => name === selection.base);
  const differing = differingSettings(record.variants);
  const rows = record.variants.map((variant): Row => {
    const comparison = comparisons?.variants.find((each) => each.variant === variant.name);
    const samples = timing?.entrants.find((each) => each.variant === variant.name && each.again !== true);
    const times = (samples?.milliseconds ?? []).filter((time) => time !== null);
    const context: RowContext = {
      variant,
      base,
      measurement,
      comparison,
      time: times.length === 0 ? undefined : median(times),
      different: settingsText(
        variant,
        base === undefined ? differing : differing.filter((name) => isOther(variant, base, name)),
      ),
    };
    return { variant, comparison, cells: new Map(columns.map((column) => [column.id, column.cell(context)])) };
  });
  return { rows: arranged(rows, selection), comparisons };
}

const known = new WeakMap<Timing, Map<string, Comparisons>>();

/** Resampling takes a tenth of a second: what was compared once with a base is remembered. */
function compared(timing: Timing, options: CompareOptions): Comparisons {
  const byBase = known.get(timing) ?? new Map<string, Comparisons>();
  known.set(timing, byBase);
  const found = byBase.get(options.base) ?? compare(timing, options);
  byBase.set(options.base, found);
  return found;
}

function arranged(rows: readonly Row[], { sort, descending, filter }: Selection): readonly Row[] {
  const wanted = filter.trim().toLowerCase();
  const isWanted = ({ variant, cells }: Row): boolean =>
    `${variant.name} ${variant.spec.name} ${cells.get('different')!.text} ${cells.get('verdict')!.text}`
      .toLowerCase()
      .includes(wanted);
  const kept = wanted === '' ? rows : rows.filter(isWanted);
  if (sort === 'study') return descending ? [...kept].reverse() : kept;
  const orderOf = (row: Row) => row.cells.get(sort)?.order;
  return [...kept].sort((one, other) => {
    const [x, y] = [orderOf(one), orderOf(other)];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return descending ? -order : order;
  });
}

// ── Settings ────────────────────────────────────────────────────────────────────────────────────────

/** The names of settings that are not the same in all variants. */
export function differingSettings(variants: readonly VariantRecord[]): readonly string[] {
  const names = [...new Set(variants.flatMap(({ settings }) => Object.keys(settings)))];
  return names.filter((name) => new Set(variants.map(({ settings }) => JSON.stringify(settings[name]) ?? '')).size > 1);
}

const isOther = (variant: VariantRecord, base: VariantRecord, name: string): boolean =>
  JSON.stringify(variant.settings[name]) !== JSON.stringify(base.settings[name]);

export function settingsText({ settings, spec }: VariantRecord, names: readonly string[]): string {
  const own = names.filter((name) => settings[name] !== undefined);
  return [spec.name, ...own.map((name) => `${name} ${settingText(settings[name]!)}`)].join(', ');
}

export const settingText = (value: VariantRecord['settings'][string]): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : String(value);

// ── Columns ─────────────────────────────────────────────────────────────────────────────────────────

const hole = (detail: string): Cell => ({ text: HOLE, order: undefined, tone: 'hole', detail });

function numeric(value: number | undefined, text: (value: number) => string, why: string, base?: number): Cell {
  if (value === undefined || !Number.isFinite(value)) return hole(why);
  const relative = base === undefined || base === 0 ? '' : `, ${ratioText(value / base)} × the base`;
  return { text: text(value), order: value, detail: `${value}${relative}` };
}

const failureOf = ({ failures }: VariantRecord, ...stages: readonly string[]): string | undefined =>
  failures.find(({ stage }) => stages.some((each) => stage.startsWith(each)))?.message;

function checkOf({ checks }: VariantRecord, measurement: Measurement | undefined): VariantCheck | undefined {
  return checks.find(({ device, pass }) => device === measurement?.device && pass === measurement.pass);
}

export function kernelsOf({ kernels }: VariantRecord, measurement: Measurement | undefined): TargetKernels | undefined {
  const target = measurement === undefined ? undefined : targetOfDevice[measurement.device];
  const own = kernels.find((each) => each.target === target && each.pass === measurement?.pass);
  // A device of no target, as the interpreter: the first target's kernels say what the variant costs.
  return own ?? (target === undefined ? kernels[0] : undefined);
}

const workOf = (variant: VariantRecord, measurement: Measurement | undefined): KernelWork | undefined =>
  kernelsOf(variant, measurement)?.work[measurement?.shape ?? 0];

const largest = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

const total = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
};

const toneOfVerdict = { faster: 'faster', slower: 'slower', 'the same': 'same', undecided: 'undecided' } as const;

/** A column of a number that each variant has or has not. */
function amount(
  column: Pick<Column, 'id' | 'title' | 'meaning' | 'group'>,
  value: (variant: VariantRecord, measurement: Measurement | undefined) => number | undefined,
  text: (value: number) => string,
): Column {
  return {
    ...column,
    isNumber: true,
    cell: ({ variant, base, measurement }) => {
      const refused = kernelsOf(variant, measurement)?.refused;
      const why = failureOf(variant, 'compile', 'target') ?? refused ?? 'not known for this device';
      const ofBase = base === undefined ? undefined : value(base, measurement);
      return numeric(value(variant, measurement), text, why, ofBase);
    },
  };
}

export const columns: readonly Column[] = [
  {
    id: 'name',
    title: 'Variant',
    meaning: 'The name in the study. The base is marked.',
    group: 'variant',
    isNumber: false,
    cell: ({ variant }) => ({ text: variant.name, order: variant.name }),
  },
  {
    id: 'different',
    title: 'Spec and what differs',
    meaning: 'The spec, and the settings that are not as in the base.',
    group: 'variant',
    isNumber: false,
    cell: ({ different, variant: { matched } }) => ({
      text: different,
      order: different,
      ...(matched === undefined
        ? {}
        : {
            detail: `${matched.setting} ${matched.chosen} was chosen to match ${matched.by}: ${whole(matched.reached)} of ${whole(matched.wanted)}`,
          }),
    }),
  },
  {
    id: 'ratio',
    title: 'Time ÷ base',
    meaning: 'Median over rounds of the time divided by that of the base in the same round.',
    group: 'time',
    isNumber: true,
    cell: ({ comparison, variant }) =>
      comparison?.ratio === undefined
        ? hole(failureOf(variant, 'time', 'target', 'compile') ?? comparison?.because ?? 'not timed')
        : { text: ratioText(comparison.ratio.median), order: comparison.ratio.median },
  },
  {
    id: 'interval',
    title: '95 % interval',
    meaning: 'Of that median: percentile bootstrap of 2000 samples of rounds, no narrower than order statistics allow.',
    group: 'time',
    isNumber: true,
    cell: ({ comparison }) =>
      comparison?.ratio === undefined || comparison.because === 'the base'
        ? hole(comparison?.because ?? 'not timed')
        : {
            text: `${ratioText(comparison.ratio.low)} – ${ratioText(comparison.ratio.high)}`,
            order: comparison.ratio.high - comparison.ratio.low,
          },
  },
  {
    id: 'verdict',
    title: 'Verdict',
    meaning: 'Faster, slower, the same within the margin, or undecided.',
    group: 'time',
    isNumber: false,
    cell: ({ comparison }) => {
      if (comparison === undefined) return hole('not timed');
      const { verdict, because, smallestDifference } = comparison;
      if (because === 'the base') return { text: 'base', order: 'base', detail: because };
      const seen =
        smallestDifference === undefined ? '' : `; differences from ${percent(smallestDifference)} on could be seen`;
      return { text: verdict, order: verdict, tone: toneOfVerdict[verdict], detail: `${because}${seen}` };
    },
  },
  {
    id: 'time',
    title: 'Median time',
    meaning: 'Of all rounds.',
    group: 'time',
    isNumber: true,
    cell: ({ time, variant }) =>
      numeric(time, milliseconds, failureOf(variant, 'time', 'target', 'compile') ?? 'not timed'),
  },
  {
    id: 'error',
    title: 'Error',
    meaning: 'Against the float64 interpreter, relative, of the case that comes closest to its bound.',
    group: 'correctness',
    isNumber: true,
    cell: ({ variant, measurement }) => {
      const check = checkOf(variant, measurement);
      if (check === undefined) return hole(failureOf(variant, 'check', 'target', 'compile') ?? 'not checked');
      return {
        text: scientific(check.error),
        order: check.error,
        detail: `${check.error} of ${check.bound} allowed, ${check.cases} cases`,
      };
    },
  },
  {
    id: 'check',
    title: 'Check and probe',
    meaning: 'Whether errors stay within their bounds, and nothing moves that cannot depend on a changed input.',
    group: 'correctness',
    isNumber: false,
    cell: ({ variant, measurement }) => {
      const check = checkOf(variant, measurement);
      if (check === undefined) return hole(failureOf(variant, 'check', 'target', 'compile') ?? 'not checked');
      const text = check.passed ? `passed, ${check.probes} probes` : 'failed';
      const detail = check.passed ? `${check.cases} cases` : check.problems.join('; ');
      return { text, order: text, tone: check.passed ? 'good' : 'bad', detail };
    },
  },
  amount(
    { id: 'parameters', title: 'Parameters', meaning: 'Numbers that a model gains in one layer.', group: 'cost' },
    ({ graph }) => graph?.parameterCount,
    whole,
  ),
  amount(
    { id: 'operations', title: 'Operations', meaning: 'FLOP of the optimised graph, nothing skipped.', group: 'cost' },
    ({ graph }, measurement) => graph?.costs[measurement?.shape ?? 0]?.operations,
    (value) => withPrefix(value),
  ),
  amount(
    { id: 'bytes', title: 'Bytes moved', meaning: 'To and from memory by its kernels.', group: 'cost' },
    (variant, measurement) => workOf(variant, measurement)?.bytesMoved,
    (value) => withPrefix(value, 'B'),
  ),
  amount(
    { id: 'workspace', title: 'Workspace', meaning: 'Bytes of memory between kernels.', group: 'cost' },
    (variant, measurement) => workOf(variant, measurement)?.workspaceBytes,
    (value) => withPrefix(value, 'B'),
  ),
  amount(
    { id: 'history', title: 'History', meaning: 'Rows of queries above the first row of output.', group: 'cost' },
    ({ graph }) => graph?.history,
    whole,
  ),
  amount(
    { id: 'kernels', title: 'Kernels', meaning: 'That the target emits.', group: 'kernels' },
    (variant, measurement) => {
      const found = kernelsOf(variant, measurement);
      return found === undefined || found.refused !== undefined ? undefined : found.kernels.length;
    },
    whole,
  ),
  amount(
    { id: 'launches', title: 'Launches', meaning: 'Of kernels in one call.', group: 'kernels' },
    (variant, measurement) => workOf(variant, measurement)?.launches,
    whole,
  ),
  amount(
    { id: 'workgroup', title: 'Shared memory', meaning: 'Bytes of the kernel with most of it.', group: 'kernels' },
    (variant, measurement) =>
      largest(kernelsOf(variant, measurement)?.kernels.map((each) => each.workgroupBytes) ?? []),
    (value) => withPrefix(value, 'B'),
  ),
  {
    id: 'registers',
    title: 'Registers',
    meaning: 'Of the kernel with most; ≈ where it is an estimate. Spilled bytes behind a plus.',
    group: 'kernels',
    isNumber: true,
    cell: ({ variant, measurement }) => {
      const kernels = kernelsOf(variant, measurement)?.kernels ?? [];
      const most = largest(kernels.map(({ registers }) => registers));
      if (most === undefined) return hole('no compiler here says');
      const spilled = total(kernels.map(({ spillBytes }) => spillBytes)) ?? 0;
      const isMeasured = kernels.every(({ measured, registers }) => registers === undefined || measured);
      const text = `${isMeasured ? '' : '≈ '}${digits(most, 3)}${spilled > 0 ? ` + ${withPrefix(spilled, 'B')}` : ''}`;
      return { text, order: most, ...(spilled > 0 ? { tone: 'bad' as const } : {}) };
    },
  },
];
