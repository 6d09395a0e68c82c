// bin: each thread owns some entries of the table and looks through all entries of the tile for those that are aimed at
// them, in one order: no atomics, and the same bits in every run.
import type { BinOperation } from '../../../codegen/tile/operations/bin.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { CHUNK, codes } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { columnsHeld, rowsHeld } from '../layout/fragments.js';
import { chunksOf } from '../layout/matrices.js';
import { atom } from '../text/code.js';
import { stageFloats } from './staging.js';

export function lowerBin(
  writer: KernelWriter,
  { accumulator, tile: source, index }: BinOperation,
  tile: Tile,
  position: number,
): void {
  const [rowKind, columnKind] = writer.plan.analysis.gridAxes(source);
  const { warps, arena, threads } = writer.plan;
  const [rows, columns] = [writer.range(source, rowKind), writer.range(source, columnKind)];
  const values = arena.scratchBase(position);
  const matrix = stageFloats(writer, source, values, 'the values of a scatter');
  const size = chunksOf(matrix);
  const targets = values + size;
  writer.access('write', targets, size, 'the targets of a scatter');
  const held = writer.registersOf(source, 'grid');
  writer.openForm('grid', held);
  const offsets = writer.offsets(source, 'grid');
  const [row, column] = [offsets.get(rowKind)!, offsets.get(columnKind)!].map(
    (each) => writer.named(each, 'offset').text,
  );
  const aim = writer.print(index, writer.elementOf(source, [], 'grid'));
  const checks = [
    ...(rowsHeld(rows, warps) > rows.high - rows.low ? [`${row} < ${rows.high}`] : []),
    ...(columnsHeld(columns, writer.plan.warps) > columns.high - columns.low ? [`${column} < ${columns.high}`] : []),
  ];
  const place = `(${row} - ${rows.low}) * ${matrix.stride} + (${column} - ${columns.low}) * 4`;
  writer.line(
    `${checks.length > 0 ? `if (${checks.join(' && ')}) ` : ''}store_shared<int>(${targets * CHUNK} + ${place}, ${aim.text});`,
  );
  writer.closeForm('grid');
  writer.access('read', values, 2 * size);
  const registers = writer.declare(tile, 'flat');
  writer.fill(registers, () => writer.operandAt(accumulator, tile, 'flat'));
  const { low } = writer.range(tile, tile.axes[0]!.kind);
  const [line, entry] = [writer.fresh('line'), writer.fresh('entry')];
  writer.line('#pragma unroll 1');
  writer.open(`for (int ${line} = 0; ${line} < ${rows.high - rows.low}; ++${line}) {`);
  writer.line('#pragma unroll 1');
  writer.open(`for (int ${entry} = 0; ${entry} < ${columns.high - columns.low}; ++${entry}) {`);
  const at = `${line} * ${matrix.stride} + ${entry} * 4`;
  const value = writer.named(atom(`load_shared<float>(${values * CHUNK} + ${at})`, 'float'), 'value');
  const target = writer.named(atom(`load_shared<int>(${targets * CHUNK} + ${at})`, 'int'), 'target');
  writer.openUnrolled('k', registers.rows);
  const own = codes.sum(writer.scalar(tile.axes[0]!.origin), atom(`thread + k * ${threads} + ${low}`, 'int'));
  writer.line(`${registers.name}[k] += ${target.text} == ${own.text} ? ${value.text} : 0.0f;`);
  writer.close();
  writer.close();
  writer.close();
  writer.assign(tile, registers);
}
