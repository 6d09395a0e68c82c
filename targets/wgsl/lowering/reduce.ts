// reduce: each thread combines what it holds, then threads combine what they have: along a row or a column of threads,
// by subgroup operations as far as these reach, and through workgroup memory beyond. The order is the same in every run.
import type { Tile } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import { type Reduction, reducerOf } from '../../shared/tile/reduce.js';
import { codes } from '../buffers.js';
import type { KernelWriter, Registers, Types } from '../kernel-writer.js';
import { offsetCode } from '../kernel-writer.js';
import { ceilDivide } from '../layout/threads.js';
import { alike, atom, binary, type Code, call, floatCode, integerCode, level, parts, splat } from '../text/code.js';
import type { HelperName } from '../text/helpers.js';
import { reform } from './reform.js';

type Monoid = Reduction['monoid'];

export const neutral: Readonly<Record<Monoid, Code>> = { sum: floatCode(0), max: floatCode(Number.NEGATIVE_INFINITY) };
export const combined = (monoid: Monoid, x: Code, y: Code): Code =>
  monoid === 'sum' ? binary(x, '+', y, 'float', level.add) : call('max', alike([x, y]), 'float');

/** The four entries of a vector as one. */
const folded = (monoid: Monoid, x: Code): Code => {
  const [a, b, c, d] = parts.map((part) => atom(`${x.text}.${part}`, 'float')) as [Code, Code, Code, Code];
  return combined(monoid, combined(monoid, a, b), { ...combined(monoid, c, d), level: level.loose });
};

/** Which register of a thread's is at hand, of how many: rows, or groups of four columns. */
interface Register {
  readonly over: 'row' | 'column';
  readonly n: number;
  readonly held: number;
}

/** The register where it counts, what changes nothing elsewhere. */
function counted(
  writer: KernelWriter,
  value: Code,
  monoid: Monoid,
  range: HeldRange,
  { over, n, held }: Register,
): Code {
  const { threads } = writer.plan;
  const size = range.high - range.low;
  const none = (value.wide ? splat(neutral[monoid]) : neutral[monoid]).text;
  if (over === 'row') {
    if (threads.rows * held <= size) return value;
    const at = offsetCode(writer.rowOffset(range, n));
    return atom(`select(${none}, ${value.text}, ${at.text} < ${range.high})`, 'float', value.wide);
  }
  if (4 * threads.columns * (n + 1) <= size) return value;
  const first = offsetCode(writer.columnOffset(range, n));
  const all = writer.named({ ...atom(`${first.text} + vec4i(0, 1, 2, 3)`, 'int', true), level: level.add }, 'columns');
  return atom(`select(${none}, ${value.text}, ${all.text} < vec4i(${range.high}))`, 'float', true);
}

/** One value a row: partial results of a thread's rows are exchanged in vectors of four rows. */
function acrossColumns(writer: KernelWriter, { source, tile, monoid, position }: Reduction): Registers {
  const shape = writer.shape(source, 'grid');
  const range = writer.range(source, writer.plan.analysis.gridAxes(source)[1]);
  const { at } = writer.registersOf(source, 'grid');
  const rows = Array.from({ length: shape.rows }, (_, row) => {
    const wide = Array.from({ length: shape.groups }, (_, n) =>
      counted(writer, at(row, n), monoid, range, { over: 'column', n, held: shape.groups }),
    ).reduce((total, each) => combined(monoid, total, each));
    return writer.printer.bind(folded(monoid, writer.printer.bind(wide, 'partial')), 'partial');
  });
  if (writer.plan.analysis.isShare(tile)) return { form: 'row', rows: shape.rows, groups: 1, at: (row) => rows[row]! };
  return exchangedRows(writer, rows, monoid, position);
}

/** Adds up the shares of a tile that threads of a row hold. */
export function completeRows(writer: KernelWriter, tile: Tile, position: number): void {
  const { rows, at } = writer.registersOf(tile, 'row');
  const shares = Array.from({ length: rows }, (_, row) => at(row, 0));
  writer.assign(tile, exchangedRows(writer, shares, 'sum', position));
}

/** Rows are exchanged four at a time: no two threads write into one vector. One by itself is read as one number. */
function exchangedRows(writer: KernelWriter, rows: readonly Code[], monoid: Monoid, position: number): Registers {
  if (rows.length === 1) {
    const [total] = exchange(writer, rows, monoid, 'columns', position) as [Code];
    return { form: 'row', rows: 1, groups: 1, at: () => total };
  }
  const vectors = Array.from({ length: ceilDivide(rows.length, 4) }, (_, n) => {
    const four = parts.map((_, part) => (rows[4 * n + part] ?? neutral[monoid]).text);
    return atom(`vec4f(${four.join(', ')})`, 'float', true);
  });
  const totals = exchange(writer, vectors, monoid, 'columns', position);
  return {
    form: 'row',
    rows: rows.length,
    groups: 1,
    at: (row) => atom(`${totals[Math.floor(row / 4)]!.text}.${parts[row % 4]}`, 'float'),
  };
}

