// A product on tensor cores: fragments of sixteen rows, eight columns and sixteen entries of the sum. Operands come from
// shared memory by ldmatrix, transposed where their rows run along the summed axis; or the left one from registers.
import type { TileAxisKind } from '../../../codegen/tile/types.js';
import { refuse } from '../../shared/refusal.js';
import { isNarrow } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { ceilDivide, FRAGMENT_DEPTH } from '../layout/fragments.js';
import { atom, type Code } from '../text/code.js';
import type { Operand, ProductStep } from './matmul.js';

export function multiplyFragments(
  writer: KernelWriter,
  result: Registers,
  [left, right]: readonly [Operand, Operand],
  step: ProductStep,
  over: TileAxisKind,
): void {
  const type = right.matrix.element;
  if (!isNarrow(type)) refuse('an operand of tensor cores has other than 16 bits');
  const isAcross = right.matrix.minor !== over;
  // Which rows of the stored matrix this lane addresses, and which chunk of them.
  const columns = writer.ofWarp('columns', result.columns * 8).text;
  const rightLane = writer.named(
    rightPlace(
      right,
      columns,
      isAcross,
      isAcross ? 'lane % 16' : 'lane % 8 + lane / 16 * 8',
      isAcross ? 'lane / 16' : 'lane / 8 % 2',
    ),
    'operand',
  );
  const leftLane = left.registers ? undefined : leftPlace(writer, left, result, over);
  const [k, a, b] = ['step', 'left', 'right'].map((prefix) => writer.fresh(prefix)) as [string, string, string];
  const load = `load_matrices${isAcross ? '_transposed' : ''}`;
  const depth = ceilDivide(step.length, FRAGMENT_DEPTH);
  writer.openUnrolled(k, depth);
  // The last slice may reach beyond the sum, where an operand that is whole has nothing, not even zeros.
  const isRagged = step.end % step.length !== 0;
  if (isRagged) writer.open(`if (${step.from.text} + ${k} * ${FRAGMENT_DEPTH} < ${step.end}) {`);
  writer.line(`uint32_t ${a}[${result.rows}][4];`);
  writer.openUnrolled('m', result.rows);
  if (left.registers) fromRegisters(writer, left.registers, a, entriesBefore(left, step, k));
  else {
    const isTransposed = left.matrix.minor !== over;
    const by = isTransposed ? { rows: 2, summed: left.matrix.stride } : { rows: left.matrix.stride, summed: 2 };
    const address = `${leftLane!.text} + m * ${16 * by.rows} + ${entriesBefore(left, step, k)} * ${by.summed}`;
    writer.line(`load_matrices${isTransposed ? '_transposed' : ''}(${a}[m], ${address});`);
  }
  writer.close();
  const by = isAcross ? { columns: 2, summed: right.matrix.stride } : { columns: right.matrix.stride, summed: 2 };
  const summed = `${entriesBefore(right, step, k)} * ${by.summed}`;
  const pairs = Math.floor(result.columns / 2);
  if (pairs > 0) {
    writer.openUnrolled('n', pairs);
    writer.line(`uint32_t ${b}[4];`);
    writer.line(`${load}(${b}, ${rightLane.text} + n * ${16 * by.columns} + ${summed});`);
    writer.openUnrolled('m', result.rows);
    writer.line(`multiply_accumulate<${type}>(${result.name}[m][2 * n], ${a}[m], ${b}[0], ${b}[1]);`);
    writer.line(`multiply_accumulate<${type}>(${result.name}[m][2 * n + 1], ${a}[m], ${b}[2], ${b}[3]);`);
    writer.close();
    writer.close();
  }
  if (result.columns % 2 === 1) {
    // The last eight columns alone: all four matrices are theirs, the latter two go unused.
    const lane = rightPlace(
      right,
      columns,
      isAcross,
      isAcross ? 'lane % 16' : 'lane % 8',
      isAcross ? '0' : 'lane / 8 % 2',
    );
    writer.open('{');
    writer.line(`uint32_t ${b}[4];`);
    writer.line(`${load}(${b}, ${lane.text} + ${pairs * 16 * by.columns} + ${summed});`);
    writer.openUnrolled('m', result.rows);
    writer.line(`multiply_accumulate<${type}>(${result.name}[m][${2 * pairs}], ${a}[m], ${b}[0], ${b}[1]);`);
    writer.close();
    writer.close();
  }
  if (isRagged) writer.close();
  writer.close();
}

/** Where a lane begins in the right operand, whose columns this warp has from an offset on. */
function rightPlace(right: Operand, columns: string, isAcross: boolean, row: string, chunk: string): Code {
  if (columns === '0') return place(right, row, chunk);
  const own = place(right, isAcross ? row : `${columns} + ${row}`, chunk);
  return isAcross ? atom(`${own.text} + ${columns} * 2`, 'int') : own;
}

const place = ({ base, matrix: { stride } }: Operand, row: string, chunk: string): Code =>
  atom(`${base} + (${row}) * ${stride}${chunk === '0' ? '' : ` + ${chunk} * 16`}`, 'int');

/** Entries of the sum before a step's, as an expression. */
function entriesBefore({ isWhole }: Operand, { from }: ProductStep, k: string): string {
  const own = `${k} * ${FRAGMENT_DEPTH}`;
  return isWhole && from.text !== '0' ? `(${from.text} + ${own})` : `${own}`;
}

function leftPlace(writer: KernelWriter, left: Operand, { rows }: Registers, over: TileAxisKind): Code {
  const own = writer.ofWarp('rows', 16 * rows).text;
  const warp = own === '0' ? '' : `${own} + `;
  if (left.matrix.minor === over) {
    return writer.named(place(left, `${warp}lane % 16`, 'lane / 16'), 'operand');
  }
  const { base, matrix } = left;
  const text = `${base} + (lane % 8 + lane / 16 * 8) * ${matrix.stride} + (${warp}lane / 8 % 2 * 8) * 2`;
  return writer.named(atom(text, 'int'), 'operand');
}

/** The accumulators of two neighbouring fragments, rounded, are one operand's: nothing moves. Behind the last of an odd number are zeros. */
function fromRegisters(writer: KernelWriter, { name, columns }: Registers, into: string, entries: string): void {
  for (let n = 0; n < 4; n += 1) {
    const fragment = `${entries} / 8 + ${n >> 1}`;
    const entry = `${name}[m][${fragment}][${n & 1}]`;
    const isThere = columns % 2 === 0 || n < 2;
    writer.line(`${into}[m][${n}] = ${isThere ? entry : `${fragment} < ${columns} ? ${entry} : 0`};`);
  }
}
