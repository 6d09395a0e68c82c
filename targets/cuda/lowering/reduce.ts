// reduce: each thread combines what it holds, then lanes of a row or column exchange by shuffles, and warps through shared
// memory, in one order. Sums over a row that may wait until behind a loop are left to the lanes as shares.
import type { Tile } from '../../../codegen/tile/types.js';
import type { Form, HeldRange } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import { type Reduction, reducerOf } from '../../shared/tile/reduce.js';
import { CHUNK } from '../buffers.js';
import type { KernelWriter, Registers, Types } from '../kernel-writer.js';
import { ceilDivide, columnsHeld, loopsOf, rowsHeld, subscript } from '../layout/fragments.js';
import { floatText } from '../text/code.js';
import { reform } from './reform.js';

type Monoid = Reduction['monoid'];

const neutral: Readonly<Record<Monoid, string>> = { sum: '0.0f', max: floatText(Number.NEGATIVE_INFINITY) };
const combined = (monoid: Monoid, x: string, y: string): string =>
  monoid === 'sum' ? `${x} + ${y}` : `fmaxf(${x}, ${y})`;

/** Lanes that hold entries of one row, and of one column, by the bits in which their numbers differ. */
const rowLanes = [1, 2] as const;
const columnLanes = [4, 8, 16] as const;

/** Combines a value with that of the lanes across, in place. */
function shuffle(writer: KernelWriter, name: string, monoid: Monoid, lanes: readonly number[]): void {
  for (const mask of lanes) writer.line(`${name} = ${combined(monoid, name, `shuffle_xor(${name}, ${mask})`)};`);
}

/** What counts of an entry: nothing beyond the last column or row. */
const counted = (value: string, offset: string, range: HeldRange, held: number, monoid: Monoid): string =>
  held > range.high - range.low ? `(${offset} < ${range.high} ? ${value} : ${neutral[monoid]})` : value;

function array(writer: KernelWriter, tile: Tile, form: Form): Registers {
  const shape = writer.plan.shape(tile, form);
  const name = writer.nameOf(tile) + (writer.plan.analysis.forms(tile).length > 1 ? `_by_${form}` : '');
  writer.line(
    `float ${name}${loopsOf[form](shape)
      .map(([, extent]) => `[${extent}]`)
      .join('')};`,
  );
  return { form, name, ...shape };
}

/** One value a row. */
function acrossColumns(writer: KernelWriter, { source, tile, monoid, position }: Reduction): Registers {
  const from = writer.registersOf(source, 'grid');
  const range = writer.range(source, writer.plan.analysis.gridAxes(source)[1]);
  const into = array(writer, tile, 'row');
  const column = writer.firstColumn(range).text;
  writer.openForm('row', into);
  const total = writer.fresh('total');
  writer.line(`float ${total} = ${neutral[monoid]};`);
  writer.openUnrolled('n', from.columns);
  writer.openUnrolled('pair', 2);
  const value = counted(
    `${from.name}[m][n][2 * half + pair]`,
    `${column} + n * 8 + pair`,
    range,
    columnsHeld(range, writer.plan.warps),
    monoid,
  );
  writer.line(`${total} = ${combined(monoid, total, value)};`);
  writer.close();
  writer.close();
  if (!writer.plan.analysis.isShare(tile)) shuffle(writer, total, monoid, rowLanes);
  writer.line(`${into.name}[m][half] = ${total};`);
  writer.closeForm('row');
  if (!writer.plan.analysis.isShare(tile)) acrossWarpColumns(writer, tile, into, monoid, position);
  return into;
}

/** Adds up the shares of a tile that lanes of a row hold. */
export function completeRows(writer: KernelWriter, tile: Tile, position: number): void {
  const registers = writer.registersOf(tile, 'row');
  writer.line('// the lanes of a row have summed up shares');
  writer.openForm('row', registers);
  shuffle(writer, `${registers.name}[m][half]`, 'sum', rowLanes);
  writer.closeForm('row');
  acrossWarpColumns(writer, tile, registers, 'sum', position);
}

