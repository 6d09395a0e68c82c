// How much of a box a mask lets through, decided in the kernel by interval arithmetic: whole, nothing, or not known.
// The arithmetic is that of the WGSL target, whose functions of whole numbers CUDA files define under the same names.
import type { SwitchStatement } from '../../codegen/tile/program.js';
import type { TileAxis } from '../../codegen/tile/types.js';
import { maskClassText } from '../wgsl/mask-class.js';
import type { KernelWriter } from './kernel-writer.js';
import { plusConstant } from './text/code.js';

export { MOST_KEYS } from '../wgsl/mask-class.js';

/** Writes what decides the class of a switch's box; gives the conditions, by class. */
export function maskClassOf(
  writer: KernelWriter,
  { mask, rows, columns }: SwitchStatement,
): { readonly full: string | undefined; readonly empty: string | undefined } {
  const ends = (axis: TileAxis) => {
    const low = writer.named(writer.scalar(axis.origin), 'from');
    return { low, high: plusConstant(low, axis.size - 1) };
  };
  const { full, empty } = maskClassText(mask, {
    rows: ends(rows),
    columns: ends(columns),
    scalar: (expression) => writer.scalar(expression),
    named: (code) => writer.named(code, 'bound'),
    // Entries of tables are not known before they are read: such boxes are partial.
    table: () => undefined,
  });
  return {
    full: full && writer.named({ ...full, type: 'bool' }, 'is_full').text,
    empty: empty && writer.named({ ...empty, type: 'bool' }, 'is_empty').text,
  };
}
