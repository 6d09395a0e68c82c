// stencil: each thread loads the neighbourhood of its rows and columns once, row of the ring by row, and adds every tap that
// reads that row to the rows above and below which want it. Large stencils run in loops over their counters.

import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import { type Tile, type TileAxisKind, tileVariables } from '../../../codegen/tile/types.js';
import { asFloat, freeVariables, readsOf, valuesOfCounters } from '../../../src/ir/index.js';
import { oriented } from '../../shared/layout/space.js';
import { offsetAt, placeInRing } from '../../shared/tile/neighbours.js';
import { ringOf } from '../../shared/tile/plan.js';
import type { KernelWriter } from '../kernel-writer.js';
import type { StencilForm } from '../stencil-forms.js';
import { vectorsOf } from '../tap-functions.js';
import { binary, type Code, floatCode, integerCode, level, splat } from '../text/code.js';
import { RowOfRing, type StencilSite, type Tap } from './neighbours.js';
import { ringPlace } from './ring.js';
import { linesOfTaps, loopOverTaps, rolledStencil, slicedStencil } from './stencil-loops.js';
import { tapPlace, tapVectors, tapWeight } from './taps.js';

/** Products of vectors that the stencils of a kernel may write out: drivers take long to compile more. */
const mostWritten = 1200;

export function lowerStencil(writer: KernelWriter, stencil: StencilOperation, tile: Tile): void {
  const { space } = writer.plan.analysis;
  const operation = oriented(space, stencil);
  const { weight } = operation;
  const ring = ringOf(operation.source);
  const place = ringPlace(writer, ring);
  const { base, stride } = place;
  const { rowShift, columnShift } = placeInRing(space, tile, place, 'a stencil');
  const { region } = writer.plan.ringLayout(ring);
  const table = writer.plan.tapTable(weight);
  const held = table ? [{ base: writer.plan.arena.baseOf(table.region), size: table.region.size }] : [];
  writer.reads([{ base, size: region.size }, ...held]);
  const registers = writer.variables(tile, 'grid', 'convolved', () => floatCode(0));
  const site: StencilSite = {
    operation,
    tile,
    registers,
    rows: writer.range(tile, space.rows),
    columns: writer.range(tile, space.columns),
    base,
    stride,
    rowShift,
    columnShift,
    table,
    taps: tapsOf(operation),
  };
  lowerTaps(writer, site);
  writer.assign(tile, registers);
}

/** Every tap is written out where that is not too much: what is loaded from workgroup memory is then used most often. */
function lowerTaps(writer: KernelWriter, site: StencilSite): void {
  const { taps, registers } = site;
  const each = registers.rows * registers.groups;
  const count = writer.plan.count('stencil');
  const shape = linesOfTaps(writer, site);
  const own = (): StencilForm => {
    if (taps.length * each * count <= mostWritten) return 'unrolled';
    if (!shape) return 'loop';
    return 4 * shape.lines.extent * each * count <= mostWritten ? 'sliced' : 'rolled';
  };
  const form = writer.context.stencilForms.choose(nameOf(site), own());
  if (form === 'unrolled') unrolled(writer, site);
  else if (form === 'loop' || !shape) loopOverTaps(writer, site);
  else if (form === 'sliced') slicedStencil(writer, site, shape);
  else rolledStencil(writer, site, shape);
}

/** What tells stencils apart, whichever kernel has them: the tables of their weights, and how many taps there are. */
const nameOf = ({ operation: { weight, counters } }: StencilSite): string =>
  [
    ...readsOf(weight).map(({ source }) => (source.op === 'tensor' ? source.name : '')),
    ...counters.map(({ extent }) => extent),
  ].join();

/** All taps with their offsets. */
function tapsOf({ counters, rowOffset, columnOffset }: StencilSite['operation']): Tap[] {
  return valuesOfCounters(counters).map((each) => ({
    counters: each,
    row: offsetAt(rowOffset, counters, each),
    column: offsetAt(columnOffset, counters, each),
  }));
}

/** Every tap written out: each row of the ring that this thread reads is loaded once for all of them. */
function unrolled(writer: KernelWriter, site: StencilSite): void {
  const { registers, taps } = site;
  const rowsRead = new Set<number>();
  for (const tap of taps) for (let row = 0; row < registers.rows; row += 1) rowsRead.add(row + tap.row);
  const isGuardOfRows = guardsWholeRows(writer.plan.analysis.space.columns, site);
  for (let group = 0; group < registers.groups; group += 1) {
    for (const ringRow of [...rowsRead].sort((one, other) => one - other)) {
      const windows = new RowOfRing(writer, site, ringRow, group);
      for (let row = 0; row < registers.rows; row += 1) {
        const own = taps.filter((tap) => row + tap.row === ringRow);
        if (own.length > 0) addTaps(writer, site, windows, own, { row, group, isGuardOfRows });
      }
    }
  }
}

