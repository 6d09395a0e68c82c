// Results of training as a report draws them: every run's curve, what it was trained with, and what seeds say together.
// Plain data as all of a study's record; studies/training/ reads it from folders of runs.

/** What runs of one task came to. */
export interface TrainingRecord {
  readonly task: string;
}
