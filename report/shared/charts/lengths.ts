// Time and memory against the length of the sequence: a line a variant on two logarithmic axes, named at its end.
// The base is drawn in ink, all others in grey, until a reader points at one.
import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { median } from '../../../studies/record/statistics.js';
import type { StudyRecord } from '../../../studies/record/study.js';
import { numbersTable } from '../figure.js';
import { html, type Markup } from '../markup.js';
import { milliseconds, whole, withPrefix } from '../numbers.js';
import { kernelsOf } from '../rows.js';
import type { Measurement } from '../selection.js';
import {
  at,
  CHARACTER,
  type Frame,
  horizontalAxis,
  logTicks,
  roomFor,
  shortened,
  spread,
  svg,
  verticalAxis,
} from './marks.js';

export interface Series {
  readonly name: string;
  /** In ascending order of x; positive. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LengthsChart {
  readonly series: readonly Series[];
  readonly base: string;
  readonly title: string;
  readonly text: (value: number) => string;
}

/** Median times over the lengths of the study that have the measurement's batch. */
export function timesByLength(
  record: StudyRecord,
  names: readonly string[],
  { device, pass, shape }: Measurement,
): readonly Series[] {
  const alike = record.timings.filter(
    (each) => each.device === device && each.pass === pass && isAlike(record, each.shape, shape),
  );
  return names.map((name) => ({
    name,
    points: alike
      .flatMap(({ shape: own, entrants }) => {
        const samples = entrants.find(({ variant, again }) => variant === name && again !== true)?.milliseconds ?? [];
        const times = samples.filter((time) => time !== null);
        return times.length === 0 ? [] : [{ x: record.shapes[own]!.keys, y: median(times) }];
      })
      .sort((one, other) => one.x - other.x),
  }));
}

/** Bytes of inputs, outputs and workspace over the same lengths. */
export function memoryByLength(
  record: StudyRecord,
  names: readonly string[],
  measurement: Measurement,
): readonly Series[] {
  return names.map((name) => {
    const variant = record.variants.find((each) => each.name === name)!;
    const work = kernelsOf(variant, measurement)?.work ?? [];
    return {
      name,
      points: record.shapes
        .flatMap(({ keys }, n) => {
          const [own, cost] = [work[n], variant.graph?.costs[n]];
          if (own === undefined || cost === undefined || !isAlike(record, n, measurement.shape)) return [];
          return [{ x: keys, y: own.workspaceBytes + cost.compulsoryBytes }];
        })
        .sort((one, other) => one.x - other.x),
    };
  });
}

/** Whether two shapes differ in length alone: the same batch, and queries the same share of the keys or as many. */
function isAlike({ shapes }: StudyRecord, one: number, other: number): boolean {
  const [x, y] = [shapes[one], shapes[other]];
  if (x === undefined || y === undefined || x.batch !== y.batch) return false;
  return x.queries === y.queries || x.queries / x.keys === y.queries / y.keys;
}

const LABEL_GAP = 13;

export function lengthsChart({ series, base, title, text }: LengthsChart, width: number): Markup {
  const drawn = series.filter(({ points }) => points.length > 0);
  const points = drawn.flatMap((each) => each.points);
  if (points.length === 0) return html`<p class="note">Nothing was measured here.</p>`;
  const right = Math.min(200, width * 0.32);
  const frame: Frame = {
    width,
    height: Math.max(300, drawn.length * LABEL_GAP + 80),
    left: 58,
    right,
    top: 28,
    bottom: 44,
  };
  const lengths = [...new Set(points.map(({ x }) => x))].sort((one, other) => one - other);
  const least = Math.min(...points.map(({ y }) => y));
  const most = Math.max(...points.map(({ y }) => y));
  const x = scaleLog([lengths[0]! / 1.08, lengths.at(-1)! * 1.08], [frame.left, width - right]);
  const y = scaleLog([least / 1.15, most * 1.15], [frame.height - frame.bottom, frame.top]);
  const vertical = logTicks(least / 1.15, most * 1.15).filter((_, n, all) => all.length <= 8 || n % 3 === 0);
  const groups = endingTogether(drawn, (each) => y(each.points.at(-1)!.y));
  const ends = groups.map(({ end }) => end);
  const labels = spread(ends, LABEL_GAP, frame.top, frame.height - frame.bottom);
  const path = line<Series['points'][number]>(
    (point) => Number(at(x(point.x))),
    (point) => Number(at(y(point.y))),
  );
  return svg(frame, `${title} against the number of keys, a line a variant`, [
    horizontalAxis(
      frame,
      x,
      roomFor(
        lengths.map((value) => ({ value, text: whole(value) })),
        x,
      ),
      'keys, Tk (log scale)',
    ),
    verticalAxis(
      frame,
      y,
      vertical.map((value) => ({
        value,
        text: text(value)
          .replace(/(\.\d*?)0+(?= )/, '$1')
          .replace(/\.(?= )/, ''),
      })),
      `${title} (log scale)`,
    ),
    // The base last, on top of those that it lies on.
    ...[...drawn]
      .sort((one, other) => Number(one.name === base) - Number(other.name === base))
      .map(
        (each) =>
          html`<g data-variant="${each.name}" class="series${each.name === base && ' base'}"><title>${each.name}</title>${
            each.points.length > 1 && html`<path d="${path(each.points) ?? ''}"/>`
          }${each.points.map((point) => html`<circle cx="${at(x(point.x))}" cy="${at(y(point.y))}" r="2.5"/>`)}</g>`,
      ),
    ...groups.map(({ names, end }, n) => {
      const from = x(lengths.at(-1)!) + 5;
      return html`<g class="names${names.includes(base) && ' base'}"><title>${names.join(', ')}</title><path class="leader" d="M${at(from)} ${at(end)}L${at(width - right + 14)} ${at(labels[n]!)}"/><text x="${at(width - right + 18)}" y="${at(labels[n]! + 4)}">${namesText(names, base, right - 20)}</text></g>`;
    }),
  ]);
}

/** Lines whose ends cannot be told apart have one label. */
const SAME_PLACE = 2.5;

interface Ending {
  readonly names: string[];
  readonly end: number;
}

function endingTogether(series: readonly Series[], endOf: (series: Series) => number): readonly Ending[] {
  const groups: Ending[] = [];
  for (const each of [...series].sort((one, other) => endOf(one) - endOf(other))) {
    const last = groups.at(-1);
    if (last !== undefined && endOf(each) - last.end < SAME_PLACE) last.names.push(each.name);
    else groups.push({ names: [each.name], end: endOf(each) });
  }
  return groups;
}

/** One name, the base's where it is among them, and how many more. */
function namesText(names: readonly string[], base: string, room: number): string {
  const first = names.includes(base) ? base : names[0]!;
  const more = names.length === 1 ? '' : ` +${names.length - 1}`;
  return `${shortened(first, room - more.length * CHARACTER)}${more}`;
}

export function lengthsTable({ series, title, text }: LengthsChart): Markup {
  const lengths = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((x, y) => x - y);
  return numbersTable({
    label: title,
    columns: ['Variant', ...lengths.map((length) => `Tk ${length}`)],
    rows: series.map(({ name, points }) => [
      name,
      ...lengths.map((length) => {
        const found = points.find(({ x }) => x === length);
        return found === undefined ? '' : { text: text(found.y), value: found.y };
      }),
    ]),
  });
}

export const timeText = milliseconds;
export const bytesText = (value: number): string => withPrefix(value, 'B');
