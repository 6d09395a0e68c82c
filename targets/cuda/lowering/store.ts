// store: each thread writes the valid entries that it holds; of what several threads hold, the first one writes. Neighbouring columns
// of rows of features are written two at a time. Entries beyond the tile, which only fill up fragments, are held back.
import type { StoreStatement } from '../../../codegen/tile/program.js';
import { axisOfKind, type TileAxis, type TileAxisKind, validRange } from '../../../codegen/tile/types.js';
import { isStatic } from '../../shared/places.js';
import { refuse } from '../../shared/refusal.js';
import type { BoundBuffer } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { FRAGMENT_COLUMNS, subscript, writingThread } from '../layout/fragments.js';
import { atom, type Code, within } from '../text/code.js';
import { locate, writeEntry } from './global-memory.js';
import { isMatrixInPairs, storeMatrix } from './matrix-pairs.js';
import { whereValid } from './valid.js';

export function lowerStore(writer: KernelWriter, statement: StoreStatement): void {
  const { tile, buffer, place } = statement;
  const bound = writer.uses(buffer);
  const form = writer.plan.analysis.forms(tile)[0]!;
  const registers = writer.registersOf(tile, form);
  if (registers.packed) refuse('a tile of rounded pairs is stored one by one');
  if (form === 'grid' && isInPairs(writer, statement, bound)) {
    storePairs(writer, statement, bound, registers);
    return;
  }
  if (form === 'grid' && isMatrixInPairs(writer, tile, buffer, place)) {
    storeMatrix(writer, { tile, bound, place }, registers);
    return;
  }
  const alone = writingThread(writer.plan.warps)[form];
  writer.openForm(form, registers);
  const offsets = writer.offsets(tile, form);
  const further = [
    ...(alone ? [alone] : []),
    ...[...offsets].flatMap(([kind, offset]) => whereValid(writer, { tile, form, kind }, offset)),
  ];
  const at = (kind: TileAxisKind): Code => writer.absolute(axisOfKind(tile.axes, kind)!, offsets.get(kind)!);
  writeEntry(writer, { bound, place, at }, atom(`${registers.name}${subscript(form, form)}`, 'float'), further);
  writer.closeForm(form);
}

/** The columns of a tile, where they lie one after the other in a row of features that begins at a whole chunk. */
function columnsOf(writer: KernelWriter, { tile, place }: StoreStatement): TileAxis | undefined {
  const last = place.at(-1);
  const [, kind] = writer.plan.analysis.gridAxes(tile);
  return last && 'along' in last && last.along === kind ? axisOfKind(tile.axes, kind!) : undefined;
}

/** Whether pairs of columns begin at even places, and lie inside of the buffer or outside of the tile as one. */
function isInPairs(writer: KernelWriter, statement: StoreStatement, bound: BoundBuffer): boolean {
  const columns = columnsOf(writer, statement);
  const axis = bound.buffer.axes.at(-1)!;
  if (!columns || !isStatic(axis) || !bound.isAligned || bound.element === 'int') return false;
  if (columns.origin.kind !== 'constant') return false;
  const first = Number(columns.origin.value);
  const { low, high } = validRange(columns);
  const isEven = [first, low, high, writer.range(statement.tile, columns.kind).low].every((each) => each % 2 === 0);
  return isEven && first + low >= 0 && first + high <= axis.size;
}

/** Rows are found, and held against the buffer, once for all of their columns. */
function storePairs(writer: KernelWriter, statement: StoreStatement, bound: BoundBuffer, registers: Registers): void {
  const { tile, place } = statement;
  const columns = columnsOf(writer, statement)!;
  const rows = axisOfKind(tile.axes, writer.plan.analysis.gridAxes(tile)[0]!)!;
  writer.openForm('row', registers);
  const row = writer.rowOffset(writer.range(tile, rows.kind), 'row');
  const first = writer.firstColumn(writer.range(tile, columns.kind));
  const at = (kind: TileAxisKind): Code =>
    kind === rows.kind ? writer.absolute(rows, row) : writer.absolute(columns, first);
  const { pointer, conditions } = locate(writer, { bound, place, at }, columns.kind);
  const all = [...whereValid(writer, { tile, form: 'grid', kind: rows.kind }, row), ...conditions].join(' && ');
  writer.open(all === '' ? '{' : `if (${all}) {`);
  const start = writer.fresh('start');
  writer.line(`${bound.element} *const ${start} = ${pointer};`);
  writer.openUnrolled('n', registers.columns);
  const column = `n * ${FRAGMENT_COLUMNS}`;
  const own = whereValid(
    writer,
    { tile, form: 'grid', kind: columns.kind },
    atom(`${within(first, 1)} + ${column}`, 'int'),
  ).join(' && ');
  const [low, high] = [0, 1].map((pair) => `${registers.name}[m][n][2 * half + ${pair}]`);
  writer.line(`${own === '' ? '' : `if (${own}) `}store_pair(${start} + ${column}, ${low}, ${high});`);
  writer.close();
  writer.close();
  writer.closeForm('row');
}
