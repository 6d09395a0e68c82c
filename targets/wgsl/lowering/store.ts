// store: each thread writes the valid entries that it holds; of what several threads hold, the first one writes.
// What is valid of them is compared where a register may hold more.
import type { StoreStatement } from '../../../codegen/tile/program.js';
import { axisOfKind, type Tile, type TileAxisKind, validRange } from '../../../codegen/tile/types.js';
import type { Form, HeldRange } from '../../shared/layout/analysis.js';
import { codes } from '../buffers.js';
import { type At, type KernelWriter, type Offset, offsetCode } from '../kernel-writer.js';
import { threadCount } from '../layout/threads.js';
import { type Code, integerCode } from '../text/code.js';
import { fourOf, type Limits, writeBuffer } from './global-memory.js';

/** Of the threads that hold the same entries, the one that writes them. */
const writingThread: Readonly<Record<Form, string | undefined>> = {
  grid: undefined,
  row: 'thread_column == 0',
  column: 'thread_row == 0',
  flat: undefined,
  single: 'thread == 0',
};

export function lowerStore(writer: KernelWriter, { tile, buffer, place }: StoreStatement): void {
  const bound = writer.uses(buffer);
  const form = writer.plan.analysis.forms(tile)[0]!;
  const registers = writer.registersOf(tile, form);
  const wide = writer.wideKind(tile, form);
  const alone = writingThread[form];
  for (let row = 0; row < registers.rows; row += 1) {
    for (let group = 0; group < registers.groups; group += 1) {
      const offsets = writer.offsets(tile, { form, row, group });
      const further = alone ? [alone] : [];
      let limits: Limits | undefined;
      let four = wide && fourOf(writer, tile, wide, group);
      for (const [kind, offset] of offsets) {
        const valid = validRange(axisOfKind(tile.axes, kind)!);
        const held = heldBy(writer, tile, kind, { form, row, group });
        if (kind !== wide) further.push(...bounds(offsetCode(offset), valid, held));
        else if (valid.low > held.low || valid.high < held.high) {
          if (bound.vectors && (valid.low % 4 !== 0 || valid.high % 4 !== 0)) four = { kind, vector: undefined };
          if (four?.vector && bound.vectors) further.push(...bounds(offsetCode(offset), valid, held));
          else limits = limitsOf(offsetCode(offset), valid, held);
        }
      }
      const value = registers.at(row, group);
      const at = (kind: TileAxisKind): Code =>
        writer.absolute(axisOfKind(tile.axes, kind)!, offsets.get(kind) as Offset);
      writeBuffer(writer, { bound, place, at, four }, value, further, limits);
    }
  }
}

/** The offsets that all threads together have in a register. */
function heldBy(writer: KernelWriter, tile: Tile, kind: TileAxisKind, { form, row, group }: At): HeldRange {
  const { threads } = writer.plan;
  const range = writer.range(tile, kind);
  const shape = writer.shape(tile, form);
  if (form === 'flat') {
    const low = range.low + row * threadCount(threads);
    return { low, high: low + threadCount(threads) };
  }
  if (kind !== writer.wideKind(tile, form)) return { low: range.low, high: range.low + threads.rows * shape.rows };
  const low = range.low + 4 * threads.columns * group;
  return { low, high: low + 4 * threads.columns };
}

const limitsOf = (offset: Code, valid: HeldRange, held: HeldRange): Limits => ({
  low: valid.low > held.low ? codes.minus(integerCode(valid.low), offset) : integerCode(0),
  high: valid.high < held.high ? codes.minus(integerCode(valid.high), offset) : integerCode(4),
});

const bounds = (offset: Code, valid: HeldRange, held: HeldRange): string[] => [
  ...(valid.low > held.low ? [`${offset.text} >= ${valid.low}`] : []),
  ...(valid.high < held.high ? [`${offset.text} < ${valid.high}`] : []),
];
