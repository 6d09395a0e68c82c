// bin: each thread owns some entries of the table and looks through all entries of the tile for those that are aimed at
// them, in one order: no atomics, and the same bits in every run.
import type { BinOperation } from '../../../codegen/tile/operations/bin.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { codes } from '../buffers.js';
import { type KernelWriter, offsetCode } from '../kernel-writer.js';
import { type Staged, stagedSize } from '../layout/staged.js';
import { atom, parts, splat } from '../text/code.js';
import { stageTile, tileShape } from './staging.js';

/** Targets are kept as floats, which hold every place of a table exactly; no place is negative. */
const nowhere = -1;

export function lowerBin(
  writer: KernelWriter,
  { accumulator, tile: source, index }: BinOperation,
  tile: Tile,
  position: number,
): void {
  const shape = tileShape(writer, source);
  const values: Staged = { ...shape, base: writer.plan.arena.scratchBase(position) };
  const size = stagedSize(values);
  const targets = values.base + size;
  stageTile(writer, source, values, shape.minor);
  writer.access('write', targets, size, 'the targets of a scatter');
  const held = writer.registersOf(source, 'grid');
  const { threads } = writer.plan;
  const [rows, columns] = [writer.range(source, shape.major), writer.range(source, shape.minor)];
  for (let row = 0; row < held.rows; row += 1) {
    for (let group = 0; group < held.groups; group += 1) {
      const at = offsetCode(writer.rowOffset(rows, row));
      const first = offsetCode(writer.columnOffset(columns, group));
      const aim = splat(writer.print(index, writer.elementOf(source, [], { form: 'grid', row, group })));
      writer.open(`if (${at.text} < ${rows.high} && ${first.text} < ${columns.high}) {`);
      const known = `select(vec4i(${nowhere}), ${aim.text}, ${first.text} + vec4i(0, 1, 2, 3) < vec4i(${columns.high}))`;
      const place = `(${at.text}) * ${shape.stride} + ${writer.column.text} + ${threads.columns * group}`;
      writer.line(`${writer.arenaAt(targets, atom(place, 'int'))} = vec4f(${known});`);
      writer.close();
    }
  }
  writer.access('read', values.base, 2 * size);
  const registers = writer.variables(tile, 'flat', 'bin', (n) => writer.registersOf(accumulator, 'flat').at(n, 0));
  const range = writer.range(tile, tile.axes[0]!.kind);
  const n = atom(writer.fresh('n'), 'int');
  writer.open(`for (var ${n.text} = 0; ${n.text} < ${(rows.high - rows.low) * shape.stride}; ${n.text}++) {`);
  const four = writer.named(atom(writer.arenaAt(values.base, n), 'float', true), 'value');
  const aims = writer.named(atom(`vec4i(${writer.arenaAt(targets, n)})`, 'int', true), 'target');
  for (let own = 0; own < registers.rows; own += 1) {
    const entry = codes.sum(writer.scalar(tile.axes[0]!.origin), offsetCode(writer.flatOffset(range, own)));
    for (const part of parts) {
      writer.add(registers.at(own, 0), `select(0.0, ${four.text}.${part}, ${aims.text}.${part} == ${entry.text})`);
    }
  }
  writer.close();
  writer.assign(tile, registers);
}
