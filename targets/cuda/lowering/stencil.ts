// stencil: as products with Toeplitz matrices of its weights where it can be; else each thread adds up the neighbourhood of its entries
// from the ring. Where taps run along a row of keys, that is loaded once for both columns of a pair.

import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import { axisOfKind, type Tile, tileVariables, validRange } from '../../../codegen/tile/types.js';
import { affine, asFloat, type Expression, freeVariables } from '../../../src/ir/index.js';
import { type OrientedTaps, oriented, type Space } from '../../shared/layout/space.js';
import { placeInRing } from '../../shared/tile/neighbours.js';
import type { TapTable } from '../../shared/tile/plan.js';
import { ringOf } from '../../shared/tile/plan.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { columnsHeld, rowsHeld } from '../layout/fragments.js';
import { atom, type Code, floatCode, integerCode, plusConstant } from '../text/code.js';
import { placeOfRing, type RingPlace, ringEntry, ringPlace } from './ring.js';
import { tapWeight } from './taps.js';
import { toeplitzStencil } from './toeplitz.js';

/** What lowering a stencil has found out. */
export interface StencilSite {
  readonly operation: OrientedTaps<StencilOperation>;
  readonly tile: Tile;
  readonly registers: Registers;
  readonly place: RingPlace;
  /** From an offset of the tile to one of the ring. */
  readonly rowShift: number;
  readonly columnShift: number;
  readonly table: TapTable | undefined;
}

export function lowerStencil(writer: KernelWriter, stencil: StencilOperation, tile: Tile): void {
  const { weight } = stencil;
  const ring = ringOf(stencil.source);
  const { space } = writer.plan.analysis;
  const operation = oriented(space, stencil);
  const place = ringPlace(writer, ring);
  const { rowShift, columnShift } = placeInRing(space, tile, place, 'a stencil');
  const table = writer.plan.tapTable(weight);
  const toeplitz = writer.plan.toeplitzOf(stencil);
  const weights = toeplitz?.region ?? table?.region;
  const held = weights ? [{ base: writer.plan.arena.baseOf(weights), size: weights.size }] : [];
  writer.reads([placeOfRing(writer, ring), ...held]);
  const registers = writer.declare(tile, 'grid');
  writer.fill(registers, () => floatCode(0));
  const site = { operation, tile, registers, place, rowShift, columnShift, table };
  if (toeplitz) toeplitzStencil(writer, site, toeplitz);
  else if (table && runsAlongRows(operation, space)) alongRows(writer, site, table);
  else tapByTap(writer, site);
  writer.assign(tile, registers);
}

/** More neighbours than these are not held in registers. */
const mostNeighbours = 32;

/** Whether the last counter steps along the keys of a row, and nothing but the ring's entry depends on it. */
function runsAlongRows(
  { counters, rowOffset, columnOffset, guard }: StencilSite['operation'],
  { columns }: Space,
): boolean {
  const last = counters.at(-1);
  if (!last || last.extent > mostNeighbours || freeVariables(rowOffset).has(last.name)) return false;
  if (guard && (freeVariables(guard).has(last.name) || freeVariables(guard).has(tileVariables[columns]))) return false;
  const term = affine(columnOffset)?.terms.find(
    ({ factor }) => factor.kind === 'variable' && factor.name === last.name,
  );
  return term?.coefficient === 1;
}

/** The offset along an axis inside of the loops, kept to what the tile holds: fragments reach beyond it. */
export function clamped(writer: KernelWriter, tile: Tile, along: keyof Space, offset: Code): Code {
  const kind = writer.plan.analysis.space[along];
  const range = writer.range(tile, kind);
  const valid = validRange(axisOfKind(tile.axes, kind)!);
  const held = along === 'rows' ? rowsHeld(range, writer.plan.warps) : columnsHeld(range, writer.plan.warps);
  let { text } = offset;
  if (range.low + held > valid.high) text = `least(${text}, ${valid.high - 1})`;
  if (range.low < valid.low) text = `most(${text}, ${valid.low})`;
  return text === offset.text ? offset : atom(text, 'int');
}

function openOuter(writer: KernelWriter, { counters }: StencilSite['operation'], count: number): Map<string, Code> {
  const own = new Map<string, Code>();
  for (const { name, extent } of counters.slice(0, count)) {
    const counter = writer.fresh(name);
    own.set(name, atom(counter, 'int'));
    writer.line('#pragma unroll 1');
    writer.open(`for (int ${counter} = 0; ${counter} < ${extent}; ++${counter}) {`);
  }
  return own;
}

