// Grams that are too much text to write out: each thread owns some taps and runs over all rows and columns for them, in one
// order. The tile lies in workgroup memory beside the ring; its entries beyond the last column are 0.

import type { GramOperation } from '../../../codegen/tile/operations/gram.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { inRows } from '../../shared/layout/space.js';
import { placeInRing } from '../../shared/tile/neighbours.js';
import { ringOf } from '../../shared/tile/plan.js';
import { codes } from '../buffers.js';
import { type KernelWriter, offsetCode, type Registers } from '../kernel-writer.js';
import { type Staged, stagedSize } from '../layout/staged.js';
import { threadCount } from '../layout/threads.js';
import { atom, type Code, integerCode, level, parts, within } from '../text/code.js';
import { ringPlace } from './ring.js';
import { stageTile, tileShape } from './staging.js';

/** Where the sums of a gram go. */
interface GramEntries {
  readonly tile: Tile;
  readonly registers: Registers;
  readonly position: number;
}

/** Adds to each register what its tap sums up. */
export function entriesOfGram(
  writer: KernelWriter,
  operation: GramOperation,
  { tile, registers, position }: GramEntries,
): void {
  const { space } = writer.plan.analysis;
  const { tile: factor } = operation;
  const ring = ringOf(operation.source);
  const [rowOffsets, columnOffsets] = inRows(space, operation.queryOffset, operation.keyOffset);
  const place = ringPlace(writer, ring);
  const { base, stride } = place;
  const { rowAxis, columnAxis, rowShift, columnShift } = placeInRing(space, factor, place, 'a gram');
  const staged: Staged = { ...tileShape(writer, factor), base: writer.plan.arena.scratchBase(position) };
  stageTile(writer, factor, staged, space.columns);
  const { region } = writer.plan.ringLayout(ring);
  writer.reads([
    { base: staged.base, size: stagedSize(staged) },
    { base, size: region.size },
  ]);
  const range = writer.range(tile, tile.axes[0]!.kind);
  const origin = writer.scalar(tile.axes[0]!.origin);
  for (let n = 0; n < registers.rows; n += 1) {
    const offset = writer.flatOffset(range, n);
    const isPartial = (n + 1) * threadCount(writer.plan.threads) > range.high - range.low;
    if (isPartial) writer.open(`if (${offsetCode(offset).text} < ${range.high}) {`);
    // The tap that the entry belongs to: its counters, the last one fastest.
    const own = writer.countersAt(offsetCode(offset), operation.counters);
    own.set('x', codes.sum(origin, offsetCode(offset)));
    const offsets = [rowOffsets, columnOffsets].map((each) =>
      writer.named(writer.print(each, writer.surroundings(own)), 'offset'),
    ) as [Code, Code];
    const [row, vector] = [writer.fresh('row'), writer.fresh('vector')];
    writer.open(`for (var ${row} = 0; ${row} < ${rowAxis.size}; ${row}++) {`);
    const line = writer.named(
      codes.times(atom(`(${row} + ${offsets[0].text} + ${rowShift})`, 'int'), integerCode(stride * 4)),
      'line',
    );
    writer.open(`for (var ${vector} = 0; ${vector} < ${staged.stride}; ${vector}++) {`);
    const entry = codes.sum(codes.times(atom(row, 'int'), integerCode(staged.stride)), atom(vector, 'int'));
    const four = writer.named(atom(writer.arenaAt(staged.base, entry), 'float', true), 'factor');
    const first = writer.named(
      atom(`${line.text} + ${vector} * 4 + ${offsets[1].text} + ${columnShift}`, 'int'),
      'first',
    );
    for (const [part, name] of parts.entries()) {
      // A vector's entries beyond the last key are left out: the ring may hold anything there.
      const isLast = columnAxis.size % 4 !== 0 && part >= columnAxis.size % 4;
      const at = within(
        {
          ...first,
          text: part === 0 ? first.text : `${first.text} + ${part}`,
          level: part === 0 ? level.atom : level.add,
        },
        level.atom,
      );
      const near = `${writer.arenaAt(base, atom(`(${at} >> 2u)`, 'int'))}[${at} & 3]`;
      const term = `${near} * ${four.text}.${name}`;
      const kept = isLast ? `select(0.0, ${term}, ${vector} < ${staged.stride - 1})` : term;
      writer.add(registers.at(n, 0), kept);
    }
    writer.close();
    writer.close();
    if (isPartial) writer.close();
  }
}
