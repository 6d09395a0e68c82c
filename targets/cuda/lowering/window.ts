// window: any expression of entries of a ring near the reader, each entry read where the expression asks for it.
// What lies beside the ring is poison, and may be anything: places are kept inside of it.

import type { WindowOperation } from '../../../codegen/tile/operations/window.js';
import { neighbourIndex } from '../../../codegen/tile/operations.js';
import type { Ring, Tile } from '../../../codegen/tile/types.js';
import { asFloat } from '../../../src/ir/index.js';
import { inRows } from '../../shared/layout/space.js';
import { ringOf } from '../../shared/tile/plan.js';
import { codes } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, type Code } from '../text/code.js';
import { placeOfRing, ringEntry, ringPlace } from './ring.js';

export function lowerWindow(writer: KernelWriter, { sources, operands, value }: WindowOperation, tile: Tile): void {
  const rings = sources.map(ringOf);
  writer.reads(rings.map((ring) => placeOfRing(writer, ring)));
  const entries = rings.map((ring) => entryOf(writer, ring));
  const expression = asFloat(value);
  const { space } = writer.plan.analysis;
  writer.define(tile, 'window', (form) =>
    writer.print(
      expression,
      writer.elementOf(tile, operands, form, undefined, (read, index) => {
        const n = neighbourIndex(read.source);
        const [row, column] = inRows(space, index[0]!, index[1]!);
        return n === undefined ? undefined : entries[n]!(row, column);
      }),
    ),
  );
}

/** Reads the entry of a ring at absolute indices. */
function entryOf(writer: KernelWriter, ring: Ring): (row: Code, column: Code) => Code {
  const place = ringPlace(writer, ring);
  const { rows, columns } = place.layout;
  const origins = [place.firstRow, place.firstColumn].map((each) => writer.named(writer.scalar(each), 'first'));
  return (row, column) => {
    const inside = (index: Code, origin: Code, size: number): string =>
      writer.named(atom(`least(most(${codes.minus(index, origin).text}, 0), ${size - 1})`, 'int'), 'near').text;
    return atom(ringEntry(place, inside(row, origins[0]!, rows), inside(column, origins[1]!, columns)), 'float');
  };
}