/** How far the entry that is read lies from the tile's own, along rows and columns of the ring. */
function offsetsOf(
  writer: KernelWriter,
  { operation, rowShift, columnShift }: StencilSite,
  counters: ReadonlyMap<string, Code>,
): readonly [row: string, column: string] {
  const offset = (expression: Expression, shift: number): string =>
    plusConstant(writer.print(expression, writer.surroundings(counters)), shift).text;
  return [offset(operation.rowOffset, rowShift), offset(operation.columnOffset, columnShift)];
}

function alongRows(writer: KernelWriter, site: StencilSite, table: TapTable): void {
  const { rows, columns } = writer.plan.analysis.space;
  const { operation, tile, registers, place } = site;
  const { counters, guard } = operation;
  const { name: along, extent } = counters.at(-1)!;
  const outer = openOuter(writer, operation, counters.length - 1);
  const known = new Map([...outer, [along, integerCode(0)]]);
  const [rowOffset, columnOffset] = offsetsOf(writer, site, known);
  const weights = writer.fresh('weights');
  const t = writer.fresh('t');
  writer.line(`float ${weights}[${extent}];`);
  writer.openUnrolled(t, extent);
  const values = [...counters.slice(0, -1).map(({ name }) => outer.get(name)!.text), t];
  writer.line(`${weights}[${t}] = ${tapWeight(writer, table, values).text};`);
  writer.close();
  writer.openUnrolled('m', registers.rows);
  writer.openUnrolled('half', 2);
  const row = codeOfRow(writer, tile);
  const line = writer.named(atom(`${row.text} + ${rowOffset}`, 'int'), 'line');
  if (guard) {
    const absolute = writer.absolute(axisOfKind(tile.axes, rows)!, row);
    const condition = writer.print(guard, writer.surroundings(new Map([...known, [tileVariables[rows], absolute]])));
    writer.open(`if (${condition.text}) {`);
  }
  writer.openUnrolled('n', registers.columns);
  const range = writer.range(tile, columns);
  const column = (n: number): string => {
    const own = `${writer.firstColumn(range).text} + n * 8${n > 0 ? ` + ${n}` : ''}`;
    return clamped(writer, tile, 'columns', atom(own, 'int')).text;
  };
  const isWhole = column(0) === `${writer.firstColumn(range).text} + n * 8`;
  const near = writer.fresh('near');
  if (isWhole) {
    writer.line(`float ${near}[${extent + 1}];`);
    writer.openUnrolled(t, extent + 1);
    writer.line(`${near}[${t}] = ${ringEntry(place, line.text, `${column(0)} + ${columnOffset} + ${t}`)};`);
    writer.close();
  }
  writer.openUnrolled(t, extent);
  for (let n = 0; n < 2; n += 1) {
    const next = n > 0 ? ' + 1' : '';
    const entry = isWhole
      ? `${near}[${t}${next}]`
      : ringEntry(place, line.text, `${column(n)} + ${columnOffset} + ${t}`);
    writer.line(`${registers.name}[m][n][2 * half${next}] += ${weights}[${t}] * ${entry};`);
  }
  writer.close();
  writer.close();
  if (guard) writer.close();
  writer.close();
  writer.close();
  for (const _ of outer) writer.close();
}

const codeOfRow = (writer: KernelWriter, tile: Tile): Code => {
  const first = writer.firstRow(writer.range(tile, writer.plan.analysis.space.rows));
  return writer.named(clamped(writer, tile, 'rows', atom(`${first.text} + m * 16 + half * 8`, 'int')), 'line');
};

function tapByTap(writer: KernelWriter, site: StencilSite): void {
  const { operation, tile, registers, place, table } = site;
  const { counters, guard, weight } = operation;
  const known = openOuter(writer, operation, counters.length);
  const [rowOffset, columnOffset] = offsetsOf(writer, site, known);
  const shared =
    table &&
    writer.named(
      tapWeight(
        writer,
        table,
        counters.map(({ name }) => known.get(name)!.text),
      ),
      'weight',
    );
  writer.openForm('grid', registers);
  const offsets = writer.offsets(tile, 'grid');
  const { space } = writer.plan.analysis;
  const row = writer.named(clamped(writer, tile, 'rows', offsets.get(space.rows)!), 'line');
  const column = writer.named(clamped(writer, tile, 'columns', offsets.get(space.columns)!), 'column');
  const surroundings = writer.elementOf(tile, [], 'grid', known);
  const condition = guard && writer.named(writer.print(guard, surroundings), 'guard');
  const factor = shared ?? writer.printer.bind(writer.print(asFloat(weight), surroundings), 'weight');
  const entry = ringEntry(place, `${row.text} + ${rowOffset}`, `${column.text} + ${columnOffset}`);
  const term = `${factor.text} * ${entry}`;
  writer.line(`${registers.name}[m][n][e] += ${condition ? `${condition.text} ? ${term} : 0.0f` : term};`);
  writer.closeForm('grid');
  for (const _ of counters) writer.close();
}
