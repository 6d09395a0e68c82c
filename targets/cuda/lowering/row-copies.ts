// Copies of boxes whose rows are whole chunks: each thread copies the same chunks of rows that lie evenly apart, so that one pointer
// and one place in shared memory tell all of them. Loops that read ahead step the pointer from turn to turn.
import type { ForStatement } from '../../../codegen/tile/program.js';
import { difference } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type View } from '../../../codegen/tile/types.js';
import { affine, freeVariables, integer } from '../../../src/ir/index.js';
import { isStatic } from '../../shared/places.js';
import { type BoundBuffer, bytesOf, CHUNK, codes, pointerTo, pointerType } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import type { Matrix } from '../layout/matrices.js';
import { atom, type Code, integerCode } from '../text/code.js';
import { isTrusted } from './global-memory.js';
import type { Slice } from './staging.js';

/** A box whose rows can be copied so. */
export interface RowCopies {
  readonly view: View;
  readonly matrix: Matrix;
  readonly bound: BoundBuffer;
  /** Chunks of a row that neighbouring threads copy at once. */
  readonly together: number;
  /** Where the rows' axis stands among those of the buffer. */
  readonly rowAxis: number;
}

/** A cache line holds as many chunks. */
const MOST_TOGETHER = 8;
/** Fewer chunks than these are less than what memory gives at once. */
const LEAST_TOGETHER = 2;

/** How a box is copied by rows; undefined where chunks of a row, or rows of the sum, have bounds of their own. */
export function rowCopiesOf(
  writer: KernelWriter,
  view: View,
  matrix: Matrix,
  { over, end }: Pick<Slice, 'over' | 'end'>,
): RowCopies | undefined {
  const bound = writer.uses(view.buffer);
  const { minor, major, element } = matrix;
  const perChunk = CHUNK / bytesOf[element];
  const last = view.place.at(-1)!;
  const lastAxis = bound.buffer.axes.at(-1)!;
  const origin = difference(axisOfKind(view.axes, minor)!.origin, integer(0));
  const rowAxis = view.place.findIndex((entry) => 'along' in entry && entry.along === major);
  if (!bound.isAligned || origin === undefined || rowAxis < 0 || !isStatic(lastAxis)) return undefined;
  if (!('along' in last) || last.along !== minor) return undefined;
  const [low, high] = minor === over ? [0, end] : [matrix.lowMinor, matrix.lowMinor + matrix.columns];
  const held = over === major ? matrix.rows : matrix.columns;
  const isWhole = end % held === 0 && origin + low >= 0 && origin + high <= lastAxis.size;
  if (!isWhole || (origin + low) % perChunk !== 0 || matrix.columns % perChunk !== 0) return undefined;
  const perRow = matrix.columns / perChunk;
  let together = MOST_TOGETHER;
  while (perRow % together !== 0) together /= 2;
  return together < Math.min(LEAST_TOGETHER, perRow) ? undefined : { view, matrix, bound, together, rowAxis };
}

/** What a thread copies first: its row of the box, and where that chunk is. */
interface First {
  readonly row: Code;
  readonly column: Code;
  readonly pointer: string;
  /** The box's first row among those of the buffer. */
  readonly place: Code;
}

