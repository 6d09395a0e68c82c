// The box of a switch as a kernel knows it, and the lines that decide which of its cases is taken.
// Ends are named where they are asked for: before a loop over keys there are no columns.
import type { SwitchStatement } from '../../codegen/tile/program.js';
import type { TileAxis } from '../../codegen/tile/types.js';
import { apply, type Expression, length, type Read } from '../../src/ir/index.js';
import { type MaskBox, maskClassText } from './mask-class.js';
import { type Interval, larger, smaller } from './mask-intervals.js';
import { type Code, plusConstant } from './text/code.js';

/** What writes the text of a kernel. */
export interface MaskWriter {
  scalar(expression: Expression): Code;
  named(code: Code, prefix: string): Code;
}

/** The box of a switch as a kernel knows it. */
export function maskBox(
  writer: MaskWriter,
  { rows: owned, columns: swept }: SwitchStatement,
  table: (read: Read, index: readonly Interval[]) => Interval | undefined,
): MaskBox {
  // Masks are of queries and keys, whichever of them a block owns.
  const [rows, columns] = owned.kind === 'key' ? [swept, owned] : [owned, swept];
  const ends = (axis: TileAxis) => {
    const low = writer.named(writer.scalar(axis.origin), 'from');
    return { low, high: plusConstant(low, axis.size - 1) };
  };
  return {
    get rows() {
      return ends(rows);
    },
    get ownRows() {
      const { low, high } = ends(rows);
      const firstQuery = apply('subtract', length('key'), length('query'));
      const last = plusConstant(writer.scalar(length('key')), -1);
      return {
        low: writer.named(larger(low, writer.scalar(firstQuery)), 'own'),
        high: writer.named(smaller(high, last), 'own'),
      };
    },
    get columns() {
      return ends(columns);
    },
    scalar: (expression) => writer.scalar(expression),
    named: (code) => writer.named(code, 'bound'),
    table,
  };
}

/** Writes what decides the class of a switch's box; gives the conditions, by class. */
export function writeMaskClass(
  writer: MaskWriter,
  mask: Expression,
  box: MaskBox,
): { readonly full: string | undefined; readonly empty: string | undefined } {
  const { full, empty } = maskClassText(mask, box);
  return {
    full: full && writer.named({ ...full, type: 'bool' }, 'is_full').text,
    empty: empty && writer.named({ ...empty, type: 'bool' }, 'is_empty').text,
  };
}
