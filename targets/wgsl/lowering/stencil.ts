// stencil: each thread loads the neighbourhood of its rows and columns once, row of the ring by row, and adds every tap that
// reads that row to the rows above and below which want it. Large stencils run in loops over their counters.

import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import { difference } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Tile } from '../../../codegen/tile/types.js';
import { affine, asFloat, type Expression, freeVariables, readsOf } from '../../../src/ir/index.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import type { TapTable } from '../../shared/tile/plan.js';
import { ringOf } from '../../shared/tile/plan.js';
import { codes } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import type { StencilForm } from '../stencil-forms.js';
import { atom, binary, type Code, floatCode, integerCode, level, plusConstant, splat } from '../text/code.js';
import { ringPlace } from './ring.js';
import { linesOfTaps, loopOverTaps, rolledStencil, slicedStencil } from './stencil-loops.js';
import { tapWeight } from './taps.js';

/** Products of vectors that the stencils of a kernel may write out: drivers take long to compile more. */
const mostWritten = 1200;

export interface Tap {
  /** The counters' values. */
  readonly counters: readonly number[];
  readonly query: number;
  readonly key: number;
}

/** What lowering a stencil has found out. */
export interface StencilSite {
  readonly operation: StencilOperation;
  readonly tile: Tile;
  readonly registers: Registers;
  readonly rows: HeldRange;
  readonly columns: HeldRange;
  readonly base: number;
  readonly stride: number;
  /** From an offset of the tile to one of the ring. */
  readonly rowShift: number;
  readonly columnShift: number;
  readonly table: TapTable | undefined;
  readonly taps: readonly Tap[];
}

