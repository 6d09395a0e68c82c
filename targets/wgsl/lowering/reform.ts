// A tile of one axis in another form than the one it was computed in: from rows of threads to columns or back, through
// workgroup memory, one vector an entry, so that no two threads write into one.
import type { Tile } from '../../../codegen/tile/types.js';
import type { Form } from '../../shared/layout/analysis.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { offsetCode } from '../kernel-writer.js';
import { atom, type Code, parts, plusConstant } from '../text/code.js';

export function reform(writer: KernelWriter, tile: Tile, source: Registers, to: Form, position: number): void {
  const kind = tile.axes[0]!.kind;
  const range = writer.range(tile, kind);
  const { threads } = writer.plan;
  const base = writer.plan.arena.scratchBase(position);
  const size = Math.ceil((range.high - range.low) / (4 * threads.columns)) * 4 * threads.columns;
  writer.access('write', base, size, 'a vector of row statistics');
  const put = (offset: Code, value: string): void => {
    writer.open(`if (${offset.text} < ${range.high}) {`);
    writer.line(`${writer.arenaAt(base - range.low, offset)} = vec4f(${value});`);
    writer.close();
  };
  if (source.form === 'row') {
    writer.open('if (thread_column == 0) {');
    for (let row = 0; row < source.rows; row += 1)
      put(offsetCode(writer.rowOffset(range, row)), source.at(row, 0).text);
    writer.close();
  } else {
    writer.open('if (thread_row == 0) {');
    for (let group = 0; group < source.groups; group += 1) {
      const first = offsetCode(writer.columnOffset(range, group));
      for (const [n, part] of parts.entries()) put(plusConstant(first, n), `${source.at(0, group).text}.${part}`);
    }
    writer.close();
  }
  writer.access('read', base, size);
  const entry = (offset: Code): string => `${writer.arenaAt(base - range.low, offset)}.x`;
  const shape = writer.shape(tile, to);
  const names: Code[] = [];
  for (let n = 0; n < shape.rows * shape.groups; n += 1) {
    const text =
      to === 'column'
        ? `vec4f(${parts.map((_, part) => entry(plusConstant(offsetCode(writer.columnOffset(range, n)), part))).join(', ')})`
        : entry(offsetCode(to === 'row' ? writer.rowOffset(range, n) : writer.flatOffset(range, n)));
    const name = atom(writer.fresh('moved'), 'float', to === 'column');
    writer.constant(name, text);
    names.push(name);
  }
  writer.assign(tile, { form: to, ...shape, at: (row, group) => names[to === 'column' ? group : row]! });
}