/** One value a column. */
function acrossRows(writer: KernelWriter, { source, tile, monoid, position }: Reduction): Registers {
  const from = writer.registersOf(source, 'grid');
  const range = writer.range(source, writer.plan.analysis.gridAxes(source)[0]);
  const into = array(writer, tile, 'column');
  const row = writer.firstRow(range).text;
  writer.openForm('column', into);
  const total = writer.fresh('total');
  writer.line(`float ${total} = ${neutral[monoid]};`);
  writer.openUnrolled('m', from.rows);
  writer.openUnrolled('half', 2);
  const held = rowsHeld(range, writer.plan.warps);
  const value = counted(`${from.name}[m][n][2 * half + pair]`, `${row} + m * 16 + half * 8`, range, held, monoid);
  writer.line(`${total} = ${combined(monoid, total, value)};`);
  writer.close();
  writer.close();
  shuffle(writer, total, monoid, columnLanes);
  writer.line(`${into.name}[n][pair] = ${total};`);
  writer.closeForm('column');
  const columns = writer.range(tile, tile.axes[0]!.kind);
  acrossWarps(writer, into, monoid, position, {
    along: 'rows',
    entries: columnsHeld(columns, writer.plan.warps),
    place: `${writer.firstColumn(columns).text} + n * 8 + pair - ${columns.low}`,
    writes: 'lane < 4',
  });
  return into;
}

/** Warps that share rows have combined their own columns. */
function acrossWarpColumns(
  writer: KernelWriter,
  tile: Tile,
  registers: Registers,
  monoid: Monoid,
  position: number,
): void {
  const rows = writer.range(tile, tile.axes[0]!.kind);
  acrossWarps(writer, registers, monoid, position, {
    along: 'columns',
    entries: rowsHeld(rows, writer.plan.warps),
    place: `${writer.firstRow(rows).text} + m * 16 + half * 8 - ${rows.low}`,
    writes: 'lane % 4 == 0',
  });
}

interface Exchange {
  /** The warps that have a share each: those of a column of warps, or of a row. */
  readonly along: 'rows' | 'columns';
  readonly entries: number;
  /** The number of this thread's entry. */
  readonly place: string;
  /** Which threads write. */
  readonly writes: string;
}

/** Combines what the warps have, entry by entry, in the order of the warps; all threads get the result. */
function acrossWarps(
  writer: KernelWriter,
  registers: Registers,
  monoid: Monoid,
  position: number,
  { along, entries, place, writes }: Exchange,
): void {
  const { warps, arena } = writer.plan;
  const count = warps[along];
  if (count === 1) return;
  const base = arena.scratchBase(position);
  const size = ceilDivide(count * entries * 4, CHUNK);
  const { form, name } = registers;
  const entry = subscript(form, form);
  const own = writer.ofWarp(along, entries).text;
  writer.access('write', base, size, 'a reduction');
  writer.openForm(form, registers);
  writer.line(`if (${writes}) store_shared<float>(${base * CHUNK} + (${own} + ${place}) * 4, ${name}${entry});`);
  writer.closeForm(form);
  writer.access('read', base, size);
  writer.openForm(form, registers);
  const total = writer.fresh('total');
  writer.line(`float ${total} = load_shared<float>(${base * CHUNK} + (${place}) * 4);`);
  const other = writer.fresh('other');
  writer.openUnrolled(other, count - 1);
  const next = `load_shared<float>(${base * CHUNK} + ((${other} + 1) * ${entries} + ${place}) * 4)`;
  writer.line(`${total} = ${combined(monoid, total, next)};`);
  writer.close();
  writer.line(`${name}${entry} = ${total};`);
  writer.closeForm(form);
}

/** A tile of one axis to one number. */
function reduceLine(writer: KernelWriter, { source, tile, monoid, position }: Reduction): void {
  const form = writer.plan.analysis.forms(source)[0]!;
  if (form === 'flat') refuse('a table of counts is not reduced on chip');
  const from = writer.registersOf(source, form);
  const range = writer.range(source, source.axes[0]!.kind);
  const name = writer.nameOf(tile);
  writer.line(`float ${name} = ${neutral[monoid]};`);
  writer.openForm(form, from);
  const isRow = form === 'row';
  const offset = isRow
    ? `${writer.firstRow(range).text} + m * 16 + half * 8`
    : `${writer.firstColumn(range).text} + n * 8 + pair`;
  const held = isRow ? rowsHeld(range, writer.plan.warps) : columnsHeld(range, writer.plan.warps);
  writer.line(
    `${name} = ${combined(monoid, name, counted(`${from.name}${subscript(form, form)}`, offset, range, held, monoid))};`,
  );
  writer.closeForm(form);
  shuffle(writer, name, monoid, isRow ? columnLanes : rowLanes);
  const registers: Registers = { form: 'single', name, rows: 1, columns: 1 };
  const along = isRow ? 'rows' : 'columns';
  const across = isRow ? 'columns' : 'rows';
  const first = writer.plan.warps[across] > 1 ? ` && warp_${isRow ? 'column' : 'row'} == 0` : '';
  acrossWarps(writer, registers, monoid, position, { along, entries: 1, place: '0', writes: `lane == 0${first}` });
  writer.assign(tile, registers);
}

export const lowerReduce = reducerOf<Types, KernelWriter>({ line: reduceLine, acrossColumns, acrossRows, reform });
