// How stencils read their neighbours: rows of a ring in vectors of four columns, each loaded once, and the four neighbours from
// any column on.
import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import type { Tile } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import type { OrientedTaps } from '../../shared/layout/space.js';
import type { TapTable } from '../../shared/tile/plan.js';
import { codes } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { vectorsType } from '../tap-functions.js';
import { atom, type Code, integerCode, plusConstant } from '../text/code.js';

export interface Tap {
  /** The counters' values. */
  readonly counters: readonly number[];
  /** The entry that is read, from the tile's own. */
  readonly row: number;
  readonly column: number;
}

/** Where a ring lies, from the entries of a tile beside it. */
export interface RingSite {
  readonly rows: HeldRange;
  readonly columns: HeldRange;
  readonly base: number;
  readonly stride: number;
  /** From an offset of the tile to one of the ring. */
  readonly rowShift: number;
  readonly columnShift: number;
}

/** What lowering a stencil has found out. */
export interface StencilSite extends RingSite {
  readonly operation: OrientedTaps<StencilOperation>;
  readonly tile: Tile;
  readonly registers: Registers;
  readonly table: TapTable | undefined;
  readonly taps: readonly Tap[];
}

const floorQuarter = (x: number): number => Math.floor(x / 4);
const modulo4 = (x: number): number => ((x % 4) + 4) % 4;

/** One row of the ring around a group of columns: vectors as they lie, and the four neighbours from any column on. */
export class RowOfRing {
  private readonly writer: KernelWriter;
  private readonly site: RingSite;
  private readonly row: number;
  private readonly group: number;
  private readonly vectors = new Map<number, Code>();
  private readonly windows = new Map<number, Code>();
  /** Vectors that have been read together, by the first of them and their number. */
  private readonly together = new Map<string, Code>();

  constructor(writer: KernelWriter, site: RingSite, row: number, group: number) {
    this.writer = writer;
    this.site = site;
    this.row = row;
    this.group = group;
  }

  /** The vector that begins four times `n` columns from this thread's first. */
  vector(n: number): Code {
    const known = this.vectors.get(n);
    if (known) return known;
    const name = atom(this.writer.fresh('ring'), 'float', true);
    const place = { row: this.row, group: this.group, vector: n };
    this.writer.constant(name, ringVector(this.writer, this.site, place));
    this.vectors.set(n, name);
    return name;
  }

  /** Neighbouring vectors together, from one on; none of them is read twice. */
  vectorsFrom(first: number, count: number): Code {
    const key = `${first} ${count}`;
    const all = Array.from({ length: count }, (_, n) => first + n);
    const known = this.together.get(key);
    if (known) return known;
    const isNew = all.every((n) => !this.vectors.has(n));
    const vectors = isNew
      ? this.readTogether(first, count)
      : atom(`${vectorsType(count)}(${all.map((n) => this.vector(n).text).join(', ')})`, 'float');
    this.together.set(key, vectors);
    return vectors;
  }

  private readTogether(first: number, count: number): Code {
    const places = [first, first + count - 1].map((vector) => ({ row: this.row, group: this.group, vector }));
    const [start] = places.map((place) => ringPlaceOf(this.writer, this.site, place)) as [Code, Code];
    const name = this.writer.vectorsAt(start, count, 'ring');
    for (let n = 0; n < count; n += 1) this.vectors.set(first + n, atom(`${name.text}[${n}]`, 'float', true));
    return name;
  }

  /** Where the entry `offset` columns further on lies, from the first entry of this thread's first vector. */
  firstAt(offset: number): number {
    return offset + this.site.columns.low + this.site.columnShift;
  }

  /** The entries at four neighbouring columns, `offset` further on. */
  from(offset: number): Code {
    const known = this.windows.get(offset);
    if (known) return known;
    const window = fourFrom(this.writer, this.firstAt(offset), (n) => this.vector(n));
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
  writer.constant(name, `vec4f(${entries.join(', ')})`);
  return name;
}

/** A vector of the ring: how many beyond the thread's first, in a row counted from its first, for a group of columns. */
export interface VectorPlace {
  readonly row: number;
  readonly group: number;
  readonly vector: number;
}

/** The text of a vector, `further` on than its place says. */
export const ringVector = (writer: KernelWriter, site: RingSite, place: VectorPlace, further?: Code): string =>
  `${writer.arenaName}[${ringPlaceOf(writer, site, place, further).text}]`;

/** Where a vector lies in the arena. */
function ringPlaceOf(
  writer: KernelWriter,
  { base, stride, rows, rowShift }: RingSite,
  { row, group, vector: n }: VectorPlace,
  further?: Code,
): Code {
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
  return plusConstant(plusConstant(further ? codes.sum(start, further) : start, constant), base);
}
