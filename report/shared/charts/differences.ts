// Differences from the base paired by seed: a dot a seed, the interval of their mean where there are seeds enough, and in words
// what was decided. Left of zero is better.
import { scaleLinear } from 'd3-scale';
import type { TrainingComparison, TrainingTask } from '../../../studies/record/training.js';
import { numbersTable, type TableCell } from '../figure.js';
import { html, type Markup, nothing } from '../markup.js';
import { HOLE, score } from '../numbers.js';
import { at, frameOfRows, horizontalAxis, shortened, svg } from './marks.js';

const ROW = 26;
const tones = { better: 'faster', worse: 'slower', undecided: 'undecided' } as const;

export function differencesChart(
  { comparisons, metric, base }: TrainingTask,
  names: readonly string[],
  width: number,
): Markup {
  const shown = comparisons.filter(({ variant }) => names.includes(variant));
  if (shown.length === 0) return html`<p class="note">There is nothing to compare.</p>`;
  const isNarrow = width < 560;
  const frame = frameOfRows(shown.length * ROW, width, isNarrow ? 70 : 130);
  const all = shown.flatMap(({ differences, interval }) => [...differences, ...(interval ?? [])]);
  const reach = Math.max(...all.map(Math.abs), Number.MIN_VALUE) * 1.05;
  const x = scaleLinear([-reach, reach], [frame.left, width - frame.right]);
  const ticks = x.ticks(isNarrow ? 3 : 7).map((value) => ({ value, text: score(value).replace(/\.?0+$/, '') || '0' }));
  const foot = frame.height - frame.bottom;
  return svg(frame, `Differences of ${metric.name} from ${base ?? 'the base'} by seed`, [
    horizontalAxis(frame, x, ticks, `${metric.name} less the base’s, same seed`),
    html`<line class="unit" x1="${at(x(0))}" x2="${at(x(0))}" y1="${at(frame.top)}" y2="${at(foot)}"/>`,
    ...shown.map((comparison, n) => {
      const y = frame.top + n * ROW + ROW / 2;
      const { variant, verdict, reason, interval, mean, differences } = comparison;
      return html`<g data-variant="${variant}" class="${tones[verdict]}"><title>${variant}: ${verdict}${reason !== null && `, ${reason}`}</title><text class="label" x="0" y="${at(y + 4)}">${shortened(variant, frame.left - 8)}</text>${
        interval === null
          ? nothing
          : html`<line class="whisker" x1="${at(x(interval[0]))}" x2="${at(x(interval[1]))}" y1="${at(y)}" y2="${at(y)}"/>`
      }${differences.map((each) => html`<circle class="seed" cx="${at(x(each))}" cy="${at(y)}" r="2.5"/>`)}${
        mean === null ? nothing : html`<path class="mean" d="M${at(x(mean))} ${at(y - 6)}v12"/>`
      }<text class="figures" x="${at(width - frame.right + 10)}" y="${at(y + 4)}">${verdict}</text></g>`;
    }),
  ]);
}

export function differencesTable({ comparisons, base }: TrainingTask): Markup {
  const number = (value: number | null | undefined): TableCell =>
    value === null || value === undefined ? HOLE : { text: score(value), value };
  return numbersTable({
    label: `Differences from ${base ?? 'the base'}, paired by seed`,
    columns: ['Variant', 'Seeds', 'Mean', 'Low', 'High', 'p', 'p, corrected', 'Verdict', 'Why', 'Seeds needed'],
    rows: comparisons.map(
      ({ variant, seeds, mean, interval, p, adjustedP, verdict, reason, seedsNeeded }: TrainingComparison) => [
        variant,
        { text: String(seeds.length), value: seeds.length },
        number(mean),
        number(interval?.[0]),
        number(interval?.[1]),
        number(p),
        number(adjustedP),
        verdict,
        reason ?? '',
        { text: String(seedsNeeded), value: seedsNeeded },
      ],
    ),
  });
}
