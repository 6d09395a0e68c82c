// A record as rows, one for each variant, device, pass and shape: what the CSV holds and the Markdown shows.
// Ratios and verdicts are those of the statistics, for the base of the record.
import { type Comparisons, compare, median } from './statistics.js';
import type { StudiedDevice, StudyRecord, TargetKernels, Timing, VariantCheck, VariantRecord } from './study.js';

export type Cell = string | number | undefined;

export interface Row {
  readonly variant: VariantRecord;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** The columns of a row in their order, as they are called in the CSV. */
export const columns = [
  'variant',
  'spec',
  'settings',
  'matched',
  'device',
  'kind',
  'pass',
  'batch',
  'queries',
  'keys',
  'check',
  'error',
  'bound',
  'probes',
  'parameters',
  'history',
  'operations',
  'target',
  'schedule',
  'kernels',
  'launches',
  'bytes_moved',
  'workspace_bytes',
  'workgroup_bytes',
  'registers',
  'spill_bytes',
  'sample',
  'milliseconds',
  'ratio',
  'ratio_low',
  'ratio_high',
  'verdict',
  'because',
  'smallest_difference',
  'failures',
] as const;

export type Column = (typeof columns)[number];

/** The rows of one device, pass and shape; a variant that was not timed has its row too. */
export interface Block {
  readonly device: StudiedDevice;
  readonly pass: 'forward' | 'backward';
  readonly shape: number;
  readonly comparisons: Comparisons | undefined;
  readonly rows: readonly Readonly<Partial<Record<Column, Cell>>>[];
}

export function blocksOf(record: StudyRecord): readonly Block[] {
  const fingerprints = new Map(
    record.variants.flatMap(({ name, fingerprint }) =>
      fingerprint === undefined ? [] : [[name, fingerprint] as const],
    ),
  );
  const { seed, margin, backward } = record.asked;
  const present = record.devices.filter(({ missing }) => missing === undefined);
  return present.flatMap((device) =>
    (backward ? (['forward', 'backward'] as const) : (['forward'] as const)).flatMap((pass) =>
      record.shapes.flatMap((_, shape): Block[] => {
        const timing = record.timings.find(
          (each) => each.device === device.name && each.pass === pass && each.shape === shape,
        );
        const isChecked = record.variants.some(({ checks }) => checks.some((each) => isOf(each, device, pass)));
        if (timing === undefined && !isChecked) return [];
        const comparisons =
          timing === undefined ? undefined : compare(timing, { base: record.base, seed, margin, fingerprints });
        const context: Context = { record, device, pass, shape, timing, comparisons };
        return [{ device, pass, shape, comparisons, rows: record.variants.map((variant) => rowOf(variant, context)) }];
      }),
    ),
  );
}

interface Context {
  readonly record: StudyRecord;
  readonly device: StudiedDevice;
  readonly pass: 'forward' | 'backward';
  readonly shape: number;
  readonly timing: Timing | undefined;
  readonly comparisons: Comparisons | undefined;
}

const isOf = (check: VariantCheck, device: StudiedDevice, pass: string): boolean =>
  check.device === device.name && check.pass === pass;

function rowOf(variant: VariantRecord, context: Context): Readonly<Partial<Record<Column, Cell>>> {
  const { record, device, pass, shape, timing, comparisons } = context;
  const { batch, queries, keys } = record.shapes[shape]!;
  const check = variant.checks.find((each) => isOf(each, device, pass));
  const entrant = timing?.entrants.find((each) => each.variant === variant.name && each.again === undefined);
  const times = (entrant?.milliseconds ?? []).filter((time) => time !== null);
  const comparison = comparisons?.variants.find((each) => each.variant === variant.name);
  const { matched, graph, failures } = variant;
  return {
    variant: variant.name,
    spec: variant.spec.name,
    settings: settingsText(variant, record),
    ...(matched && { matched: `${matched.setting}=${matched.chosen} for equal ${matched.by}` }),
    device: device.name,
    kind: device.kind,
    pass,
    batch,
    queries,
    keys,
    ...(check && {
      check: check.passed ? 'pass' : 'FAIL',
      error: check.error,
      bound: check.bound,
      probes: check.probes,
    }),
    ...(graph && {
      parameters: graph.parameterCount,
      history: graph.history,
      operations: graph.costs[shape]?.operations,
    }),
    ...kernelCells(kernelsFor(variant, device), shape),
    ...(times.length > 0 && { sample: timing?.sample, milliseconds: median(times) }),
    ...(comparison?.ratio && {
      ratio: comparison.ratio.median,
      ratio_low: comparison.ratio.low,
      ratio_high: comparison.ratio.high,
    }),
    ...(comparison && {
      verdict: comparison.verdict,
      because: comparison.because,
      smallest_difference: comparison.smallestDifference,
    }),
    failures: failures.map(({ stage, message }) => `${stage}: ${message}`).join('; ') || undefined,
  };
}

/** Of the settings those that differ from the base's, where it is the same spec, else all. */
function settingsText({ spec, settings }: VariantRecord, { variants }: StudyRecord): string {
  const base = variants[0]!;
  const isSame = spec.name === base.spec.name && spec.file === base.spec.file;
  return Object.entries(settings)
    .filter(([name, value]) => !isSame || JSON.stringify(value) !== JSON.stringify(base.settings[name]))
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

const targetsOf: Readonly<Record<string, string>> = {
  gpujs: 'gpujs',
  webgpu: 'wgsl',
  wgpu: 'wgsl',
  cuda: 'cuda',
  torch: 'torch',
};

/** The kernels that the device runs; the interpreter has none. */
function kernelsFor({ kernels }: VariantRecord, { name }: StudiedDevice): TargetKernels | undefined {
  const wanted = targetsOf[name.replace(/-.*$/, '')];
  return kernels.find(({ target }) => target === wanted);
}

function kernelCells(made: TargetKernels | undefined, shape: number): Readonly<Partial<Record<Column, Cell>>> {
  if (made === undefined || made.refused !== undefined) return made === undefined ? {} : { target: made.target };
  const work = made.work[shape];
  const most = (values: readonly (number | undefined)[]): number | undefined => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    target: made.target,
    schedule: made.schedule,
    ...(made.kernels.length > 0 && { kernels: made.kernels.length }),
    launches: work?.launches,
    bytes_moved: work?.bytesMoved,
    workspace_bytes: work?.workspaceBytes,
    workgroup_bytes: most(made.kernels.map(({ workgroupBytes }) => workgroupBytes)),
    registers: most(made.kernels.map(({ registers }) => registers)),
    spill_bytes: most(made.kernels.map(({ spillBytes }) => spillBytes)),
  };
}