/** One value a column. */
function acrossRows(writer: KernelWriter, { source, monoid, position }: Reduction): Registers {
  const shape = writer.shape(source, 'grid');
  const range = writer.range(source, writer.plan.analysis.gridAxes(source)[0]);
  const { at } = writer.registersOf(source, 'grid');
  const vectors = Array.from({ length: shape.groups }, (_, group) => {
    const all = Array.from({ length: shape.rows }, (_, n) =>
      counted(writer, at(n, group), monoid, range, { over: 'row', n, held: shape.rows }),
    );
    return all.reduce((total, each) => writer.printer.bind(combined(monoid, total, each), 'partial'));
  });
  const totals = exchange(writer, vectors, monoid, 'rows', position);
  return { form: 'column', rows: 1, groups: shape.groups, at: (_, group) => totals[group]! };
}

/**
 * Combines vectors, or numbers, over the threads of a row (`columns`) or of a column (`rows`); every one of them gets the result.
 */
export function exchange(
  writer: KernelWriter,
  vectors: readonly Code[],
  monoid: Monoid,
  along: 'columns' | 'rows',
  position: number,
): readonly Code[] {
  const { threads } = writer.plan;
  const count = threads[along];
  if (count === 1) return vectors.map((vector) => writer.printer.bind(vector, monoid));
  const base = writer.plan.arena.scratchBase(position);
  const size = vectors.length * threads.rows * threads.columns;
  writer.access('write', base, size, 'a reduction');
  // Neighbours along the exchange lie next to each other: [vector][line][thread along it].
  const [line, own] = along === 'columns' ? [writer.row, writer.column] : [writer.column, writer.row];
  const start = writer.named(codes.times(line, integerCode(count)), 'line');
  const perVector = threads.rows * threads.columns;
  // Threads of a row are neighbours: those of a subgroup are joined before, and of so many one is enough.
  const lanes = along === 'columns' ? writer.lanes : undefined;
  for (const [n, vector] of vectors.entries()) {
    const value = lanes ? joined(writer, monoid, vector, lanes) : vector;
    writer.line(`${writer.arenaAt(base + n * perVector, codes.sum(start, own))} = ${splat(value).text};`);
  }
  writer.access('read', base, size);
  return vectors.map(({ wide }, n) => {
    const at = (other: Code): Code => {
      const vector = writer.arenaAt(base + n * perVector, codes.sum(start, other));
      return atom(wide ? vector : `${vector}.x`, 'float', wide);
    };
    if (lanes || count > mostTerms) return inTurn(writer, monoid, count, lanes ?? integerCode(1), at);
    const terms = Array.from({ length: count }, (_, other) => at(integerCode(other)));
    return writer.printer.bind(
      terms.reduce((total, each) => combined(monoid, total, each)),
      monoid,
    );
  });
}

/** Terms of an exchange that are written out, not taken in turn. */
const mostTerms = 8;

const joinedBy = { sum: 'joined_sum', max: 'joined_maximum' } as const satisfies Record<Monoid, HelperName>;

/** What a thread and its neighbours in a subgroup have. */
const joined = (writer: KernelWriter, monoid: Monoid, own: Code, lanes: Code): Code =>
  atom(`${writer.context.helpers.use(joinedBy[monoid], own.wide)}(${own.text}, ${lanes.text})`, 'float', own.wide);

/** What the threads of a line have left, of which every so many have the same, combined in a loop. */
function inTurn(writer: KernelWriter, monoid: Monoid, count: number, step: Code, at: (other: Code) => Code): Code {
  const total = writer.variable(monoid, at(integerCode(0)));
  const other = writer.fresh('other');
  writer.open(`for (var ${other} = ${step.text}; ${other} < ${count}; ${other} += ${step.text}) {`);
  writer.set(total, combined(monoid, total, at(atom(other, 'int'))).text);
  writer.close();
  return total;
}

/** A tile of one axis to one number. */
function reduceLine(writer: KernelWriter, { source, tile, monoid, position }: Reduction): void {
  const form = writer.plan.analysis.forms(source)[0]!;
  if (form === 'flat') refuse('a table of counts is not reduced on chip');
  const { rows, groups, at } = writer.registersOf(source, form);
  const range = writer.range(source, source.axes[0]!.kind);
  const isRow = form === 'row';
  const [over, held] = isRow ? (['row', rows] as const) : (['column', groups] as const);
  const own = Array.from({ length: held }, (_, n) =>
    counted(writer, isRow ? at(n, 0) : at(0, n), monoid, range, { over, n, held }),
  ).reduce((one, other) => combined(monoid, one, other));
  const partial = isRow ? splat(writer.printer.bind(own, 'partial')) : own;
  const [wide] = exchange(writer, [partial], monoid, isRow ? 'rows' : 'columns', position) as [Code];
  const total = isRow ? atom(`${wide.text}.x`, 'float') : writer.printer.bind(folded(monoid, wide), monoid);
  writer.assign(tile, { form: 'single', rows: 1, groups: 1, at: () => total });
}

export const lowerReduce = reducerOf<Types, KernelWriter>({ line: reduceLine, acrossColumns, acrossRows, reform });
