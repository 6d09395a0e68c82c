// The forest plot: for each variant the ratio of its time to the base's with its interval, on a logarithmic axis, and behind
// them the band that the base has against itself and the margin within which things are called the same.
import { scaleLog } from 'd3-scale';
import type { Interval } from '../../../studies/record/statistics.js';
import { numbersTable } from '../figure.js';
import { html, type Markup, nothing } from '../markup.js';
import { ratioText } from '../numbers.js';
import type { Rows } from '../rows.js';
import { at, type Frame, frameOfRows, horizontalAxis, logTicks, roomFor, shortened, svg } from './marks.js';

export interface Forest {
  readonly rows: Rows['rows'];
  readonly comparisons: NonNullable<Rows['comparisons']>;
  /** The ratio that is called the same: 0.03 is from 1/1.03 to 1.03. */
  readonly margin: number;
}

const ROW = 22;
/** Ratios between those that decades have, near the base. */
const NEAR = [0.5, 0.67, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2, 3, 4];

export function forestChart({ rows, comparisons, margin }: Forest, width: number): Markup {
  const isNarrow = width < 560;
  const frame = frameOfRows(rows.length * ROW, width, isNarrow ? 46 : 148);
  const { noise, base } = comparisons;
  const intervals = rows.flatMap(({ comparison }) => (comparison?.ratio ? [comparison.ratio] : []));
  const values = [...intervals, ...(noise ? [noise] : [])].flatMap(({ low, high }) => [low, high]);
  const low = Math.min(0.93, ...values) / 1.03;
  const high = Math.max(1.07, ...values) * 1.03;
  const x = scaleLog([low, high], [frame.left, width - frame.right]);
  const candidates = [...new Set([...logTicks(low, high), ...NEAR.filter((value) => value > low && value < high)])];
  const ticks = roomFor(
    candidates.sort((one, other) => one - other).map((value) => ({ value, text: String(value) })),
    x,
    1,
  );
  const foot = frame.height - frame.bottom;
  const band = (from: number, to: number, kind: string): Markup =>
    html`<rect class="${kind}" x="${at(x(Math.max(from, low)))}" y="${at(frame.top)}" width="${at(Math.max(x(Math.min(to, high)) - x(Math.max(from, low)), 1))}" height="${at(foot - frame.top)}"/>`;
  return svg(frame, `Ratios of time to ${base} with 95 % intervals`, [
    band(1 / (1 + margin), 1 + margin, 'margin-band'),
    noise ? band(noise.low, noise.high, 'noise-band') : nothing,
    horizontalAxis(
      frame,
      x,
      ticks,
      isNarrow ? 'time ÷ base (log)' : `time ÷ time of ${shortened(base, 200)} (log scale)`,
    ),
    html`<line class="unit" x1="${at(x(1))}" x2="${at(x(1))}" y1="${at(frame.top)}" y2="${at(foot)}"/>`,
    ...rows.map((row, n) => forestRow(row, { x, frame, y: frame.top + n * ROW + ROW / 2, isNarrow, base })),
  ]);
}

interface Place {
  readonly x: (value: number) => number;
  readonly frame: Frame;
  readonly y: number;
  readonly isNarrow: boolean;
  readonly base: string;
}

const toneOf = { faster: 'faster', slower: 'slower', 'the same': 'same', undecided: 'undecided' } as const;

function forestRow({ variant, comparison }: Rows['rows'][number], { x, frame, y, isNarrow, base }: Place): Markup {
  const ratio = comparison?.ratio;
  const label = html`<text class="label" x="0" y="${at(y + 4)}">${shortened(variant.name, frame.left - 8)}</text>`;
  const right = frame.width - frame.right + 8;
  if (comparison === undefined || ratio === undefined) {
    const why = variant.failures[0]?.message ?? comparison?.because ?? 'not timed';
    return html`<g data-variant="${variant.name}" class="hole"><title>${variant.name}: ${why}</title>${label}<text x="${at((frame.left + frame.width - frame.right) / 2)}" y="${at(y + 4)}" text-anchor="middle">no time</text></g>`;
  }
  const isBase = variant.name === base;
  const words = isBase
    ? 'base'
    : isNarrow
      ? ratioText(ratio.median)
      : `${ratioText(ratio.median)}  [${ratioText(ratio.low)}, ${ratioText(ratio.high)}]`;
  return html`<g data-variant="${variant.name}" class="${toneOf[comparison.verdict]}"><title>${variant.name}: ${comparison.verdict}, ${comparison.because}</title>${label}${
    isBase ? nothing : whisker(ratio, x, y)
  }<circle cx="${at(x(ratio.median))}" cy="${at(y)}" r="${isBase ? 3 : 4}"/><text class="figures" x="${at(right)}" y="${at(y + 4)}">${words}</text></g>`;
}

const whisker = ({ low, high }: Interval, x: Place['x'], y: number): Markup =>
  html`<line class="whisker" x1="${at(x(low))}" x2="${at(x(high))}" y1="${at(y)}" y2="${at(y)}"/>`;

export function forestTable({ rows, comparisons }: Forest): Markup {
  const number = (value: number | undefined) => (value === undefined ? '' : { text: ratioText(value), value });
  return numbersTable({
    label: `Ratios of time to ${comparisons.base}`,
    columns: ['Variant', 'Ratio', 'Low', 'High', 'Verdict', 'Because', 'Least difference seen'],
    rows: [
      ...rows.map(({ variant, comparison }) => [
        variant.name,
        number(comparison?.ratio?.median),
        number(comparison?.ratio?.low),
        number(comparison?.ratio?.high),
        comparison?.verdict ?? '',
        comparison?.because ?? 'not timed',
        number(comparison?.smallestDifference),
      ]),
      ...(comparisons.noise
        ? [
            [
              `${comparisons.base}, against itself`,
              number(comparisons.noise.median),
              number(comparisons.noise.low),
              number(comparisons.noise.high),
              '',
              'the noise',
              '',
            ],
          ]
        : []),
    ],
  });
}
