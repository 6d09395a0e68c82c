// Operands of a product on their way into shared memory: views by asynchronous copies of whole chunks where their rows allow
// it, entry by entry where not; tiles from registers. What a product sums over beyond the end of an operand is 0.
import { difference } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Tile, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import { integer } from '../../../src/ir/index.js';
import { refuse } from '../../shared/refusal.js';
import { bytesOf, CHUNK, codes } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { columnsHeld, FRAGMENT_COLUMNS, rowsHeld } from '../layout/fragments.js';
import { chunksOf, type Matrix, tileMatrix } from '../layout/matrices.js';
import type { KeptView } from '../layout/products.js';
import { atom, type Code, integerCode, plusConstant, within } from '../text/code.js';
import { locate } from './global-memory.js';
import { copyRows, type RowCopies, rowCopiesOf } from './row-copies.js';

/** A part of a view along the axis that is summed over: from an offset on; nothing lies at `end` and beyond. */
export interface Slice {
  readonly over: TileAxisKind;
  readonly from: Code;
  readonly end: number;
}

/** How a kept view is copied by rows, where it is. */
export const keptRowCopies = (writer: KernelWriter, kept: KeptView): RowCopies | undefined =>
  rowCopiesOf(writer, kept.view, kept.matrix, keptSlice(kept));

/** All of a kept view. */
export const keptSlice = ({ view, site: { over } }: KeptView): Slice => ({
  over,
  from: integerCode(0),
  end: axisOfKind(view.axes, over)!.size,
});

/** Starts the copies of a kept view; `stage` says into which of its two places, `pointer` from where, where that is kept. */
export function stageKept(writer: KernelWriter, kept: KeptView, stage: string | undefined, pointer?: string): void {
  const { view, matrix } = kept;
  const chunks = chunksOf(matrix);
  const first = writer.plan.baseOf(kept);
  // At the head of a loop a barrier has gone before, and nobody touches the other place until the next one.
  if (stage === undefined) writer.access('write', first, chunks);
  const base = stage === undefined ? String(first * CHUNK) : `${first * CHUNK} + ${stage} * ${chunks * CHUNK}`;
  if (pointer === undefined) stageView(writer, view, matrix, base, keptSlice(kept));
  else copyRows(writer, keptRowCopies(writer, kept)!, base, keptSlice(kept), pointer);
}

/** Where a view's matrix begins: the bytes of the place that this step's box is in. */
export function keptBase(writer: KernelWriter, kept: KeptView): string {
  const first = writer.plan.baseOf(kept) * CHUNK;
  if (!kept.isAhead) return String(first);
  const stage = writer.stages.get(kept.loop) ?? refuse('a view that is read ahead is wanted outside of its loop');
  return `${first} + ${stage.text} * ${chunksOf(kept.matrix) * CHUNK}`;
}

/** Whether rows of a view can be copied in whole chunks. */
function isCopiedAtOnce(writer: KernelWriter, view: View, matrix: Matrix, { over, end }: Slice): boolean {
  const bound = writer.uses(view.buffer);
  const last = view.place.at(-1)!;
  const perChunk = CHUNK / bytesOf[matrix.element];
  const origin = difference(axisOfKind(view.axes, matrix.minor)!.origin, integer(0));
  return (
    bound.isAligned &&
    'along' in last &&
    last.along === matrix.minor &&
    origin !== undefined &&
    (origin + matrix.lowMinor) % perChunk === 0 &&
    (matrix.minor === over ? end : matrix.columns) % perChunk === 0
  );
}

/** Reads a box of a view, from the slice's offset on along the summed axis. Copies have to be waited for. */
export function stageView(writer: KernelWriter, view: View, matrix: Matrix, base: string, slice: Slice): void {
  const bound = writer.uses(view.buffer);
  if (bound.element === 'int') refuse('an operand of a product is a table of integers');
  const byRows = rowCopiesOf(writer, view, matrix, slice);
  if (byRows) {
    copyRows(writer, byRows, base, slice);
    return;
  }
  const atOnce = isCopiedAtOnce(writer, view, matrix, slice);
  const bytes = bytesOf[matrix.element];
  const entries = atOnce ? CHUNK / bytes : 1;
  const perRow = Math.ceil(matrix.columns / entries);
  const { threads } = writer.plan;
  const n = writer.fresh('piece');
  const isOneOfMany = writer.loops.size > 0 && writer.plan.stagesMany;
  const first = isOneOfMany ? 'recomputed(thread)' : 'thread';
  writer.line(`#pragma unroll ${isOneOfMany && writer.plan.hasSeveralStencils ? 1 : 4}`);
  writer.open(`for (int ${n} = ${first}; ${n} < ${matrix.rows * perRow}; ${n} += ${threads}) {`);
  const row = writer.named(atom(`${n} / ${perRow}`, 'int'), 'line');
  const piece = writer.named(atom(`${n} % ${perRow}`, 'int'), 'piece');
  const column = entries === 1 ? piece : writer.named(atom(`${piece.text} * ${entries}`, 'int'), 'column');
  const [isMajor, isMinor] = [slice.over === matrix.major, slice.over === matrix.minor];
  const majorOffset = codes.sum(row, isMajor ? slice.from : integerCode(matrix.lowMajor));
  const minorOffset = codes.sum(column, isMinor ? slice.from : integerCode(matrix.lowMinor));
  const absolute = (kind: TileAxisKind): Code => {
    const offset = kind === matrix.major ? majorOffset : minorOffset;
    return writer.named(codes.sum(writer.scalar(axisOfKind(view.axes, kind)!.origin), offset), 'at');
  };
  const { pointer, conditions } = locate(writer, { bound, place: view.place, at: absolute });
  const summed = isMajor ? majorOffset : minorOffset;
  const held = isMajor ? matrix.rows : matrix.columns;
  const isRagged = slice.end % held !== 0;
  const inside = [...(isRagged ? [`${within(summed, 1)} < ${slice.end}`] : []), ...conditions].join(' && ') || 'true';
  const address = `${base} + ${row.text} * ${matrix.stride} + ${column.text} * ${bytes}`;
  if (atOnce) writer.line(`copy_async(${address}, ${pointer}, ${inside});`);
  else {
    const { element } = matrix;
    writer.line(`store_shared<${element}>(${address}, ${inside} ? load_global(${pointer}) : ${element}{});`);
  }
  writer.close();
}

