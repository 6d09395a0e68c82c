// What training showed of a study's variants: every run with its curve, and what may be said of them, as plain data that reports
// draw and that goes into study.json as it is. Steps are updates of the weights; metrics are better the lower they are.

/** What a folder of runs holds: one entry a task, and the files that could not be used. */
export interface TrainingRecord {
  readonly tasks: readonly TrainingTask[];
  readonly faults: readonly TrainingFault[];
}

/** A file that is damaged, cut short or not of a run; the rest of the folder was read without it, or up to it. */
export interface TrainingFault {
  /** From the folder that was read, with slashes. */
  readonly file: string;
  /** Of the first line that is wrong, from 1; null where the file as a whole is. */
  readonly line: number | null;
  /** A sentence without a full stop. */
  readonly problem: string;
}

/** A value of a run's settings, as train.py saved it. */
export type TrainingSetting = string | number | boolean | null;

/** Runs of one task under the same settings, apart from variant, learning rate and seed. */
export interface TrainingTask {
  /** `motivating`, `needles`, `text`, or what else was trained. */
  readonly task: string;
  /** The settings that all its runs share. */
  readonly settings: Readonly<Record<string, TrainingSetting>>;
  readonly metric: TrainingMetric;
  /** The variant that others are compared with; null where no run is of it. */
  readonly base: string | null;
  /** In the order of their names, the base first. */
  readonly variants: readonly TrainingVariant[];
  /** One for each variant but the base, each at its own best learning rate. */
  readonly comparisons: readonly TrainingComparison[];
}

export interface TrainingMetric {
  /** `error`, the share of sequences answered wrongly, or `loss`, in nats a token. */
  readonly name: string;
  /** A run whose metric is at most that has solved the task; null where there is no such thing. */
  readonly solvedAt: number | null;
}

export interface TrainingVariant {
  /** As the study names it. */
  readonly name: string;
  /** Numbers that the variant learns in one layer of attention, and the whole model; null where no run says. */
  readonly parameters: { readonly attention: number; readonly model: number } | null;
  /** From the smallest on. */
  readonly rates: readonly TrainingRate[];
  /** Of the `rates` with the most finished runs, the one with the least mean metric on the validation sequences; null where none has. */
  readonly best: number | null;
}

/** The runs of one variant at one learning rate. */
export interface TrainingRate {
  readonly learningRate: number;
  /** By seed, from the smallest on. */
  readonly runs: readonly TrainingRun[];
  /** How many finished runs solved the task, of how many; null where the task cannot be solved. */
  readonly solved: { readonly runs: number; readonly of: number } | null;
  /** The median of `stepsToSolve` of those that solved it; null where none did. */
  readonly medianStepsToSolve: number | null;
  /** The mean metric of finished runs on the validation sequences at their ends; null where there is none, or one diverged. */
  readonly meanValidation: number | null;
}

/** One training: one variant, one learning rate, one seed. */
export interface TrainingRun {
  /** Its folder, from the one that was read, with slashes. */
  readonly folder: string;
  readonly seed: number;
  /** `unfinished` runs can be resumed; their curves count, their ends do not. */
  readonly state: 'finished' | 'unfinished';
  /** The evaluations on the validation sequences, in their order, none left out and none smoothed. */
  readonly curve: readonly TrainingPoint[];
  /** The metric on the test sequences after the last step; null where the run is unfinished or diverged. */
  readonly test: number | null;
  /** The first evaluation's step from which on every later one, and the test, solved the task; null where there is none. */
  readonly stepsToSolve: number | null;
  /** Seconds that training took, evaluations included; null where the run does not say. */
  readonly seconds: number | null;
  /** What it ran on, as train.py names it: `cpu`, or the GPU's name. Empty where the run does not say. */
  readonly device: string;
}

/** One evaluation. A number that was not finite is null. */
export interface TrainingPoint {
  readonly step: number;
  readonly metric: number | null;
  readonly loss: number | null;
}

/** A variant against the base, on test sequences, paired by seed: the same initial weights where shapes agree, the same batches. */
export interface TrainingComparison {
  readonly variant: string;
  /** Learning rates of the variant and of the base: the best of each; null where one has none. */
  readonly learningRates: readonly [variant: number, base: number] | null;
  /** The seeds that both finished, from the smallest on, and the variant's metric less the base's for each. */
  readonly seeds: readonly number[];
  readonly differences: readonly number[];
  /** The mean of the differences; null where there are none. */
  readonly mean: number | null;
  /**
   * Where the difference lies with a probability of at least 95 %, by Hartigan's typical values (exact where differences are
   * symmetric about it); null below six seeds, where no interval reaches 95 %.
   */
  readonly interval: readonly [low: number, high: number] | null;
  /** Of the exact sign-flip test, two-sided; null without differences. */
  readonly p: number | null;
  /** `p` after Holm's correction for the number of comparisons of the task. */
  readonly adjustedP: number | null;
  /** `better` where the metric is lower; decided where `adjustedP` is at most 0.05. */
  readonly verdict: 'better' | 'worse' | 'undecided';
  /** Why it is undecided: a sentence without a full stop; null where it is decided. */
  readonly reason: string | null;
  /** The fewest seeds with which this many comparisons could be decided. */
  readonly seedsNeeded: number;
}
