// reduce: each thread combines what it holds, then lanes of a row or column exchange by shuffles, and warps through shared
// memory, in one order. Sums over a row that may wait until behind a loop are left to the lanes as shares.
import type { Tile } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import { type Reduction, reducerOf } from '../../shared/tile/reduce.js';
import { CHUNK } from '../buffers.js';
import type { KernelWriter, Registers, Types } from '../kernel-writer.js';
import { ceilDivide, columnsHeld, rowsHeld, subscript } from '../layout/fragments.js';
import { floatText } from '../text/code.js';
import { reform } from './reform.js';

type Monoid = Reduction['monoid'];

const neutral: Readonly<Record<Monoid, string>> = { sum: '0.0f', max: floatText(Number.NEGATIVE_INFINITY) };
const combined = (monoid: Monoid, x: string, y: string): string =>
  monoid === 'sum' ? `${x} + ${y}` : `fmaxf(${x}, ${y})`;

/**
 * What is kept where a tile is reduced across its columns, and across its rows: the form of the result, where a thread's entries of it
 * lie, the lanes that hold entries of one row or column, by the bits in which their numbers differ, and which of them writes.
 */
const kept = {
  rows: { form: 'row', held: rowsHeld, lanes: [1, 2], writes: 'lane % 4 == 0' },
  columns: { form: 'column', held: columnsHeld, lanes: [4, 8, 16], writes: 'lane < 4' },
} as const;
type Kept = keyof typeof kept;
const across: Readonly<Record<Kept, Kept>> = { rows: 'columns', columns: 'rows' };

const offsetAlong = (writer: KernelWriter, which: Kept, range: HeldRange): string =>
  (which === 'rows' ? writer.rowOffset(range, 'row') : writer.columnOffset(range, 'column')).text;

/** Combines a value with that of the lanes across, in place. */
function shuffle(writer: KernelWriter, name: string, monoid: Monoid, lanes: readonly number[]): void {
  for (const mask of lanes) writer.line(`${name} = ${combined(monoid, name, `shuffle_xor(${name}, ${mask})`)};`);
}

/** What counts of an entry: nothing beyond the last column or row. */
function counted(writer: KernelWriter, value: string, monoid: Monoid, which: Kept, range: HeldRange): string {
  const offset = offsetAlong(writer, which, range);
  const isWhole = kept[which].held(range, writer.plan.warps) <= range.high - range.low;
  return isWhole ? value : `(${offset} < ${range.high} ? ${value} : ${neutral[monoid]})`;
}

/** One value for each row, or for each column. */
const keeping =
  (which: Kept) =>
  (writer: KernelWriter, { source, tile, monoid, position }: Reduction): Registers => {
    const { form, lanes } = kept[which];
    const other = across[which];
    const from = writer.registersOf(source, 'grid');
    const axes = writer.plan.analysis.gridAxes(source);
    const range = writer.range(source, axes[other === 'rows' ? 0 : 1]);
    const into = writer.declare(tile, form);
    const value = counted(writer, `${from.name}[m][n][2 * half + pair]`, monoid, other, range);
    writer.openForm(form, into);
    const total = writer.fresh('total');
    writer.line(`float ${total} = ${neutral[monoid]};`);
    writer.openForm(kept[other].form, from);
    writer.line(`${total} = ${combined(monoid, total, value)};`);
    writer.closeForm(kept[other].form);
    const isShare = writer.plan.analysis.isShare(tile);
    if (!isShare) shuffle(writer, total, monoid, lanes);
    writer.line(`${into.name}${subscript(form, form)} = ${total};`);
    writer.closeForm(form);
    if (!isShare) acrossAllWarps(writer, tile, into, monoid, position);
    return into;
  };

/** Adds up the shares of a tile that lanes of a row hold. */
export function completeRows(writer: KernelWriter, tile: Tile, position: number): void {
  const registers = writer.registersOf(tile, 'row');
  writer.line('// the lanes of a row have summed up shares');
  writer.openForm('row', registers);
  shuffle(writer, `${registers.name}[m][half]`, 'sum', kept.rows.lanes);
  writer.closeForm('row');
  acrossAllWarps(writer, tile, registers, 'sum', position);
}

/** Warps that share rows have combined their own columns, and those that share columns their own rows. */
function acrossAllWarps(
  writer: KernelWriter,
  tile: Tile,
  registers: Registers,
  monoid: Monoid,
  position: number,
): void {
  const which = registers.form === 'row' ? 'rows' : 'columns';
  const { held, writes } = kept[which];
  const range = writer.range(tile, tile.axes[0]!.kind);
  acrossWarps(writer, registers, monoid, position, {
    along: across[which],
    entries: held(range, writer.plan.warps),
    place: `${offsetAlong(writer, which, range)} - ${range.low}`,
    writes,
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
  const which = form === 'row' ? 'rows' : 'columns';
  const from = writer.registersOf(source, form);
  const range = writer.range(source, source.axes[0]!.kind);
  const name = writer.nameOf(tile);
  const registers: Registers = { form: 'single', name, rows: 1, columns: 1 };
  writer.line(`float ${name} = ${neutral[monoid]};`);
  writer.openForm(form, from);
  const value = counted(writer, `${from.name}${subscript(form, form)}`, monoid, which, range);
  writer.line(`${name} = ${combined(monoid, name, value)};`);
  writer.closeForm(form);
  // Lanes of one row hold different columns.
  shuffle(writer, name, monoid, kept[across[which]].lanes);
  const first = writer.plan.warps[across[which]] > 1 ? ` && warp_${which === 'rows' ? 'column' : 'row'} == 0` : '';
  acrossWarps(writer, registers, monoid, position, {
    along: which,
    entries: 1,
    place: '0',
    writes: `lane == 0${first}`,
  });
  writer.assign(tile, registers);
}

export const lowerReduce = reducerOf<Types, KernelWriter>({
  line: reduceLine,
  acrossColumns: keeping('rows'),
  acrossRows: keeping('columns'),
  reform,
});