function firstOf(writer: KernelWriter, copies: RowCopies, slice: Slice, thread: Code): First {
  const { view, matrix, bound, together } = copies;
  const isKept = thread.text === 'thread';
  const known = (code: Code, prefix: string): Code =>
    isKept ? writer.ofThread(code, prefix) : writer.named(code, prefix);
  const row = known(atom(`${thread.text} / ${together}`, 'int'), 'line');
  const chunk = CHUNK / bytesOf[matrix.element];
  const column = known(atom(`${thread.text} % ${together} * ${chunk}`, 'int'), 'column');
  const lowOf = (along: 'major' | 'minor'): Code =>
    slice.over === matrix[along] ? slice.from : integerCode(along === 'major' ? matrix.lowMajor : matrix.lowMinor);
  const originOf = (along: 'major' | 'minor'): Code => writer.scalar(axisOfKind(view.axes, matrix[along])!.origin);
  let place = integerCode(0);
  const offsets = view.place.map((entry, n): Code => {
    const { start } = writer.extentOf(bound.buffer.axes[n]!);
    if (!('along' in entry)) return writer.named(codes.minus(writer.scalar(entry), start), 'place');
    const along = entry.along === matrix.major ? 'major' : 'minor';
    const first = codes.minus(codes.sum(originOf(along), lowOf(along)), start);
    if (along === 'minor') return codes.sum(first, column);
    place = writer.named(first, 'place');
    return codes.sum(place, row);
  });
  return { row, column, pointer: pointerTo(bound, offsets), place };
}

/** Entries from one row of the buffer to the next. */
const rowStride = ({ bound, rowAxis }: RowCopies): string =>
  bound.staticStrides ? String(bound.staticStrides[rowAxis]!) : `launch.${bound.strideFields[rowAxis]!}`;

/**
 * Starts the copies of a box.
 * @param from a variable that points to what this thread copies first; it is worked out without
 */
export function copyRows(
  writer: KernelWriter,
  copies: RowCopies,
  base: string,
  slice: Slice,
  from?: string | undefined,
): void {
  const { matrix, bound, together, rowAxis } = copies;
  const isRecomputed = writer.loops.size > 0 && writer.plan.stagesMany;
  if (isRecomputed) writer.open('{');
  const thread = isRecomputed ? writer.named(atom('recomputed(thread)', 'int'), 'own') : atom('thread', 'int');
  const { row, column, pointer, place } = firstOf(writer, copies, slice, thread);
  const bytes = bytesOf[matrix.element];
  const own = atom(`${row.text} * ${matrix.stride} + ${column.text} * ${bytes}`, 'int');
  const first = isRecomputed ? writer.named(own, 'chunk') : writer.ofThread(own, 'chunk');
  const axis = bound.buffer.axes[rowAxis]!;
  const bounds = isTrusted(axis.kind) ? `0, ${matrix.rows}` : `${place.text}, ${writer.extentOf(axis).size().text}`;
  const perRow = (matrix.columns * bytes) / CHUNK;
  const shape = [matrix.rows, perRow, together, matrix.stride, writer.plan.threads].join(', ');
  const shared = base === '0' ? first.text : `${base} + ${first.text}`;
  writer.line(`copy_rows<${shape}>(${shared}, ${from ?? pointer}, ${rowStride(copies)}, ${row.text}, ${bounds});`);
  if (isRecomputed) writer.close();
}

/** Declares a variable that points to what this thread copies first of a box, to be stepped from turn to turn. */
export function declarePointer(writer: KernelWriter, copies: RowCopies, slice: Slice): string {
  const name = writer.fresh('pointer');
  const { pointer } = firstOf(writer, copies, slice, atom('thread', 'int'));
  writer.line(`${pointerType(copies.bound)}${name} = ${pointer};`);
  return name;
}

/** Rows that a box moves on by from one turn of a loop to the next; undefined where they are not always as many. */
export function rowsATurn({ view, matrix }: RowCopies, { variable, step }: ForStatement): number | undefined {
  const { terms } = affine(axisOfKind(view.axes, matrix.major)!.origin) ?? {};
  const own = terms?.filter(({ factor }) => freeVariables(factor).has(variable));
  const [only] = own ?? [];
  return own?.length === 1 && only!.factor.kind === 'variable' ? only!.coefficient * step : undefined;
}

/** Steps a pointer by so many rows. */
export function stepPointer(writer: KernelWriter, copies: RowCopies, pointer: string, rows: number): void {
  writer.line(`${pointer} += ${rows} * ${rowStride(copies)};`);
}
