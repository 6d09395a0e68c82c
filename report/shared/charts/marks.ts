// What charts have in common: the frame of an SVG, axes with few ticks, labels that do not lie on each other, short names.
// Colours are classes of the page's style, so that a chart follows the theme.
import { html, type Markup } from '../markup.js';

/** Anything that maps a number to a place: the scales of d3. */
export type Scale = (value: number) => number;

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const CHARACTER = 6.6;

/** The frame of a chart with a row for each variant, `rows` pixels in all: names to the left, figures to the right, an axis below. */
export const frameOfRows = (rows: number, width: number, right: number): Frame => ({
  width,
  height: rows + 56,
  left: Math.min(220, width * 0.34),
  right,
  top: 8,
  bottom: 44,
});

export function svg(
  { width, height }: Pick<Frame, 'width' | 'height'>,
  label: string,
  content: readonly Markup[],
): Markup {
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${content}</svg>`;
}

/** A place in user units with one decimal: a tenth of a pixel is not seen, and more digits are only bytes. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

export function horizontalAxis(frame: Frame, scale: Scale, ticks: readonly Tick[], title: string): Markup {
  const { height, bottom, left, right, width, top } = frame;
  const foot = height - bottom;
  return html`<g class="axis"><line x1="${at(left)}" x2="${at(width - right)}" y1="${at(foot)}" y2="${at(foot)}"/>${ticks.map(
    ({ value, text }) =>
      html`<line class="grid" x1="${at(scale(value))}" x2="${at(scale(value))}" y1="${at(top)}" y2="${at(foot)}"/><text x="${at(scale(value))}" y="${at(foot + 15)}" text-anchor="middle">${text}</text>`,
  )}<text class="title" x="${at(width - right)}" y="${at(foot + 31)}" text-anchor="end">${title}</text></g>`;
}

export function verticalAxis(frame: Frame, scale: Scale, ticks: readonly Tick[], title: string): Markup {
  const { left, right, width, top } = frame;
  return html`<g class="axis">${ticks.map(
    ({ value, text }) =>
      html`<line class="grid" x1="${at(left)}" x2="${at(width - right)}" y1="${at(scale(value))}" y2="${at(scale(value))}"/><text x="${at(left - 6)}" y="${at(scale(value) + 4)}" text-anchor="end">${text}</text>`,
  )}<text class="title" x="0" y="${at(top - 10)}">${title}</text></g>`;
}

export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** Of ticks in ascending order those that have room; the first of `keep` that are given stay. */
export function roomFor(ticks: readonly Tick[], scale: Scale, keep?: number): readonly Tick[] {
  const needed = (tick: Tick): number => tick.text.length * CHARACTER + 8;
  const kept: Tick[] = ticks.filter(({ value }) => value === keep);
  for (const tick of ticks) {
    const isFree = kept.every(
      (other) => Math.abs(scale(other.value) - scale(tick.value)) >= (needed(other) + needed(tick)) / 2,
    );
    if (isFree) kept.push(tick);
  }
  return kept;
}

/** 1, 2 and 5 times powers of ten from `low` to `high`; all multiples where there are fewer than three of these. */
export function logTicks(low: number, high: number): readonly number[] {
  const few = multiples(low, high, [1, 2, 5]);
  return few.length >= 3 ? few : multiples(low, high, [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]);
}

function multiples(low: number, high: number, digits: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const digit of digits) {
      const value = Number((digit * 10 ** power).toPrecision(12));
      if (value >= low && value <= high) found.push(value);
    }
  }
  return found;
}

/** Places for labels, at least `gap` apart and as near as may be to where they belong, within the ends. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = wanted.map((_, n) => n).sort((x, y) => wanted[x]! - wanted[y]!);
  const placed = order.map((n) => wanted[n]!);
  for (let n = 0; n < placed.length; n += 1) {
    placed[n] = Math.max(placed[n]!, n === 0 ? low : placed[n - 1]! + gap);
  }
  for (let n = placed.length - 1; n >= 0; n -= 1) {
    placed[n] = Math.min(placed[n]!, n === placed.length - 1 ? high : placed[n + 1]! - gap);
  }
  const result: number[] = [];
  for (const [n, index] of order.entries()) result[index] = placed[n]!;
  return result;
}

/** A name in so many units, cut with an ellipsis. */
export function shortened(name: string, room: number): string {
  const most = Math.max(Math.floor(room / CHARACTER), 3);
  const characters = Array.from(name);
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join('')}…`;
}
