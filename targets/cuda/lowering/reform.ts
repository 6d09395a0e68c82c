// A tile of one axis in another form than the one it was computed in: from rows of a block to columns, or back, through
// shared memory.
import type { Tile } from '../../../codegen/tile/types.js';
import type { Form } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import { CHUNK } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { ceilDivide, columnsHeld, loopsOf, rowsHeld, subscript, writingThread } from '../layout/fragments.js';

export function reform(writer: KernelWriter, tile: Tile, from: Registers, to: Form, position: number): void {
  const range = writer.range(tile, tile.axes[0]!.kind);
  const { plan } = writer;
  const offsets: Readonly<Record<Form, () => string>> = {
    row: () => `${writer.firstRow(range).text} + m * 16 + half * 8`,
    column: () => `${writer.firstColumn(range).text} + n * 8 + pair`,
    flat: () => `thread + k * ${plan.threads} + ${range.low}`,
    grid: () => refuse('a tile of two axes has one form'),
    single: () => refuse('one number has one form'),
  };
  const shape = plan.shape(tile, to);
  const held = Math.max(rowsHeld(range, plan.warps), columnsHeld(range, writer.plan.warps), shape.rows * plan.threads);
  const base = plan.arena.scratchBase(position);
  const size = ceilDivide(held * 4, CHUNK);
  const place = (form: Form): string => `${base * CHUNK} + (${offsets[form]()} - ${range.low}) * 4`;
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
  writer.line(
    `float ${name}${loopsOf[to](shape)
      .map(([, extent]) => `[${extent}]`)
      .join('')};`,
  );
  const registers: Registers = { form: to, name, ...shape };
  const target = place(to);
  writer.openForm(to, registers);
  writer.line(`${name}${subscript(to, to)} = load_shared<float>(${target});`);
  writer.closeForm(to);
  writer.assign(tile, registers);
}
