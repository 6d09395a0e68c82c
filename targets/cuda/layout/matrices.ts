// Operands of products in shared memory: rows of neighbours along their minor axis, in chunks of sixteen bytes. A row takes an
// odd number of chunks, so that eight rows of one chunk, which is what ldmatrix reads, lie in different banks at any size.
import { axisOfKind, type Tile, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { gridAxesIn, type Space } from '../../shared/layout/space.js';
import { minorAxis } from '../../shared/layout/views.js';
import { bytesOf, CHUNK, type ElementType } from '../buffers.js';
import { ceilDivide, columnsHeld, FRAGMENT_DEPTH, rowsHeld, type Warps } from './fragments.js';

export interface Matrix {
  readonly element: ElementType;
  readonly major: TileAxisKind;
  readonly minor: TileAxisKind;
  /** The offset along each axis at which it begins. */
  readonly lowMajor: number;
  readonly lowMinor: number;
  /** Rows and entries of a row that hold something; what a product reads beyond them is 0 along the axis that it sums over. */
  readonly rows: number;
  readonly columns: number;
  /** Rows that there is room for. */
  readonly rowsHeld: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** Chunks that a matrix takes. */
export const chunksOf = ({ rowsHeld: rows, stride }: Matrix): number => (rows * stride) / CHUNK;

const roundUp = (x: number, to: number): number => ceilDivide(x, to) * to;

/** Bytes of a row of so many entries: an odd number of chunks. */
export function strideOf(entries: number, element: ElementType): number {
  const chunks = ceilDivide(entries * bytesOf[element], CHUNK);
  return (chunks % 2 === 0 ? chunks + 1 : chunks) * CHUNK;
}

/** Which side of a product an operand is: it has the result's rows or its columns. */
export type Side = 'rows' | 'columns';

export interface OperandSite {
  readonly over: TileAxisKind;
  /** The axis that the operand shares with the result, and what is wanted of it. */
  readonly kept: TileAxisKind;
  readonly range: HeldRange;
  readonly side: Side;
  readonly warps: Warps;
  readonly space: Space;
  /** Whether the product runs on tensor cores, which take sixteen entries of the sum at once. */
  readonly isTensor: boolean;
}

/** How an operand lies whose rows run along `major`, for `length` entries of the summed axis. */
function matrixOf(
  element: ElementType,
  major: TileAxisKind,
  minor: TileAxisKind,
  { over, range, side, warps, isTensor }: OperandSite,
  length: number,
): Matrix {
  const depth = isTensor ? roundUp(length, FRAGMENT_DEPTH) : length;
  const held = side === 'rows' ? rowsHeld(range, warps) : columnsHeld(range, warps);
  const [kept, summed] = [
    { low: range.low, size: range.high - range.low, held },
    { low: 0, size: depth, held: depth },
  ];
  const [rows, columns] = minor === over ? [kept, summed] : [summed, kept];
  return {
    element,
    major,
    minor,
    lowMajor: rows.low,
    lowMinor: columns.low,
    rows: rows.size,
    columns: columns.size,
    rowsHeld: rows.held,
    stride: strideOf(columns.held, element),
  };
}

/** How a view lies: as its buffer does. */
export function viewMatrix(view: View, element: ElementType, site: OperandSite, length: number): Matrix {
  const minor = minorAxis(view);
  const major = minor === site.over ? site.kept : site.over;
  return matrixOf(element, major, minor, site, length);
}

/** How a tile lies that is written from registers: rows are rows. */
export function tileMatrix(tile: Tile, element: ElementType, site: OperandSite): Matrix {
  const [major, minor] = gridAxesIn(site.space, tile);
  return matrixOf(element, major, minor, site, axisOfKind(tile.axes, site.over)!.size);
}
