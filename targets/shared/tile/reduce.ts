// reduce: along a row of threads, along a column, or all of a line. How threads combine what they have is a target's; which way
// a reduction goes, and in which forms its result is wanted, is the same for all.
import type { ReduceOperation } from '../../../codegen/tile/operations/reduce.js';
import type { Tile } from '../../../codegen/tile/types.js';
import type { Form } from '../layout/analysis.js';
import { refuse } from '../refusal.js';
import type { TileWriter, WriterTypes } from './writer.js';

/** A reduction of `source` that gives `tile`, at the position of its statement. */
export interface Reduction {
  readonly source: Tile;
  readonly tile: Tile;
  readonly monoid: ReduceOperation['monoid'];
  readonly position: number;
}

export interface ReduceTable<Writer, Registers> {
  /** One number of a tile of one axis. */
  readonly line: (writer: Writer, reduction: Reduction) => void;
  /** One value a row, in row form, and one value a column, in column form. */
  readonly acrossColumns: (writer: Writer, reduction: Reduction) => Registers;
  readonly acrossRows: (writer: Writer, reduction: Reduction) => Registers;
  /** Moves the registers of a tile into another form. */
  readonly reform: (writer: Writer, tile: Tile, from: Registers, to: Form, position: number) => void;
}

export const reducerOf =
  <T extends WriterTypes, Writer extends TileWriter<T>>(table: ReduceTable<Writer, T['registers']>) =>
  (writer: Writer, { tile: source, over, monoid }: ReduceOperation, tile: Tile, position: number): void => {
    const reduction = { source, tile, monoid, position };
    if (source.axes.length === 1) {
      table.line(writer, reduction);
      return;
    }
    if (source.axes.length !== 2) refuse('a reduction takes a tile of one or two axes');
    const { analysis } = writer.plan;
    const isOfRows = analysis.gridAxes(source)[0] === over;
    const registers = isOfRows ? table.acrossRows(writer, reduction) : table.acrossColumns(writer, reduction);
    writer.assign(tile, registers);
    for (const other of analysis.forms(tile)) {
      if (other !== registers.form) table.reform(writer, tile, registers, other, position);
    }
  };
