// gram: each thread multiplies the entries that it holds of the tile with their neighbours, read once for all grams beside one
// another; then one thread a tap adds up what all threads have, in their order.

import type { GramOperation } from '../../../codegen/tile/operations/gram.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { affine, type Expression, valuesOfCounters } from '../../../src/ir/index.js';
import { inRows } from '../../shared/layout/space.js';
import { offsetAt, placeInRing } from '../../shared/tile/neighbours.js';
import { ringOf } from '../../shared/tile/plan.js';
import { type KernelWriter, offsetCode, type Registers } from '../kernel-writer.js';
import { ceilDivide, threadCount } from '../layout/threads.js';
import { type Code, floatCode, parts } from '../text/code.js';
import { entriesOfGram } from './gram-by-entry.js';
import { type RingSite, RowOfRing } from './neighbours.js';
import { ringPlace } from './ring.js';

/** Products of vectors that the grams of a tile may write out: drivers take long to compile more. */
const MOST_WRITTEN = 600;

/** Where each tap of a gram reads, from the entry of the tile. */
interface GramTaps {
  readonly operation: GramOperation;
  readonly taps: readonly { readonly row: number; readonly column: number }[];
}

/** What grams that go over one tile have in common. */
interface GramSite extends RingSite {
  readonly held: Registers;
  readonly columnsHeld: number;
}

export function lowerGram(writer: KernelWriter, operation: GramOperation, tile: Tile, position: number): void {
  const { accumulator } = operation;
  const registers = writer.variables(tile, 'flat', 'gram', (row) => writer.registersOf(accumulator, 'flat').at(row, 0));
  if (!writer.sumsOfGrams.has(operation)) sumTogether(writer, operation, position);
  const sums = writer.sumsOfGrams.get(operation);
  if (sums) for (const [n, sum] of sums.entries()) writer.add(registers.at(n, 0), sum.text);
  else entriesOfGram(writer, operation, { tile, registers, position });
  writer.assign(tile, registers);
}

/** Sums of all grams beside one, unless their offsets are not known or they are too many to write out. */
function sumTogether(writer: KernelWriter, operation: GramOperation, position: number): void {
  const grams = writer.plan.gramsBeside(operation).map((each) => tapsOf(writer, each));
  const held = writer.registersOf(operation.tile, 'grid');
  const count = grams.reduce((sum, each) => sum + (each?.taps.length ?? Number.POSITIVE_INFINITY), 0);
  if (!grams.every((each) => each !== undefined) || count * held.rows * held.groups > MOST_WRITTEN) return;
  const { space } = writer.plan.analysis;
  const ring = ringOf(operation.source);
  const place = ringPlace(writer, ring);
  writer.reads([{ base: place.base, size: writer.plan.ringLayout(ring).region.size }]);
  const site: GramSite = {
    ...placeInRing(space, operation.tile, place, 'a gram'),
    base: place.base,
    stride: place.stride,
    rows: writer.range(operation.tile, space.rows),
    columns: writer.range(operation.tile, space.columns),
    held,
    columnsHeld: 4 * writer.plan.threads.columns,
  };
  const partial = grams.map(({ taps }) =>
    Array.from({ length: ceilDivide(taps.length, 4) }, () => writer.variable('partial', floatCode(0), true)),
  );
  addProducts(writer, site, grams, partial);
  exchange(writer, grams, partial, position);
}

/** The taps of a gram; undefined where an offset knows more than its counters. */
function tapsOf(writer: KernelWriter, operation: GramOperation): GramTaps | undefined {
  const { counters } = operation;
  const offsets = inRows(writer.plan.analysis.space, operation.queryOffset, operation.keyOffset);
  const isKnown = (offset: Expression): boolean =>
    affine(offset)?.terms.every(
      ({ factor }) => factor.kind === 'variable' && counters.some(({ name }) => name === factor.name),
    ) ?? false;
  if (!offsets.every(isKnown)) return undefined;
  const taps = valuesOfCounters(counters).map((values) => {
    const [row, column] = offsets.map((each) => offsetAt(each, counters, values)) as [number, number];
    return { row, column };
  });
  return { operation, taps };
}

