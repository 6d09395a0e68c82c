// gram: each thread owns some entries of the accumulator and runs over all rows and columns for them, in one order.
// The tile lies in shared memory beside the ring.

import type { GramOperation } from '../../../codegen/tile/operations/gram.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { inRows } from '../../shared/layout/space.js';
import { placeInRing } from '../../shared/tile/neighbours.js';
import { ringOf } from '../../shared/tile/plan.js';
import { CHUNK, codes } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { chunksOf } from '../layout/matrices.js';
import { atom, type Code } from '../text/code.js';
import { placeOfRing, ringEntry, ringPlace } from './ring.js';
import { stageFloats } from './staging.js';

export function lowerGram(writer: KernelWriter, operation: GramOperation, tile: Tile, position: number): void {
  const { analysis, arena, threads } = writer.plan;
  const { accumulator, tile: factor } = operation;
  const ring = ringOf(operation.source);
  const [rowOffsets, columnOffsets] = inRows(analysis.space, operation.queryOffset, operation.keyOffset);
  const place = ringPlace(writer, ring);
  const { rowAxis, columnAxis, rowShift, columnShift } = placeInRing(analysis.space, factor, place, 'a gram');
  const base = arena.scratchBase(position);
  const matrix = stageFloats(writer, factor, base, 'the tile of a gram');
  writer.reads([{ base, size: chunksOf(matrix) }, placeOfRing(writer, ring)]);
  const registers = writer.declare(tile, 'flat');
  writer.fill(registers, () => writer.operandAt(accumulator, tile, 'flat'));
  const { low, high } = writer.range(tile, tile.axes[0]!.kind);
  writer.openUnrolled('k', registers.rows);
  const offset = writer.named(atom(`thread + k * ${threads} + ${low}`, 'int'), 'offset');
  writer.open(`if (${offset.text} < ${high}) {`);
  // The tap that the entry belongs to: its counters, the last one fastest.
  const own = writer.countersAt(offset, operation.counters);
  own.set('x', codes.sum(writer.scalar(tile.axes[0]!.origin), offset));
  const [rowOffset, columnOffset] = [rowOffsets, columnOffsets].map((each) =>
    writer.named(writer.print(each, writer.surroundings(own)), 'offset'),
  ) as [Code, Code];
  const [row, column, total] = ['line', 'column', 'total'].map((name) => writer.fresh(name)) as [
    string,
    string,
    string,
  ];
  writer.line(`float ${total} = ${registers.name}[k];`);
  writer.line('#pragma unroll 1');
  writer.open(`for (int ${row} = 0; ${row} < ${rowAxis.size}; ++${row}) {`);
  writer.line('#pragma unroll 4');
  writer.open(`for (int ${column} = 0; ${column} < ${columnAxis.size}; ++${column}) {`);
  const entry = ringEntry(
    place,
    `${row} + ${rowOffset.text} + ${rowShift}`,
    `${column} + ${columnOffset.text} + ${columnShift}`,
  );
  const value = `load_shared<float>(${base * CHUNK} + (${row} - ${matrix.lowMajor}) * ${matrix.stride} + ${column} * 4)`;
  writer.line(`${total} += ${entry} * ${value};`);
  writer.close();
  writer.close();
  writer.line(`${registers.name}[k] = ${total};`);
  writer.close();
  writer.close();
  writer.assign(tile, registers);
}
