// Runs to a record: grouped by task, variant and learning rate, with what may be said of each variant against the base.
// Learning rates are chosen on the validation sequences, variants compared on the test sequences.
import { decides, fewestPairs, holm, paired } from '../record/paired.js';
import { median } from '../record/statistics.js';
import type {
  TrainingComparison,
  TrainingFault,
  TrainingRate,
  TrainingRecord,
  TrainingRun,
  TrainingTask,
  TrainingVariant,
} from '../record/training.js';
import type { ReadRun } from './run-files.js';

/** A record of runs. `base` is the variant that others are compared with: `base`, or else the first by name. */
export function trainingRecord(
  runs: readonly ReadRun[],
  faults: readonly TrainingFault[],
  base?: string,
): TrainingRecord {
  const found = [...faults];
  const tasks = grouped(runs, ({ task, settings, metric }) => sortedJson({ task, ...settings, metric: metric.name }));
  const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return {
    tasks: [...tasks].sort(([one], [other]) => byText(one, other)).map(([, group]) => taskOf(group, found, base)),
    faults: found,
  };
}

function grouped<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const sortedJson = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));

function taskOf(runs: readonly ReadRun[], faults: TrainingFault[], wanted: string | undefined): TrainingTask {
  const [{ task, settings, metric }] = runs as readonly [ReadRun];
  const byVariant = grouped(runs, ({ variant }) => variant);
  const names = [...byVariant.keys()].sort();
  const base =
    [wanted, 'base', wanted === undefined ? names[0] : undefined].find((name) => byVariant.has(name!)) ?? null;
  const order = [...names].sort((one, other) => Number(other === base) - Number(one === base));
  const variants = order.map((name) => variantOf(name, byVariant.get(name)!, metric.solvedAt, faults));
  const baseVariant = variants.find(({ name }) => name === base);
  const others = variants.filter((variant) => variant !== baseVariant);
  return {
    task,
    settings,
    metric,
    base,
    variants,
    comparisons: baseVariant === undefined ? [] : comparisonsOf(others, baseVariant),
  };
}

// ── Variants ────────────────────────────────────────────────────────────────────────────────────────

function variantOf(
  name: string,
  runs: readonly ReadRun[],
  solvedAt: number | null,
  faults: TrainingFault[],
): TrainingVariant {
  const rates = [...grouped(runs, ({ learningRate }) => learningRate)]
    .sort(([one], [other]) => one - other)
    .map(([learningRate, some]) => rateOf(learningRate, distinctSeeds(some, faults), solvedAt));
  return {
    name,
    parameters: runs.find(({ parameters }) => parameters !== null)?.parameters ?? null,
    rates,
    best: bestOf(rates),
  };
}

/** Runs by seed; the same run in a second folder is named and left out, the one that is further stays. */
function distinctSeeds(runs: readonly ReadRun[], faults: TrainingFault[]): readonly TrainingRun[] {
  const groups = grouped(
    runs.map(({ run }) => run),
    ({ seed }) => seed,
  );
  const lastStep = ({ state, curve }: TrainingRun): number =>
    state === 'finished' ? Number.POSITIVE_INFINITY : (curve.at(-1)?.step ?? -1);
  return [...groups]
    .sort(([one], [other]) => one - other)
    .map(([seed, same]) => {
      const furthest = same.reduce((best, each) => (lastStep(each) > lastStep(best) ? each : best));
      for (const { folder } of same.filter((each) => each !== furthest)) {
        const problem = `it is the run of seed ${seed} that ${furthest.folder} holds too: it was left out`;
        faults.push({ file: folder, line: null, problem });
      }
      return furthest;
    });
}

function rateOf(learningRate: number, runs: readonly TrainingRun[], solvedAt: number | null): TrainingRate {
  const finished = runs.filter(({ state }) => state === 'finished');
  const steps = finished.flatMap(({ stepsToSolve }) => (stepsToSolve === null ? [] : [stepsToSolve]));
  const ends = finished.map(({ curve }) => curve.at(-1)?.metric ?? null);
  const isWhole = ends.length > 0 && ends.every((end) => end !== null);
  return {
    learningRate,
    runs,
    solved: solvedAt === null ? null : { runs: steps.length, of: finished.length },
    medianStepsToSolve: steps.length === 0 ? null : median(steps),
    meanValidation: isWhole ? ends.reduce((sum, end) => sum + end, 0) / ends.length : null,
  };
}

/** Among the rates with the most finished runs, so that one lucky seed of a rate outdoes nothing. */
function bestOf(rates: readonly TrainingRate[]): number | null {
  const finished = ({ runs }: TrainingRate): number => runs.filter(({ state }) => state === 'finished').length;
  const most = Math.max(0, ...rates.map(finished));
  let best: number | null = null;
  for (const [n, rate] of rates.entries()) {
    if (rate.meanValidation === null || finished(rate) < most) continue;
    if (best === null || rate.meanValidation < rates[best]!.meanValidation!) best = n;
  }
  return best;
}

// ── Comparisons ─────────────────────────────────────────────────────────────────────────────────────

function comparisonsOf(variants: readonly TrainingVariant[], base: TrainingVariant): readonly TrainingComparison[] {
  const pairs = variants.map((variant) => pairsOf(variant, base));
  const results = pairs.map(({ differences, hasDiverged }) => (hasDiverged ? null : paired(differences)));
  const adjusted = holm(results.map((result) => result?.p ?? null));
  const seedsNeeded = fewestPairs(variants.length);
  return variants.map((variant, n): TrainingComparison => {
    const { seeds, differences, hasDiverged, learningRates } = pairs[n]!;
    const result = results[n] ?? null;
    const adjustedP = adjusted[n] ?? null;
    const isDecided = decides(adjustedP) && result!.mean !== 0;
    const reason = (): string => {
      if (learningRates === null) return 'the variant or the base has no finished runs at one learning rate';
      if (hasDiverged) return 'a run diverged: its metric is not finite';
      if (seeds.length === 0) return 'no seed finished for both';
      if (seeds.length < seedsNeeded) return `${seeds.length} seeds finished for both, and ${seedsNeeded} are needed`;
      return 'seeds differ too much';
    };
    return {
      variant: variant.name,
      learningRates,
      seeds,
      differences,
      mean: result?.mean ?? null,
      interval: result?.interval ?? null,
      p: result?.p ?? null,
      adjustedP,
      verdict: !isDecided ? 'undecided' : result!.mean < 0 ? 'better' : 'worse',
      reason: isDecided ? null : reason(),
      seedsNeeded,
    };
  });
}

interface Pairs {
  readonly learningRates: readonly [number, number] | null;
  readonly seeds: readonly number[];
  readonly differences: readonly number[];
  readonly hasDiverged: boolean;
}

function pairsOf(variant: TrainingVariant, base: TrainingVariant): Pairs {
  const none: Pairs = { learningRates: null, seeds: [], differences: [], hasDiverged: false };
  if (variant.best === null || base.best === null) return none;
  const own = variant.rates[variant.best]!;
  const other = base.rates[base.best]!;
  const both = own.runs.flatMap((run) => {
    const partner = other.runs.find(({ seed }) => seed === run.seed);
    return partner === undefined || run.state !== 'finished' || partner.state !== 'finished'
      ? []
      : [[run, partner] as const];
  });
  const hasDiverged = both.some(([one, two]) => one.test === null || two.test === null);
  return {
    learningRates: [own.learningRate, other.learningRate],
    seeds: both.map(([{ seed }]) => seed),
    differences: hasDiverged ? [] : both.map(([one, two]) => one.test! - two.test!),
    hasDiverged,
  };
}
