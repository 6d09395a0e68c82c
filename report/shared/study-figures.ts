// The figures of a study that follow what a reader chooses: their frames for the document, and their content for a width.
// The page draws them again from the same functions, so that both always agree.
import type { StudyRecord } from '../../studies/record/study.js';
import type { TrainingTask } from '../../studies/record/training.js';
import { type AccuracyChart, accuracyChart, accuracyTable } from './charts/accuracy.js';
import { curvesChart, curvesTable } from './charts/curves.js';
import { differencesChart, differencesTable } from './charts/differences.js';
import { forestChart, forestTable } from './charts/forest.js';
import {
  bytesText,
  type LengthsChart,
  lengthsChart,
  lengthsTable,
  memoryByLength,
  timesByLength,
  timeText,
} from './charts/lengths.js';
import { html, type Markup } from './markup.js';
import type { Rows } from './rows.js';
import { describeMeasurement, measurementsOf, type Selection } from './selection.js';

export interface StudyView {
  readonly record: StudyRecord;
  readonly selection: Selection;
  readonly rows: Rows;
}

/** A figure that is drawn anew when the selection or the width changes. */
export interface LiveFigure {
  readonly id: string;
  readonly title: string;
  /** Whether the study has anything to draw in it. */
  readonly isThere: (view: StudyView) => boolean;
  readonly caption: (view: StudyView) => string;
  readonly picture: (view: StudyView, width: number) => Markup;
  readonly table: (view: StudyView) => Markup;
}

const measurementOf = ({ record, selection }: StudyView) => measurementsOf(record)[selection.measurement];
const described = (view: StudyView): string => {
  const measurement = measurementOf(view);
  return measurement === undefined ? '' : describeMeasurement(view.record, measurement);
};
const namesOf = ({ rows }: StudyView): readonly string[] => rows.rows.map(({ variant }) => variant.name);

const nothingTimed = html`<p class="note">This was not timed.</p>`;

const forest: LiveFigure = {
  id: 'ratios',
  title: 'Ratios of time to the base',
  isThere: ({ record }) => record.timings.length > 0,
  caption: (view) => {
    const { comparisons } = view.rows;
    const noise =
      comparisons?.noise === undefined
        ? 'The base stands in twice in one run alone, so with this base the noise is not known.'
        : 'The dark band is the base against its second self: what ratios do when nothing differs.';
    return `Dots are medians over ${comparisons?.rounds ?? 0} rounds, lines 95 % intervals, on ${described(view)}. ${noise} The light band is the margin within which variants are called the same. Left is faster.`;
  },
  picture: ({ rows, record }, width) =>
    rows.comparisons === undefined
      ? nothingTimed
      : forestChart({ rows: rows.rows, comparisons: rows.comparisons, margin: record.asked.margin }, width),
  table: ({ rows, record }) =>
    rows.comparisons === undefined
      ? nothingTimed
      : forestTable({ rows: rows.rows, comparisons: rows.comparisons, margin: record.asked.margin }),
};

function byLength(
  figure: Pick<LiveFigure, 'id' | 'title' | 'isThere'> & { readonly says: string },
  chart: (view: StudyView) => LengthsChart,
): LiveFigure {
  return {
    ...figure,
    caption: (view) =>
      `${figure.says} On ${described(view).replace(/, B .*/, '')}. Point at a line or a row to trace it.`,
    picture: (view, width) => lengthsChart(chart(view), width),
    table: (view) => lengthsTable(chart(view)),
  };
}

const times = byLength(
  {
    id: 'time-by-length',
    title: 'Time against length',
    isThere: ({ record }) => record.timings.length > 0 && record.shapes.length > 1,
    says: 'Medians of all rounds; both axes are logarithmic, so that T² is a straight line of slope 2.',
  },
  (view) => ({
    series: timesByLength(view.record, namesOf(view), measurementOf(view)!),
    base: view.selection.base,
    title: 'median time',
    text: timeText,
  }),
);

const memory = byLength(
  {
    id: 'memory-by-length',
    title: 'Memory against length',
    isThere: ({ record }) =>
      record.shapes.length > 1 && record.variants.some(({ kernels }) => kernels.some(({ work }) => work.length > 0)),
    says: 'Bytes of inputs and outputs (floats of 2 bytes) and of workspace between kernels.',
  },
  (view) => ({
    series: memoryByLength(view.record, namesOf(view), measurementOf(view)!),
    base: view.selection.base,
    title: 'memory',
    text: bytesText,
  }),
);

// ── Training ────────────────────────────────────────────────────────────────────────────────────────

/** What variants cost relative to the base: their time where it was measured, their operations otherwise. */
function costsOf({ record, rows, selection }: StudyView): Pick<AccuracyChart, 'costs' | 'cost'> {
  const timed = rows.rows.flatMap(({ variant, comparison }): readonly [string, number][] =>
    comparison?.ratio === undefined ? [] : [[variant.name, comparison.ratio.median]],
  );
  if (timed.length > 1) return { costs: new Map(timed), cost: 'time ÷ base' };
  const operations = ({ graph }: StudyRecord['variants'][number]): number | undefined =>
    graph?.costs.at(-1)?.operations;
  const base = record.variants.find(({ name }) => name === selection.base);
  const unit = base === undefined ? undefined : operations(base);
  const counted = rows.rows.flatMap(({ variant }): readonly [string, number][] => {
    const own = operations(variant);
    return own === undefined || unit === undefined ? [] : [[variant.name, own / unit]];
  });
  return { costs: new Map(counted), cost: 'operations ÷ base' };
}

const settingsOf = ({ settings }: TrainingTask): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function trainingFigures(task: TrainingTask, n: number): readonly LiveFigure[] {
  const isThere = (): boolean => true;
  const lower = `${task.metric.name}, lower is better`;
  return [
    {
      id: `accuracy-${n}`,
      title: `${task.task}: accuracy against cost`,
      isThere,
      caption: (view) =>
        `Small dots are seeds, large ones their median (${lower}), at the best learning rate of each variant; cost on ${described(view)}. The line is the Pareto front of the medians: nothing is both left of it and below it.`,
      picture: (view, width) => accuracyChart({ task, ...costsOf(view) }, width),
      table: (view) => accuracyTable({ task, ...costsOf(view) }),
    },
    {
      id: `curves-${n}`,
      title: `${task.task}: every seed`,
      isThere,
      caption: () =>
        `A line a seed, unsmoothed: ${lower}, on validation sequences, at the best learning rate of each variant. Grey is ${task.base ?? 'no base'}; broken lines are unfinished runs${task.metric.solvedAt === null ? '' : `; below the dotted line, ${task.metric.solvedAt}, the task is solved`}. ${settingsOf(task)}.`,
      picture: (view, width) => curvesChart(task, namesOf(view), width),
      table: () => curvesTable(task),
    },
    {
      id: `differences-${n}`,
      title: `${task.task}: differences from ${task.base ?? 'the base'}`,
      isThere: () => task.comparisons.length > 0,
      caption: () =>
        `Dots are seeds: the variant’s ${task.metric.name} less the base’s with the same seed; lines hold the difference with a probability of 95 %, and are left out below six seeds. Verdicts are of sign-flip tests, corrected for ${task.comparisons.length} comparisons (Holm).`,
      picture: (view, width) => differencesChart(task, namesOf(view), width),
      table: () => differencesTable(task),
    },
  ];
}

/** The figures of a study, in the order in which they stand. */
export const liveFiguresOf = (record: StudyRecord): readonly LiveFigure[] => [
  forest,
  times,
  memory,
  ...(record.training?.tasks ?? []).flatMap(trainingFigures),
];
