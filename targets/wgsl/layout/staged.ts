// How an operand of a product lies in workgroup memory: rows of vectors of four neighbours along its minor axis.
// Views are staged slice by slice, or whole where they stay for a loop.
import type { TileAxisKind, View } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { minorAxis } from '../../shared/layout/views.js';
import { ceilDivide } from './threads.js';

export interface Staged {
  readonly base: number;
  readonly major: TileAxisKind;
  readonly minor: TileAxisKind;
  /** The offset along each axis at which the matrix begins. */
  readonly lowMajor: number;
  readonly lowMinor: number;
  readonly rows: number;
  /** Vectors from one row to the next. */
  readonly stride: number;
  /** Whether a vector is left out after each four rows, so that threads that read every fourth row use other banks. */
  readonly skewed: boolean;
}

export const stagedSize = ({ rows, stride, skewed }: Pick<Staged, 'rows' | 'stride' | 'skewed'>): number =>
  rows * stride + (skewed ? ceilDivide(rows, 4) : 0);

export const vectorsOf = ({ low, high }: HeldRange): number => ceilDivide(high - low, 4);

/** The axis that an operand shares with the result, what is wanted of it, and whether it is the result's columns. */
export interface KeptAxis {
  readonly kept: TileAxisKind;
  readonly range: HeldRange;
  readonly isColumns: boolean;
}

/**
 * How a view lies when slices have so many entries along the summed axis `over`. Columns of the result are skewed where
 * threads read every fourth row.
 */
export function viewShape(
  view: View,
  over: TileAxisKind,
  { kept, range, isColumns }: KeptAxis,
  entries: number,
): Omit<Staged, 'base'> {
  const minor = minorAxis(view);
  const isAlong = minor === over;
  return {
    major: isAlong ? kept : over,
    minor,
    lowMajor: isAlong ? range.low : 0,
    lowMinor: isAlong ? 0 : range.low,
    rows: isAlong ? range.high - range.low : entries,
    stride: isAlong ? entries / 4 : vectorsOf(range),
    skewed: isAlong && isColumns,
  };
}
