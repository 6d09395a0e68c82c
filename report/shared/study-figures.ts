// The figures of a study that follow what a reader chooses: their frames for the document, and their content for a width.
// The page draws them again from the same functions, so that both always agree.
import type { StudyRecord } from '../../studies/record/study.js';
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

export const liveFigures: readonly LiveFigure[] = [forest, times, memory];