function addTaps(
  writer: KernelWriter,
  site: StencilSite,
  windows: RowOfRing,
  taps: readonly Tap[],
  { row, group, isGuardOfRows }: { readonly row: number; readonly group: number; readonly isGuardOfRows: boolean },
): void {
  const { operation, registers } = site;
  const into = registers.at(row, group);
  const product = (tap: Tap): Code =>
    binary(weightAt(writer, site, tap, row, group), '*', windows.from(tap.column), 'float', level.multiply);
  if (!operation.guard && addLine(writer, site, windows, taps, into)) return;
  if (!operation.guard) {
    for (const tap of taps) writer.add(into, product(tap).text);
  } else if (isGuardOfRows) {
    const part = writer.variable('part', floatCode(0), true);
    for (const tap of taps) writer.add(part, product(tap).text);
    writer.add(into, guarded(guardAt(writer, site, taps[0]!, row, group), part));
  } else {
    for (const tap of taps) {
      const term = product(tap);
      writer.add(into, guarded(guardAt(writer, site, tap, row, group), term));
    }
  }
}

/** Taps of a line that are worth a function, and the vectors that it may take. */
const LEAST_TAPS = 4;
const MOST_VECTORS = 8;

/** Adds taps of one row of the ring by a function of the module; false where they do not lie in few vectors. */
function addLine(
  writer: KernelWriter,
  { table }: StencilSite,
  windows: RowOfRing,
  taps: readonly Tap[],
  into: Code,
): boolean {
  if (!table || taps.length < LEAST_TAPS) return false;
  const weights = taps.map(({ counters }) => tapPlace(table.counters, counters));
  const firsts = taps.map(({ column }) => windows.firstAt(column));
  const firstWeights = Math.min(...weights.map(({ vector }) => vector));
  const firstNeighbours = Math.floor(Math.min(...firsts) / 4);
  const line = weights.map(({ vector, part }, n) => ({
    weight: 4 * (vector - firstWeights) + part,
    neighbour: firsts[n]! - 4 * firstNeighbours,
  }));
  const vectors = vectorsOf(line);
  if (vectors.weights + vectors.neighbours > MOST_VECTORS) return false;
  const operands = [
    into,
    tapVectors(writer, table, firstWeights, vectors.weights),
    windows.vectorsFrom(firstNeighbours, vectors.neighbours),
  ];
  const adder = writer.context.tapFunctions.adder(line);
  writer.set(into, `${adder}(${operands.map(({ text }) => text).join(', ')})`);
  return true;
}

/** select(0, x, guard): a neighbour beyond a boundary counts nothing, whatever it is. */
const guarded = (guard: Code, x: Code): string => `select(vec4f(), ${splat(x).text}, ${guard.text})`;

const constants = ({ operation: { counters } }: StencilSite, tap: Tap): Map<string, Code> =>
  new Map(counters.map(({ name }, n) => [name, integerCode(tap.counters[n]!)]));

function guardAt(writer: KernelWriter, site: StencilSite, tap: Tap, row: number, group: number): Code {
  const surroundings = writer.elementOf(site.tile, [], { form: 'grid', row, group }, constants(site, tap));
  return writer.named(writer.print(site.operation.guard!, surroundings), 'guard');
}

function weightAt(writer: KernelWriter, site: StencilSite, tap: Tap, row: number, group: number): Code {
  if (site.table) return tapWeight(writer, site.table, tap.counters);
  const surroundings = writer.elementOf(site.tile, [], { form: 'grid', row, group }, constants(site, tap));
  const weight = writer.print(asFloat(site.operation.weight), surroundings);
  return { ...weight, text: weight.level < level.multiply ? `(${weight.text})` : weight.text, level: level.atom };
}

/** Whether all taps of one row of the neighbourhood share a guard: it knows neither column nor the taps along it. */
function guardsWholeRows(columns: TileAxisKind, { operation: { guard, counters }, taps }: StencilSite): boolean {
  if (!guard) return false;
  const free = freeVariables(guard);
  if (free.has(tileVariables[columns])) return false;
  const known = new Map<number, string>();
  return taps.every(({ row, counters: values }) => {
    const seen = values.filter((_, n) => free.has(counters[n]!.name)).join();
    const before = known.get(row) ?? seen;
    known.set(row, before);
    return before === seen;
  });
}
