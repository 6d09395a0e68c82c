// window: any expression of entries of a ring near the reader, each entry read where the expression asks for it.
// Four columns read four entries; what lies beside the ring is poison, and may be anything.

import type { WindowOperation } from '../../../codegen/tile/operations/window.js';
import { neighbourIndex } from '../../../codegen/tile/operations.js';
import type { Ring, Tile } from '../../../codegen/tile/types.js';
import { asFloat } from '../../../src/ir/index.js';
import { inRows } from '../../shared/layout/space.js';
import { ringOf } from '../../shared/tile/plan.js';
import { codes } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, type Code, integerCode, level, parts, within } from '../text/code.js';
import { ringPlace } from './ring.js';

export function lowerWindow(writer: KernelWriter, { sources, operands, value }: WindowOperation, tile: Tile): void {
  const rings = sources.map(ringOf);
  writer.reads(
    rings.map((ring) => ({ base: ringPlace(writer, ring).base, size: writer.plan.ringLayout(ring).region.size })),
  );
  const entries = rings.map((ring) => entryOf(writer, ring));
  const expression = asFloat(value);
  const { space } = writer.plan.analysis;
  writer.define(tile, 'window', (at) =>
    writer.print(
      expression,
      writer.elementOf(tile, operands, at, undefined, (read, index) => {
        const n = neighbourIndex(read.source);
        const entry = n === undefined ? undefined : entries[n];
        if (!entry) return undefined;
        const [row, column] = inRows(space, grouped(index[0]!), grouped(index[1]!));
        if (!row.wide && !column.wide) return atom(entry(row, column), 'float');
        const [rows, columns] = [row, column].map((each) => (each.wide ? writer.named(each, 'at') : each)) as [
          Code,
          Code,
        ];
        const part = (code: Code, name: string): Code => (code.wide ? atom(`${code.text}.${name}`, 'int') : code);
        const four = parts.map((name) => entry(part(rows, name), part(columns, name)));
        return atom(`vec4f(${four.join(', ')})`, 'float', true);
      }),
    ),
  );
}

/** Reads the entry of a ring at absolute indices. */
function entryOf(writer: KernelWriter, ring: Ring): (row: Code, column: Code) => string {
  const { base, stride, firstRow, firstColumn } = ringPlace(writer, ring);
  const origins = [firstRow, firstColumn].map((each) => writer.named(writer.scalar(each), 'first')) as [Code, Code];
  return (row, column) => {
    const line = codes.times(grouped(codes.minus(row, origins[0])), integerCode(stride * 4));
    const place = writer.named(codes.sum(line, codes.minus(column, origins[1])), 'entry');
    return `${writer.arenaAt(base, atom(`(${place.text} >> 2u)`, 'int'))}[${place.text} & 3]`;
  };
}

const grouped = (code: Code): Code => ({ ...code, text: within(code, level.atom), level: level.atom });
