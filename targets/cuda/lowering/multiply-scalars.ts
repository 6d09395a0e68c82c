// A product by multiply-adds of floats: one entry of the sum at a time, of each of a thread's rows and columns.
// Operands of 16 bits become floats as they are read.
import type { Tile, TileAxisKind } from '../../../codegen/tile/types.js';
import { bytesOf } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { type Code, plusConstant, within } from '../text/code.js';
import type { Operand, ProductStep } from './matmul.js';

export interface ScalarProduct {
  readonly tile: Tile;
  readonly over: TileAxisKind;
}

export function multiplyScalars(
  writer: KernelWriter,
  result: Registers,
  [left, right]: readonly [Operand, Operand],
  step: ProductStep,
  { tile, over }: ScalarProduct,
): void {
  const [rowKind, columnKind] = writer.plan.analysis.gridAxes(tile);
  const row = writer.firstRow(writer.range(tile, rowKind));
  const column = writer.firstColumn(writer.range(tile, columnKind));
  const leftFirst = firstPlace(writer, left, row, over);
  const rightFirst = firstPlace(writer, right, column, over);
  const x = writer.fresh('x');
  const bound =
    step.end % step.length === 0 ? String(step.length) : `least(${step.length}, ${step.end} - ${step.from.text})`;
  writer.line('#pragma unroll 4');
  writer.open(`for (int ${x} = 0; ${x} < ${bound}; ++${x}) {`);
  const at = (operand: Operand): string =>
    operand.isWhole && step.from.text !== '0' ? `(${step.from.text} + ${x})` : x;
  const [a, b] = [writer.fresh('left'), writer.fresh('right')];
  writer.line(`float ${a}[${result.rows}][2];`);
  writer.openUnrolled('m', result.rows);
  writer.openUnrolled('half', 2);
  writer.line(`${a}[m][half] = ${entry(left, leftFirst, at(left), 'm * 16 + half * 8', over)};`);
  writer.close();
  writer.close();
  writer.line(`float ${b}[${result.columns}][2];`);
  writer.openUnrolled('n', result.columns);
  writer.openUnrolled('pair', 2);
  writer.line(`${b}[n][pair] = ${entry(right, rightFirst, at(right), 'n * 8 + pair', over)};`);
  writer.close();
  writer.close();
  writer.openForm('grid', result);
  writer.line(`${result.name}[m][n][e] += ${a}[m][e >> 1] * ${b}[n][e & 1];`);
  writer.closeForm('grid');
  writer.close();
}

const steps = ({ matrix: { minor, element, stride } }: Operand, over: TileAxisKind) =>
  minor === over ? { kept: stride, summed: bytesOf[element] } : { kept: bytesOf[element], summed: stride };

/** The byte of this thread's first row or column, at the first entry of the sum. */
function firstPlace(writer: KernelWriter, operand: Operand, first: Code, over: TileAxisKind): Code {
  const { lowMajor, lowMinor, minor } = operand.matrix;
  const offset = plusConstant(first, -(minor === over ? lowMajor : lowMinor));
  const text = `${operand.base} + ${within(offset, 2)} * ${steps(operand, over).kept}`;
  return writer.named({ ...first, text, level: 1 }, 'operand');
}

function entry(operand: Operand, first: Code, summed: string, further: string, over: TileAxisKind): string {
  const by = steps(operand, over);
  const { element } = operand.matrix;
  const value = `load_shared<${element}>(${first.text} + (${further}) * ${by.kept} + ${summed} * ${by.summed})`;
  return element === 'float' ? value : `to_float(${value})`;
}