/** Writes a tile from registers. `base` in bytes. */
export function stageTile(writer: KernelWriter, tile: Tile, matrix: Matrix, base: number, over: TileAxisKind): void {
  const registers = writer.registersOf(tile, 'grid');
  const { element, major, minor, stride } = matrix;
  const bytes = bytesOf[element];
  const [rows, columns] = [writer.range(tile, major), writer.range(tile, minor)];
  const length = axisOfKind(tile.axes, over)!.size;
  const row = codes.sum(plusConstant(writer.firstRow(rows), -matrix.lowMajor), atom('m * 16 + half * 8', 'int'));
  const column = codes.sum(plusConstant(writer.firstColumn(columns), -matrix.lowMinor), atom('n * 8', 'int'));
  writer.openUnrolled('m', registers.rows);
  writer.openUnrolled('n', registers.columns);
  writer.openUnrolled('half', 2);
  const at = writer.named(row, 'line');
  const first = writer.named(column, 'column');
  // The tile may hold more rows and columns than the product wants, and fragments more than either.
  const rowShift = rows.low - matrix.lowMajor;
  const columnShift = columns.low - matrix.lowMinor;
  const whole = over === minor ? 2 : FRAGMENT_COLUMNS;
  const roomForColumns = Math.ceil(matrix.columns / whole) * whole;
  const checks = [
    ...(rowShift < 0 || rowShift + rowsHeld(rows, writer.plan.warps) > matrix.rowsHeld
      ? [`is_inside(${at.text}, ${matrix.rowsHeld})`]
      : []),
    ...(columnShift < 0 || columnShift + columnsHeld(columns, writer.plan.warps) > roomForColumns
      ? [`is_inside(${first.text}, ${roomForColumns})`]
      : []),
  ];
  if (columnShift % 2 !== 0) refuse('columns of an operand begin within a pair');
  if (checks.length > 0) writer.open(`if (${checks.join(' && ')}) {`);
  const place = `${base} + ${at.text} * ${stride} + ${first.text} * ${bytes}`;
  const [own, last] = over === major ? [at, matrix.rows] : [first, matrix.columns];
  // The axis that is summed over ends within a fragment: what comes behind it counts nothing.
  const isRagged = over === major ? matrix.rows > length : columnsHeld(columns, writer.plan.warps) > length;
  const keep = (value: string, n: number): string =>
    isRagged
      ? `(${over === minor && n > 0 ? `${own.text} + ${n}` : own.text} < ${Math.min(length, last)} ? ${value} : 0)`
      : value;
  if (registers.packed) {
    writer.line(
      `store_shared<uint32_t>(${place}, ${isRagged && over === major ? keep(`${registers.name}[m][n][half]`, 0) : `${registers.name}[m][n][half]`});`,
    );
  } else {
    for (let n = 0; n < 2; n += 1) {
      const value = keep(`${registers.name}[m][n][2 * half + ${n}]`, n);
      writer.line(
        `store_shared<${element}>(${place}${n > 0 ? ` + ${bytes}` : ''}, ${element === 'float' ? value : `from_float<${element}>(${value})`});`,
      );
    }
  }
  if (checks.length > 0) writer.close();
  for (let n = 0; n < 3; n += 1) writer.close();
  if (over === minor && matrix.columns > columnsHeld(columns, writer.plan.warps))
    zeroColumns(writer, matrix, base, columnsHeld(columns, writer.plan.warps));
}

/** Writes a tile from registers, as floats and as a matrix of its own, at a chunk of shared memory. */
export function stageFloats(writer: KernelWriter, tile: Tile, base: number, holds: string): Matrix {
  const { analysis, warps } = writer.plan;
  const [kept, over] = analysis.gridAxes(tile);
  const site = {
    over,
    kept,
    range: writer.range(tile, kept),
    side: 'rows',
    warps,
    space: analysis.space,
    isTensor: false,
  } as const;
  const matrix = tileMatrix(tile, 'float', site);
  writer.access('write', base, chunksOf(matrix), holds);
  stageTile(writer, tile, matrix, base * CHUNK, over);
  return matrix;
}

/** Tensor cores take sixteen entries of the sum at once: the last eight may be none of the tile's. */
function zeroColumns(
  writer: KernelWriter,
  { rowsHeld: rows, columns, stride, element }: Matrix,
  base: number,
  from: number,
): void {
  const perRow = ((columns - from) * bytesOf[element]) / 4;
  const n = writer.fresh('piece');
  writer.open(`for (int ${n} = thread; ${n} < ${rows * perRow}; ${n} += ${writer.plan.threads}) {`);
  const place = `${base + from * bytesOf[element]} + ${n} / ${perRow} * ${stride} + ${n} % ${perRow} * 4`;
  writer.line(`store_shared<uint32_t>(${place}, 0u);`);
  writer.close();
}