export function lowerStencil(writer: KernelWriter, operation: StencilOperation, tile: Tile): void {
  const { weight } = operation;
  const ring = ringOf(operation.source);
  const [queryAxis, keyAxis] = [axisOfKind(tile.axes, 'query'), axisOfKind(tile.axes, 'key')];
  if (!queryAxis || !keyAxis || tile.axes.length !== 2) refuse('a stencil gives a tile of queries and keys');
  const { base, stride, firstQuery, firstKey } = ringPlace(writer, ring);
  const [rowShift, columnShift] = [difference(queryAxis.origin, firstQuery), difference(keyAxis.origin, firstKey)];
  if (rowShift === undefined || columnShift === undefined) refuse('a stencil lies at no fixed place in its ring');
  const { region } = writer.plan.ringLayout(ring);
  const table = writer.plan.tapTable(weight);
  const taps = table ? [{ base: writer.plan.arena.baseOf(table.region), size: table.region.size }] : [];
  writer.reads([{ base, size: region.size }, ...taps]);
  const registers = writer.variables(tile, 'grid', 'convolved', () => floatCode(0));
  const site: StencilSite = {
    operation,
    tile,
    registers,
    rows: writer.range(tile, 'query'),
    columns: writer.range(tile, 'key'),
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
function tapsOf({ counters, queryOffset, keyOffset }: StencilOperation): Tap[] {
  let values: number[][] = [[]];
  for (const { extent } of counters) {
    values = values.flatMap((before) => Array.from({ length: extent }, (_, n) => [...before, n]));
  }
  const names = counters.map(({ name }) => name);
  return values.map((each) => ({
    counters: each,
    query: offsetAt(queryOffset, names, each),
    key: offsetAt(keyOffset, names, each),
  }));
}

export function offsetAt(offset: Expression, names: readonly string[], values: readonly number[]): number {
  const form = affine(offset);
  if (!form) refuse('an offset of a stencil is a sum of its counters');
  return form.terms.reduce((total, { factor, coefficient }) => {
    const n = factor.kind === 'variable' ? names.indexOf(factor.name) : -1;
    if (n < 0) refuse('an offset of a stencil is a sum of its counters');
    return total + coefficient * values[n]!;
  }, form.constant);
}

const floorQuarter = (x: number): number => Math.floor(x / 4);
const modulo4 = (x: number): number => ((x % 4) + 4) % 4;

/** Every tap written out: each row of the ring that this thread reads is loaded once for all of them. */
function unrolled(writer: KernelWriter, site: StencilSite): void {
  const { registers, taps } = site;
  const rowsRead = new Set<number>();
  for (const { query } of taps) for (let row = 0; row < registers.rows; row += 1) rowsRead.add(row + query);
  const isGuardOfRows = guardsWholeRows(site);
  for (let group = 0; group < registers.groups; group += 1) {
    for (const ringRow of [...rowsRead].sort((one, other) => one - other)) {
      const windows = new RowOfRing(writer, site, ringRow, group);
      for (let row = 0; row < registers.rows; row += 1) {
        const own = taps.filter(({ query }) => row + query === ringRow);
        if (own.length > 0) addTaps(writer, site, windows, own, row, group, isGuardOfRows);
      }
    }
  }
}

function addTaps(
  writer: KernelWriter,
  site: StencilSite,
  windows: RowOfRing,
  taps: readonly Tap[],
  row: number,
  group: number,
  isGuardOfRows: boolean,
): void {
  const { operation, registers } = site;
  const into = registers.at(row, group);
  const product = (tap: Tap): Code =>
    binary(weightAt(writer, site, tap, row, group), '*', windows.from(tap.key), 'float', level.multiply);
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
function guardsWholeRows({ operation: { guard, counters }, taps }: StencilSite): boolean {
  if (!guard) return false;
  const free = freeVariables(guard);
  if (free.has('j')) return false;
  const known = new Map<number, string>();
  return taps.every(({ query, counters: values }) => {
    const seen = values.filter((_, n) => free.has(counters[n]!.name)).join();
    const before = known.get(query) ?? seen;
    known.set(query, before);
    return before === seen;
  });
}

/** One row of the ring around a group of columns: vectors as they lie, and the four neighbours from any column on. */
class RowOfRing {
  private readonly writer: KernelWriter;
  private readonly site: StencilSite;
  private readonly row: number;
  private readonly group: number;
  private readonly vectors = new Map<number, Code>();
  private readonly windows = new Map<number, Code>();

  constructor(writer: KernelWriter, site: StencilSite, row: number, group: number) {
    this.writer = writer;
    this.site = site;
    this.row = row;
    this.group = group;
  }

  private vector(n: number): Code {
    const known = this.vectors.get(n);
    if (known) return known;
    const name = atom(this.writer.fresh('ring'), 'float', true);
    this.writer.constant(name.text, ringVector(this.writer, this.site, this.row, this.group, n));
    this.vectors.set(n, name);
    return name;
  }

  /** The entries at four neighbouring columns, `offset` further on. */
  from(offset: number): Code {
    const known = this.windows.get(offset);
    if (known) return known;
    const first = offset + this.site.columns.low + this.site.columnShift;
    const window = fourFrom(this.writer, first, (n) => this.vector(n));
    this.windows.set(offset, window);
    return window;
  }
}

/** Four neighbours out of the vectors that hold them. */
export function fourFrom(writer: KernelWriter, first: number, vector: (n: number) => Code): Code {
  const phase = modulo4(first);
  const start = vector(floorQuarter(first));
  if (phase === 0) return start;
  const next = vector(floorQuarter(first) + 1);
  const entries = [0, 1, 2, 3].map((n) => {
    const at = phase + n;
    return `${(at < 4 ? start : next).text}.${'xyzw'[at % 4]}`;
  });
  const name = atom(writer.fresh('window'), 'float', true);
  writer.constant(name.text, `vec4f(${entries.join(', ')})`);
  return name;
}

/** The vector `n` beyond this thread's first, in a row counted from this thread's first. */
export function ringVector(
  writer: KernelWriter,
  { base, stride, rows, rowShift }: StencilSite,
  row: number,
  group: number,
  n: number,
  further?: Code,
): string {
  const { threads } = writer.plan;
  const line = codes.times(writer.rowOffset(rows, 0).base, integerCode(stride));
  const start = writer.named(codes.sum(line, writer.column), 'neighbourhood');
  const constant = (row + rowShift) * stride + threads.columns * group + n;
  writer.plan.arena.mayReach(
    base +
      (rows.low + threads.rows * Math.ceil((rows.high - rows.low) / threads.rows) - 1 + row + rowShift) * stride +
      threads.columns * (group + 1) +
      n,
  );
  return writer.arenaAt(base, plusConstant(further ? codes.sum(start, further) : start, constant));
}
