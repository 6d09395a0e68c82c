// From values to colours: a signed scale whose middle is zero, blue below and orange above, which all kinds of colour-blindness
// tell apart. Linear or logarithmic over three decades, relative to the largest of a stage or of each row.
import type { HeadMap } from './maps.js';

export type Rgb = readonly [number, number, number];

export interface Palette {
  readonly low: Rgb;
  readonly zero: Rgb;
  readonly high: Rgb;
  readonly hidden: string;
  readonly hatch: string;
  readonly ink: string;
  readonly faint: string;
  readonly mark: string;
  readonly ground: string;
}

export interface ColourScale {
  readonly range: 'stage' | 'row';
  readonly scale: 'linear' | 'log';
  /** The largest magnitude of the stage. */
  readonly largest: number;
}

/** Below a thousandth of the largest a logarithmic scale is linear, so that zero has a place. */
const LINEAR_PART = 1e-3;

/** From −1 to 1: how far from the middle of the scale a value is. */
export function strength(value: number, largest: number, scale: ColourScale['scale']): number {
  if (!(largest > 0) || Number.isNaN(value)) return 0;
  const share = Math.max(-1, Math.min(1, value / largest));
  if (scale === 'linear') return share;
  return (Math.sign(share) * Math.log1p(Math.abs(share) / LINEAR_PART)) / Math.log1p(1 / LINEAR_PART);
}

export function mixed({ low, zero, high }: Palette, share: number): string {
  const end = share < 0 ? low : high;
  const part = Math.abs(share);
  const channels = zero.map((from, n) => Math.round(from + (end[n]! - from) * part));
  return `rgb(${channels.join(' ')})`;
}

const magnitude = (most: number, value: number): number =>
  Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most;

export const largestOf = (heads: readonly HeadMap[]): number =>
  heads.reduce((most, { values }) => values.reduce(magnitude, most), 0);

/** The largest magnitude that each row's colours are relative to. */
export function rowScales({ values, size }: HeadMap, { range, largest }: ColourScale): readonly number[] {
  return Array.from({ length: size }, (_, row) =>
    range === 'stage' ? largest : values.subarray(row * size, (row + 1) * size).reduce(magnitude, 0),
  );
}
