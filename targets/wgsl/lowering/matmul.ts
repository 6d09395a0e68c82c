// matmul: each thread multiplies its rows with its groups of four columns, from operands in workgroup memory.
// Views are sliced along the summed axis so that they fit; four entries of it are taken at once.
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
import { stageTile, stageView, tileShape } from './staging.js';

interface Operand {
  readonly value: Tile | View;
  /** Where it lies when slices have so many entries. */
  readonly shapeFor: (entries: number) => Omit<Staged, 'base'>;
  /** Set where it is in workgroup memory already. */
  readonly resident?: Resident | undefined;
}

/** Tiles, and views that stay for a loop, are there whole: slices are taken from within. */
const isWhole = ({ value, resident }: Operand): boolean => value.kind === 'tile' || resident !== undefined;

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
  const base = writer.plan.arena.scratchBase(position);
  const each = chunksOfSlice(writer, operands, chunks, position);
  const slices = ceilDivide(chunks, each);
  const first = placed(writer, operands[0], base, each * 4);
  const second = placed(writer, operands[1], operands[0].resident ? base : base + stagedSize(first), each * 4);
  const sides = [
    [operands[0], first],
    [operands[1], second],
  ] as const;
  for (const [{ value }, staged] of sides) if (value.kind === 'tile') stageTile(writer, value, staged, over);
  const registers = writer.variables(tile, 'grid', 'product', (row, group) =>
    accumulator ? writer.operandAt(accumulator, tile, { form: 'grid', row, group }) : floatCode(0),
  );
  const slice = writer.fresh('slice');
  if (slices > 1) {
    writer.open(`for (var ${slice} = 0; ${slice} < ${slices}; ${slice}++) {`);
    writer.enterLoop();
  }
  const fromVector = slices > 1 ? codes.times(atom(slice, 'int'), integerCode(each)) : integerCode(0);
  const from = slices > 1 ? codes.times(atom(slice, 'int'), integerCode(each * 4)) : integerCode(0);
  for (const [{ value, resident }, staged] of sides) {
    if (value.kind === 'view' && !resident) stageView(writer, value, staged, { kind: over, from, end: length });
  }
  writer.reads([first, second].map((staged) => ({ base: staged.base, size: stagedSize(staged) })));
  const bound = chunks % each === 0 ? String(each) : `min(${each}, ${chunks} - ${fromVector.text})`;
  multiply(writer, { registers, rows, columns, over, bound, fromVector }, operands, [first, second]);
  if (slices > 1) writer.close();
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
  return { value, shapeFor, resident: residentFor(writer.plan.residents, writer.loops, value, over, whole) };
}

/** Slices shorter than this, in vectors, cost more barriers than a view that stays saves. */
const shortestSlice = 2;

/** Chunks of four entries in a slice: as many as there is room for, in slices of one length where that is not much less. */
function chunksOfSlice(writer: KernelWriter, operands: readonly Operand[], chunks: number, position: number): number {
  const room = writer.plan.arena.roomAt(position);
  const sizeFor = (each: number): number =>
    operands.reduce((size, { shapeFor, resident }) => size + (resident ? 0 : stagedSize(shapeFor(each * 4))), 0);
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
}

/** The loop over the chunks of a slice. */
function multiply(
  writer: KernelWriter,
  { registers, rows, columns, over, bound, fromVector }: Product,
  [byRow, byColumn]: readonly [Operand, Operand],
  [left, right]: readonly [Staged, Staged],
): void {
  const { threads } = writer.plan;
  const isRowMajor = left.minor === over;
  const isColumnMajor = right.minor === over;
  const chunk = writer.fresh('k');
  const name = (code: Code, prefix: string): Code => writer.named(code, prefix);

  // Where this thread's rows and columns begin; a tile is kept whole, so its slices begin further on.
  const offset = (operand: Operand): Code => (isWhole(operand) ? fromVector : integerCode(0));
  const rowFirst = writer.rowOffset(rows, 0);
  const lines = isRowMajor
    ? name(codes.sum(codes.times(rowFirst.base, integerCode(left.stride)), offset(byRow)), 'left')
    : codes.times(offset(byRow), integerCode(4 * left.stride));
  const shiftColumns = columns.low - (isColumnMajor ? right.lowMajor : right.lowMinor);
  if (shiftColumns % 4 !== 0) refuse('columns of a product begin within a vector');
  const perThread = isColumnMajor ? 4 * right.stride + (right.skewed ? 1 : 0) : 1;
  const columnFirst = name(
    codes.sum(
      codes.times(writer.column, integerCode(perThread)),
      isColumnMajor ? offset(byColumn) : codes.times(offset(byColumn), integerCode(4 * right.stride)),
    ),
    'right',
  );
  const columnBase = right.base + (shiftColumns / 4) * perThread;

  writer.open(`for (var ${chunk} = 0; ${chunk} < ${bound}; ${chunk}++) {`);
  const k = atom(chunk, 'int');
  const load = (base: number, at: Code, prefix: string): Code => {
    const register = atom(writer.fresh(prefix), 'float', true);
    writer.constant(register, writer.arenaAt(base, at));
    return register;
  };

  // Four entries of each column, or four columns of each entry.
  const columnAt: Code[][] = [];
  const lineOfChunk = isColumnMajor ? k : name(codes.times(k, integerCode(4 * right.stride)), 'chunk');
  for (let group = 0; group < registers.groups; group += 1) {
    columnAt.push(
      parts.map((_, n) => {
        const place = isColumnMajor
          ? n * right.stride + threads.columns * group * perThread
          : n * right.stride + threads.columns * group;
        return load(columnBase + place, codes.sum(columnFirst, lineOfChunk), 'right');
      }),
    );
  }
  const rowsOfChunk = isRowMajor ? k : name(codes.times(k, integerCode(4 * left.stride)), 'chunk');
  /** One entry of the sum in each of this thread's rows: by vectors where rows come in fours. */
  const across = (n: number): readonly Code[] => {
    const line = codes.sum(lines, rowsOfChunk);
    const base = left.base + n * left.stride;
    const shift = rows.low - left.lowMinor;
    if (registers.rows % 4 === 0 && shift % 4 === 0) {
      const at = name(codes.sum(line, codes.times(writer.row, integerCode(registers.rows / 4))), 'left');
      return Array.from({ length: registers.rows / 4 }, (_, q) => load(base + q + shift / 4, at, 'left')).flatMap(
        (vector) => parts.map((part) => atom(`${vector.text}.${part}`, 'float')),
      );
    }
    return Array.from({ length: registers.rows }, (_, row) => {
      const entry = within(plusConstant(rowFirst.base, row - left.lowMinor), level.atom);
      return atom(`${writer.arenaAt(base, codes.sum(line, atom(`(${entry} >> 2u)`, 'int')))}[${entry} & 3]`, 'float');
    });
  };
  if (isRowMajor) {
    for (let row = 0; row < registers.rows; row += 1) {
      const entries = load(left.base + (row - left.lowMajor) * left.stride, codes.sum(lines, k), 'left');
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
}
