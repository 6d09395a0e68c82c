// Curves of training, every seed's own and unsmoothed: a panel a variant at its best learning rate, all on the same axes, with
// the base's curves in grey behind. Lower is better.
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { TrainingRate, TrainingRun, TrainingTask, TrainingVariant } from '../../../studies/record/training.js';
import { numbersTable } from '../figure.js';
import { html, type Markup, nothing } from '../markup.js';
import { digits, HOLE, score, whole, withPrefix } from '../numbers.js';
import { at, type Frame, shortened, svg } from './marks.js';

/** The runs of a variant at its best learning rate; at the only or smallest one where none is finished. */
export const bestRate = ({ rates, best }: TrainingVariant): TrainingRate | undefined => rates[best ?? 0];

const PANEL = 220;
const HEIGHT = 164;

export function curvesChart(task: TrainingTask, names: readonly string[], width: number): Markup {
  const shown = task.variants.filter(({ name }) => names.includes(name));
  if (shown.length === 0) return html`<p class="note">No variant that is shown was trained.</p>`;
  const columns = Math.max(1, Math.floor(width / PANEL));
  const panel = width / columns;
  const runs = shown.flatMap((variant) => bestRate(variant)?.runs ?? []);
  const points = runs.flatMap(({ curve }) => curve);
  const most = Math.max(...points.map(({ metric }) => metric ?? 0), Number.MIN_VALUE);
  const steps = Math.max(...points.map(({ step }) => step), 1);
  const base = task.variants.find(({ name }) => name === task.base);
  const rows = Math.ceil(shown.length / columns);
  return svg({ width, height: rows * HEIGHT }, `${task.metric.name} against steps of training, a panel a variant`, [
    ...shown.map((variant, n) => {
      const left = (n % columns) * panel;
      const top = Math.floor(n / columns) * HEIGHT;
      const frame: Frame = { width: panel, height: HEIGHT, left: 34, right: 14, top: 24, bottom: 36 };
      const x = scaleLinear([0, steps], [frame.left, panel - frame.right]);
      const y = scaleLinear([0, most], [HEIGHT - frame.bottom, frame.top]);
      const behind = base === undefined || base === variant ? [] : (bestRate(base)?.runs ?? []);
      return html`<g transform="translate(${at(left)} ${at(top)})" data-variant="${variant.name}" class="panel">${axes(frame, x, y)}${solvedLine(task, frame, y)}<text class="panel-title" x="0" y="12">${shortened(variant.name, panel - 70)}</text><text class="solved" x="${at(panel - frame.right)}" y="12" text-anchor="end">${solvedText(bestRate(variant))}</text>${behind.map((run) => curve(run, x, y, 'behind'))}${(bestRate(variant)?.runs ?? []).map((run) => curve(run, x, y, 'own'))}</g>`;
    }),
  ]);
}

type Linear = ReturnType<typeof scaleLinear<number>>;

function axes({ left, right, top, bottom, width, height }: Frame, x: Linear, y: Linear): Markup {
  const [low, high] = x.domain() as [number, number];
  const foot = height - bottom;
  const [, most] = y.domain() as [number, number];
  return html`<g class="axis"><line x1="${at(left)}" x2="${at(width - right)}" y1="${at(foot)}" y2="${at(foot)}"/><line x1="${at(left)}" x2="${at(left)}" y1="${at(top)}" y2="${at(foot)}"/><text x="${at(left - 4)}" y="${at(foot + 3)}" text-anchor="end">0</text><text x="${at(left - 4)}" y="${at(top + 6)}" text-anchor="end">${digits(most, 2)}</text><text x="${at(x(low))}" y="${at(foot + 14)}">0</text><text x="${at(x(high))}" y="${at(foot + 14)}" text-anchor="end">${withPrefix(high)} steps</text></g>`;
}

function solvedLine({ metric: { solvedAt } }: TrainingTask, { left, right, width }: Frame, y: Linear): Markup {
  if (solvedAt === null) return nothing;
  return html`<line class="solved-at" x1="${at(left)}" x2="${at(width - right)}" y1="${at(y(solvedAt))}" y2="${at(y(solvedAt))}"/>`;
}

const solvedText = (rate: TrainingRate | undefined): string =>
  rate?.solved ? `${rate.solved.runs} of ${rate.solved.of} solved` : `${rate?.runs.length ?? 0} seeds`;

function curve({ curve: points, seed, state }: TrainingRun, x: Linear, y: Linear, kind: 'own' | 'behind'): Markup {
  const path = line<TrainingRun['curve'][number]>(
    ({ step }) => Number(at(x(step))),
    ({ metric }) => Number(at(y(metric!))),
  ).defined(({ metric }) => metric !== null);
  const isOpen = state === 'unfinished';
  return html`<path class="${kind}${isOpen && ' unfinished'}" d="${path(points) ?? ''}"><title>seed ${seed}${isOpen && ', unfinished'}</title></path>`;
}

export function curvesTable({ variants, metric }: TrainingTask): Markup {
  return numbersTable({
    label: `Results of training, ${metric.name} on test sequences`,
    columns: [
      'Variant',
      'Learning rate',
      'Best',
      'Seeds',
      'Solved',
      'Median steps to solve',
      'Mean validation',
      'Test, by seed',
    ],
    rows: variants.flatMap((variant) =>
      variant.rates.map((rate, n) => [
        variant.name,
        { text: String(rate.learningRate), value: rate.learningRate },
        n === variant.best ? 'best' : '',
        { text: String(rate.runs.length), value: rate.runs.length },
        rate.solved === null ? HOLE : `${rate.solved.runs} of ${rate.solved.of}`,
        rate.medianStepsToSolve === null ? HOLE : whole(rate.medianStepsToSolve),
        rate.meanValidation === null ? HOLE : score(rate.meanValidation),
        rate.runs
          .map(({ test, state }) => (test === null ? (state === 'finished' ? 'diverged' : 'unfinished') : score(test)))
          .join(', '),
      ]),
    ),
  });
}
