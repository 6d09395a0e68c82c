// A tile of one axis in another form than the one it was computed in: from rows of a block to columns, or back, through
// shared memory.
import type { Tile } from '../../../codegen/tile/types.js';
import type { Form } from '../../shared/layout/analysis.js';
import { CHUNK } from '../buffers.js';
import { dimensions, type KernelWriter, type Registers } from '../kernel-writer.js';
import { ceilDivide, columnsHeld, rowsHeld, subscript, writingThread } from '../layout/fragments.js';

export function reform(writer: KernelWriter, tile: Tile, from: Registers, to: Form, position: number): void {
  const [{ kind }] = tile.axes as [Tile['axes'][number]];
  const range = writer.range(tile, kind);
  const { plan } = writer;
  const shape = plan.shape(tile, to);
  const held = Math.max(rowsHeld(range, plan.warps), columnsHeld(range, writer.plan.warps), shape.rows * plan.threads);
  const base = plan.arena.scratchBase(position);
  const size = ceilDivide(held * 4, CHUNK);
  const place = (form: Form): string =>
    `${base * CHUNK} + (${writer.offsets(tile, form).get(kind)!.text} - ${range.low}) * 4`;
  writer.access('write', base, size, 'a vector of row statistics');
  const source = place(from.form);
  writer.openForm(from.form, from);
  const alone = writingThread(plan.warps)[from.form];
  writer.line(
    `${alone ? `if (${alone}) ` : ''}store_shared<float>(${source}, ${from.name}${subscript(from.form, from.form)});`,
  );
  writer.closeForm(from.form);
  writer.access('read', base, size);
  const name = `${writer.nameOf(tile)}_by_${to}`;
  const registers: Registers = { form: to, name, ...shape };
  writer.line(`float ${name}${dimensions(registers)};`);
  const target = place(to);
  writer.openForm(to, registers);
  writer.line(`${name}${subscript(to, to)} = load_shared<float>(${target});`);
  writer.closeForm(to);
  writer.assign(tile, registers);
}
