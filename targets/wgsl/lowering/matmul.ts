// matmul: each thread multiplies its rows with its groups of four columns, from operands in workgroup memory.
// Views are sliced along the summed axis so that they fit, or read straight from their buffers; four entries are taken at once.
import type { MatmulOperation } from '../../../codegen/tile/operations/matmul.js';
import { axisOfKind, type Tile, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import { codes } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { type Resident, residentFor } from '../layout/residents.js';
import { type KeptAxis, type Staged, stagedSize, viewShape } from '../layout/staged.js';
import { ceilDivide } from '../layout/threads.js';
import { atom, type Code, floatCode, integerCode, level, parts, plusConstant, within } from '../text/code.js';
import { clearOutside, type Direct, type DirectReads, directOperand, readDirectly, readRows } from './direct.js';
import { stageTile, stageView, tileShape } from './staging.js';

interface Operand {
  readonly value: Tile | View;
  /** Where it lies when slices have so many entries. */
  readonly shapeFor: (entries: number) => Omit<Staged, 'base'>;
  /** Set where it is in workgroup memory already. */
  readonly resident?: Resident | undefined;
  /** Set where threads read it straight from its buffer. */
  readonly direct?: Direct | undefined;
}

/** Tiles, and views that stay for a loop or are read where they lie, are there whole: slices are taken from within. */
const isWhole = ({ value, resident, direct }: Operand): boolean =>
  value.kind === 'tile' || resident !== undefined || direct !== undefined;

/** Vectors of workgroup memory that an operand takes for itself in slices of so many entries. */
const roomFor = ({ shapeFor, resident, direct }: Operand, entries: number): number =>
  resident || direct ? 0 : stagedSize(shapeFor(entries));

export function lowerMatmul(
  writer: KernelWriter,
  { accumulator, left, right, over }: MatmulOperation,
  tile: Tile,
  position: number,
): void {
  if (tile.axes.length !== 2) refuse('a product needs a row axis and a column axis');
  const [rowKind, columnKind] = writer.plan.analysis.gridAxes(tile);
  const [byRow, byColumn] = axisOfKind(left.axes, rowKind) ? [left, right] : [right, left];
  const [rows, columns] = [writer.range(tile, rowKind), writer.range(tile, columnKind)];
  const length = axisOfKind(left.axes, over)!.size;
  const operands = [
    operandOf(writer, byRow, over, { kept: rowKind, range: rows, isColumns: false }),
    operandOf(writer, byColumn, over, { kept: columnKind, range: columns, isColumns: true }),
  ] as const;
  const chunks = ceilDivide(length, 4);
  const each = chunksOfSlice(writer, operands, chunks, position);
  const slices = ceilDivide(chunks, each);
  const own = roomFor(operands[0], each * 4);
  const base = operands[1].direct ? writer.scratchBeside(position, own) : writer.plan.arena.scratchBase(position);
  const first = placed(writer, operands[0], base, each * 4);
  const second = placed(writer, operands[1], base + own, each * 4);
  const sides = (
    [
      [operands[0], first],
      [operands[1], second],
    ] as const
  ).filter(([{ direct }]) => !direct);
  for (const [{ value }, staged] of sides) if (value.kind === 'tile') stageTile(writer, value, staged, over);
  const registers = writer.variables(tile, 'grid', 'product', (row, group) =>
    accumulator ? writer.operandAt(accumulator, tile, { form: 'grid', row, group }) : floatCode(0),
  );
  const slice = writer.fresh('slice');
  if (slices > 1) writer.open(`for (var ${slice} = 0; ${slice} < ${slices}; ${slice}++) {`);
  const head = slices > 1 ? writer.enterLoop() : undefined;
  const fromVector = slices > 1 ? codes.times(atom(slice, 'int'), integerCode(each)) : integerCode(0);
  const from = slices > 1 ? codes.times(atom(slice, 'int'), integerCode(each * 4)) : integerCode(0);
  for (const [{ value, resident }, staged] of sides) {
    if (value.kind === 'view' && !resident) stageView(writer, value, staged, { kind: over, from, end: length });
  }
  writer.reads(sides.map(([, staged]) => ({ base: staged.base, size: stagedSize(staged) })));
  const bound = chunks % each === 0 ? String(each) : `min(${each}, ${chunks} - ${fromVector.text})`;
  const product = { registers, rows, columns, over, bound, fromVector, accumulates: accumulator !== undefined };
  multiply(writer, product, operands, [first, second]);
  if (slices > 1) writer.close();
  if (head) writer.leaveLoop(head);
  writer.assign(tile, registers);
}

const placed = (writer: KernelWriter, { shapeFor, resident }: Operand, base: number, entries: number): Staged =>
  resident
    ? { base: writer.plan.arena.baseOf(writer.plan.regionOf(resident)), ...resident.shape }
    : { base, ...shapeFor(entries) };

function operandOf(writer: KernelWriter, value: Tile | View, over: TileAxisKind, own: KeptAxis): Operand {
  if (value.kind === 'tile') return { value, shapeFor: () => tileShape(writer, value) };
  if (value.axes.length !== 2) refuse('an operand of a product needs two axes');
  const shapeFor = (entries: number): Omit<Staged, 'base'> => viewShape(value, over, own, entries);
  const whole = shapeFor(ceilDivide(axisOfKind(value.axes, over)!.size, 4) * 4);
  const resident = residentFor(writer.plan.residents, writer.loops, value, over, whole);
  return { value, shapeFor, resident, direct: resident ? undefined : directOperand(writer, value, over, own) };
}

/** Slices shorter than this, in vectors, cost more barriers than a view that stays saves. */
const shortestSlice = 2;

/** Chunks of four entries in a slice: as many as there is room for, in slices of one length where that is not much less. */
function chunksOfSlice(writer: KernelWriter, operands: readonly Operand[], chunks: number, position: number): number {
  const room = writer.plan.arena.roomAt(position);
  const sizeFor = (each: number): number => operands.reduce((size, operand) => size + roomFor(operand, each * 4), 0);
  let most = chunks;
  while (most > 1 && sizeFor(most) > room) most -= 1;
  if (writer.plan.residents.length > 0 && most < Math.min(shortestSlice, chunks))
    refuse('views that stay leave no room');
  for (let each = most; each * 2 > most; each -= 1) if (chunks % each === 0) return each;
  return most;
}

interface Product {
  readonly registers: Registers;
  readonly rows: HeldRange;
  readonly columns: HeldRange;
  readonly over: TileAxisKind;
  /** Chunks of four entries in a slice, and the chunk at which the slice begins. */
  readonly bound: string;
  readonly fromVector: Code;
  /** Whether the sums have begun before. */
  readonly accumulates: boolean;
}

/** Vectors that a chunk of four entries of the sum is made of, in registers, and what is left to do behind the loop over the chunks. */
interface Columns {
  /** By groups of four columns: the four entries of each column, or the four columns at each entry. */
  readonly at: (chunk: Code) => readonly (readonly Code[])[];
  readonly isColumnMajor: boolean;
  /** Whether only threads with so many groups of columns before theirs have any. */
  readonly until?: number | undefined;
  readonly inside?: DirectReads['inside'];
}

const load = (writer: KernelWriter, base: number, at: Code, prefix: string): Code => {
  const register = atom(writer.fresh(prefix), 'float', true);
  writer.constant(register, writer.arenaAt(base, at));
  return register;
};

/** Where slices begin in an operand; a tile is kept whole, so its slices begin further on. */
const offsetIn = (operand: Operand, { fromVector }: Product): Code => (isWhole(operand) ? fromVector : integerCode(0));

/** Columns in workgroup memory. */
function stagedColumns(writer: KernelWriter, product: Product, operand: Operand, right: Staged): Columns {
  const { threads } = writer.plan;
  const { registers, columns, over } = product;
  const isColumnMajor = right.minor === over;
  const shift = columns.low - (isColumnMajor ? right.lowMajor : right.lowMinor);
  if (shift % 4 !== 0) refuse('columns of a product begin within a vector');
  const perThread = isColumnMajor ? 4 * right.stride + (right.skewed ? 1 : 0) : 1;
  const offset = offsetIn(operand, product);
  const first = writer.named(
    codes.sum(
      codes.times(writer.column, integerCode(perThread)),
      isColumnMajor ? offset : codes.times(offset, integerCode(4 * right.stride)),
    ),
    'right',
  );
  const base = right.base + (shift / 4) * perThread;
  const at = (k: Code): readonly (readonly Code[])[] => {
    const line = isColumnMajor ? k : writer.named(codes.times(k, integerCode(4 * right.stride)), 'chunk');
    return Array.from({ length: registers.groups }, (_, group) =>
      parts.map((_, n) => {
        const place = n * right.stride + threads.columns * group * (isColumnMajor ? perThread : 1);
        return load(writer, base + place, codes.sum(first, line), 'right');
      }),
    );
  };
  return { at, isColumnMajor };
}

/** Columns that threads read for themselves. */
function ownColumns(writer: KernelWriter, product: Product, direct: Direct): Columns {
  const { registers, columns, fromVector, accumulates } = product;
  const { at, inside } = readDirectly(writer, direct, registers.groups, accumulates);
  const { isColumnMajor } = direct;
  const groups = ceilDivide(columns.high - columns.low, 4);
  const isSpare = registers.groups === 1 && groups < writer.plan.threads.columns;
  return { at: (k) => at(codes.sum(k, fromVector)), isColumnMajor, until: isSpare ? groups : undefined, inside };
}

/** The loop over the chunks of a slice. */
function multiply(
  writer: KernelWriter,
  product: Product,
  [byRow, byColumn]: readonly [Operand, Operand],
  [left, right]: readonly [Staged, Staged],
): void {
  const { registers, rows, over, bound, fromVector } = product;
  const isRowMajor = left.minor === over;
  const ownRows = byRow.direct && readRows(writer, byRow.direct, registers.rows, product.accumulates);
  const chunk = writer.fresh('k');
  const name = (code: Code, prefix: string): Code => writer.named(code, prefix);

  // Where this thread's rows begin.
  const rowFirst = writer.rowOffset(rows, 0);
  const offset = offsetIn(byRow, product);
  const lines = isRowMajor
    ? name(codes.sum(codes.times(rowFirst.base, integerCode(left.stride)), offset), 'left')
    : codes.times(offset, integerCode(4 * left.stride));
  const columns = byColumn.direct
    ? ownColumns(writer, product, byColumn.direct)
    : stagedColumns(writer, product, byColumn, right);
  const { isColumnMajor, until, inside } = columns;

  if (until !== undefined) writer.open(`if (${writer.column.text} < ${until}) {`);
  writer.open(`for (var ${chunk} = 0; ${chunk} < ${bound}; ${chunk}++) {`);
  const k = atom(chunk, 'int');
  const columnAt = columns.at(k);
  const rowsOfChunk = isRowMajor ? k : name(codes.times(k, integerCode(4 * left.stride)), 'chunk');
  /** One entry of the sum in each of this thread's rows: by vectors where rows come in fours. */
  const across = (n: number): readonly Code[] => {
    const line = codes.sum(lines, rowsOfChunk);
    const base = left.base + n * left.stride;
    const shift = rows.low - left.lowMinor;
    if (registers.rows % 4 === 0 && shift % 4 === 0) {
      const at = name(codes.sum(line, codes.times(writer.row, integerCode(registers.rows / 4))), 'left');
      return Array.from({ length: registers.rows / 4 }, (_, q) =>
        load(writer, base + q + shift / 4, at, 'left'),
      ).flatMap((vector) => parts.map((part) => atom(`${vector.text}.${part}`, 'float')));
    }
    return Array.from({ length: registers.rows }, (_, row) => {
      const entry = within(plusConstant(rowFirst.base, row - left.lowMinor), level.atom);
      return atom(`${writer.arenaAt(base, codes.sum(line, atom(`(${entry} >> 2u)`, 'int')))}[${entry} & 3]`, 'float');
    });
  };
  if (isRowMajor) {
    for (let row = 0; row < registers.rows; row += 1) {
      const entries = ownRows
        ? ownRows.at(row, codes.sum(k, fromVector))
        : load(writer, left.base + (row - left.lowMajor) * left.stride, codes.sum(lines, k), 'left');
      for (let group = 0; group < registers.groups; group += 1) {
        const into = registers.at(row, group);
        const column = columnAt[group]!;
        if (isColumnMajor) {
          writer.add(into, `vec4f(${column.map((each) => `dot(${entries.text}, ${each.text})`).join(', ')})`);
        } else {
          for (const [n, part] of parts.entries()) writer.add(into, `${entries.text}.${part} * ${column[n]!.text}`);
        }
      }
    }
  } else {
    for (const [n, part] of parts.entries()) {
      const entries = across(n);
      for (let group = 0; group < registers.groups; group += 1) {
        const column = columnAt[group]!;
        const four = isColumnMajor
          ? `vec4f(${column.map(({ text }) => `${text}.${part}`).join(', ')})`
          : column[n]!.text;
        for (const [row, entry] of entries.entries()) {
          writer.add(registers.at(row, group), `${entry.text} * ${four}`);
        }
      }
    }
  }
  writer.close();
  if (until !== undefined) writer.close();
  clearOutside(writer, registers, ownRows?.inside, inside);
}