/** Adds a thread's own products, row by row of the ring: each is read once for all taps and entries that want it. */
function addProducts(
  writer: KernelWriter,
  site: GramSite,
  grams: readonly GramTaps[],
  partial: readonly (readonly Code[])[],
): void {
  const { held } = site;
  const ownRows = Array.from({ length: held.rows }, (_, row) => row);
  const rowsRead = new Set(ownRows.flatMap((row) => grams.flatMap(({ taps }) => taps.map((tap) => row + tap.row))));
  for (let group = 0; group < held.groups; group += 1) {
    const factors = ownRows.map((row) => ofColumns(writer, site, group, held.at(row, group)));
    for (const ringRow of [...rowsRead].sort((one, other) => one - other)) {
      const neighbours = new RowOfRing(writer, site, ringRow, group);
      const near = new Map<number, Code>();
      const nearAt = (column: number): Code => {
        const known = near.get(column) ?? ofColumns(writer, site, group, neighbours.from(column));
        near.set(column, known);
        return known;
      };
      for (const [n, { taps }] of grams.entries()) {
        for (const row of ownRows) {
          for (const [vector, into] of partial[n]!.entries()) {
            const own = parts.map((_, part) => taps[4 * vector + part]);
            if (!own.some((tap) => tap && row + tap.row === ringRow)) continue;
            const products = own.map((tap) =>
              tap && row + tap.row === ringRow
                ? `dot(${factors[row]!.text}, ${nearAt(tap.column).text})`
                : floatCode(0).text,
            );
            writer.add(into, ofRow(writer, site, row, `vec4f(${products.join(', ')})`));
          }
        }
      }
    }
  }
}

/** Products of one row, 0 in threads whose rows lie beyond the tile's last: what their registers hold is no part of it. */
function ofRow(writer: KernelWriter, { rows, held }: GramSite, row: number, products: string): string {
  if (writer.plan.threads.rows * held.rows <= rows.high - rows.low) return products;
  return `select(vec4f(), ${products}, ${offsetCode(writer.rowOffset(rows, row)).text} < ${rows.high})`;
}

/** Four entries of which those beyond the tile's last column are 0. */
function ofColumns(writer: KernelWriter, { columns, columnsHeld }: GramSite, group: number, four: Code): Code {
  if (columnsHeld * (group + 1) <= columns.high - columns.low) return four;
  const first = offsetCode(writer.columnOffset(columns, group));
  const isHeld = `${first.text} + vec4i(0, 1, 2, 3) < vec4i(${columns.high})`;
  return writer.printer.bind({ ...four, text: `select(vec4f(), ${four.text}, ${isHeld})` }, 'held');
}

/** Adds up what threads have, for as many grams at once as there is room for. */
function exchange(
  writer: KernelWriter,
  grams: readonly GramTaps[],
  partial: readonly (readonly Code[])[],
  position: number,
): void {
  const { arena, threads } = writer.plan;
  const count = threadCount(threads);
  const base = arena.scratchBase(position);
  const room = arena.roomAt(position);
  const sizes = partial.map(({ length }) => length * count);
  for (let first = 0; first < grams.length; ) {
    let [end, size] = [first + 1, sizes[first]!];
    while (end < grams.length && size + sizes[end]! <= room) {
      size += sizes[end]!;
      end += 1;
    }
    writer.access('write', base, size, 'the sums of a gram');
    for (const [n, vector] of partial.slice(first, end).flat().entries())
      writer.line(`${writer.arenaAt(base + n * count, writer.thread)} = ${vector.text};`);
    writer.access('read', base, size);
    let start = base;
    for (let n = first; n < end; n += 1) {
      writer.sumsOfGrams.set(grams[n]!.operation, sumsOf(writer, grams[n]!.operation, start));
      start += sizes[n]!;
    }
    first = end;
  }
}

/** The sums over threads of the taps that each thread has in a flat tile; vectors of the threads lie from `start` on. */
function sumsOf(writer: KernelWriter, { accumulator }: GramOperation, start: number): readonly Code[] {
  const count = threadCount(writer.plan.threads);
  const range = writer.range(accumulator, accumulator.axes[0]!.kind);
  const { rows } = writer.shape(accumulator, 'flat');
  return Array.from({ length: rows }, (_, n) => {
    const sum = writer.variable('sum', floatCode(0));
    const tap = offsetCode(writer.flatOffset(range, n));
    const isPartial = (n + 1) * count > range.high - range.low;
    if (isPartial) writer.open(`if (${tap.text} < ${range.high}) {`);
    const other = writer.fresh('other');
    writer.open(`for (var ${other} = 0; ${other} < ${count}; ${other}++) {`);
    const own = writer.named(tap, 'tap').text;
    writer.add(sum, `${writer.arenaName}[(${own} >> 2u) * ${count} + ${other} + ${start}][${own} & 3]`);
    writer.close();
    if (isPartial) writer.close();
    return sum;
  });
}
