// Accuracy against cost: every seed of a variant at its cost, joined by a line, the median marked, and the Pareto front of the
// medians: no variant on it is beaten by one that is both cheaper and better.
import { scaleLinear, scaleLog } from 'd3-scale';
import { median } from '../../../studies/record/statistics.js';
import type { TrainingTask } from '../../../studies/record/training.js';
import { numbersTable } from '../figure.js';
import { html, type Markup, nothing } from '../markup.js';
import { ratioText, score } from '../numbers.js';
import { bestRate } from './curves.js';
import { at, type Frame, horizontalAxis, logTicks, roomFor, shortened, spread, svg, verticalAxis } from './marks.js';

export interface AccuracyChart {
  readonly task: TrainingTask;
  /** By variant: its cost relative to the base; variants without one are not drawn. */
  readonly costs: ReadonlyMap<string, number>;
  /** What the cost is, for the axis. */
  readonly cost: string;
}

export interface Trained {
  readonly name: string;
  readonly cost: number;
  /** Of each seed's finished run at the best learning rate, on test sequences. */
  readonly tests: readonly number[];
  readonly median: number;
  readonly isOnFront: boolean;
}

/** The variants that have both a cost and finished runs, the cheapest first. */
export function trainedVariants({ task, costs }: AccuracyChart): readonly Trained[] {
  const found = task.variants
    .flatMap((variant) => {
      const cost = costs.get(variant.name);
      const tests = (bestRate(variant)?.runs ?? []).flatMap(({ test }) => (test === null ? [] : [test]));
      return cost === undefined || tests.length === 0
        ? []
        : [{ name: variant.name, cost, tests, median: median(tests) }];
    })
    .sort((x, y) => x.cost - y.cost || x.median - y.median);
  let least = Number.POSITIVE_INFINITY;
  return found.map((each) => {
    const isOnFront = each.median < least;
    least = Math.min(least, each.median);
    return { ...each, isOnFront };
  });
}

export function accuracyChart(chart: AccuracyChart, width: number): Markup {
  const trained = trainedVariants(chart);
  if (trained.length === 0) return html`<p class="note">No variant has both a cost and finished training.</p>`;
  const frame: Frame = { width, height: 360, left: 52, right: Math.min(190, width * 0.3), top: 28, bottom: 44 };
  const costs = trained.map(({ cost }) => cost);
  const tests = trained.flatMap((each) => each.tests);
  const [low, high] = [Math.min(...costs, 0.95) / 1.05, Math.max(...costs, 1.05) * 1.05];
  const x = scaleLog([low, high], [frame.left, width - frame.right]);
  const y = scaleLinear([0, Math.max(...tests) * 1.05 || 1], [frame.height - frame.bottom, frame.top]);
  const ticks = [...new Set([...logTicks(low, high), 1, 1.2, 1.5, 3].filter((value) => value >= low && value <= high))];
  const front = trained.filter(({ isOnFront }) => isOnFront);
  const steps = front.map(
    (each, n) =>
      `${n === 0 ? 'M' : 'H'}${at(x(each.cost))}${n === 0 ? ` ${at(y(each.median))}` : `V${at(y(each.median))}`}`,
  );
  const labels = spread(
    trained.map((each) => y(each.median)),
    13,
    frame.top,
    frame.height - frame.bottom,
  );
  const { metric } = chart.task;
  return svg(frame, `${metric.name} against cost, with the Pareto front`, [
    horizontalAxis(
      frame,
      x,
      roomFor(
        ticks.sort((one, other) => one - other).map((value) => ({ value, text: String(value) })),
        x,
        1,
      ),
      `${chart.cost} (log scale)`,
    ),
    verticalAxis(
      frame,
      y,
      y.ticks(6).map((value) => ({ value, text: String(value) })),
      `${metric.name} on test sequences, lower is better`,
    ),
    html`<path class="front" d="${steps.join('')}"/>`,
    ...trained.map((each, n) => {
      const place = at(x(each.cost));
      return html`<g data-variant="${each.name}" class="trained${each.isOnFront && ' on-front'}"><title>${each.name}</title><line class="seeds" x1="${place}" x2="${place}" y1="${at(y(Math.min(...each.tests)))}" y2="${at(y(Math.max(...each.tests)))}"/>${each.tests.map((test) => html`<circle class="seed" cx="${place}" cy="${at(y(test))}" r="2"/>`)}<circle cx="${place}" cy="${at(y(each.median))}" r="4"/><path class="leader" d="M${at(x(each.cost) + 6)} ${at(y(each.median))}L${at(width - frame.right + 8)} ${at(labels[n]!)}"/><text x="${at(width - frame.right + 12)}" y="${at(labels[n]! + 4)}">${shortened(each.name, frame.right - 14)}</text></g>`;
    }),
    nothing,
  ]);
}

export function accuracyTable(chart: AccuracyChart): Markup {
  return numbersTable({
    label: 'Accuracy and cost',
    columns: ['Variant', chart.cost, `Median ${chart.task.metric.name}`, 'Seeds', 'On the front'],
    rows: trainedVariants(chart).map(({ name, cost, median: middle, tests, isOnFront }) => [
      name,
      { text: ratioText(cost), value: cost },
      { text: score(middle), value: middle },
      tests.map(score).join(', '),
      isOnFront ? 'yes' : 'no',
    ]),
  });
}
