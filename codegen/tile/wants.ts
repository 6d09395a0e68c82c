// What must be held of the operands of an operation, by how it reads them. What is read entry by entry lies as the result does,
// and what is wanted of that is wanted of it.
import {
  definitionOf,
  isTable,
  kindInResult,
  type ReadOperand,
  readOperands,
  type TileOperation,
} from './operations.js';
import { axisOfKind, type Tile, type TileAxis, type TileAxisKind, type Value, validRange } from './types.js';

/** Entries of an operand along one axis: offsets, or those that are wanted of the result. */
export interface Want {
  readonly tile: Tile;
  readonly kind: TileAxisKind;
  readonly range: { readonly low: number; readonly high: number } | 'as the result';
}

export const wantsOf = (operation: TileOperation, value: Value): readonly Want[] =>
  readOperands(operation).flatMap(({ operand: tile, reading }) => {
    if (tile.kind !== 'tile') return [];
    const wholeAlong = definitionOf(operation).wholeAlong?.(operation);
    return tile.axes.flatMap((axis) => {
      const kind = kindInResult(operation, axis.kind);
      const isWhole = reading === 'box' && (isTable(operation) || axis.kind === wholeAlong);
      const range = isWhole ? wholeOf(axis) : rangeOf(reading, { ...axis, kind }, value);
      return range === undefined ? [] : [{ tile, kind: axis.kind, range }];
    });
  });

const wholeOf = ({ size }: TileAxis): Want['range'] => ({ low: 0, high: size });

function rangeOf(reading: ReadOperand['reading'], axis: TileAxis, value: Value): Want['range'] | undefined {
  switch (reading) {
    case 'entry':
    case 'memory':
      return undefined;
    case 'table':
      return wholeOf(axis);
    case 'near':
      return validRange(axis);
    case 'kept':
      return value.kind === 'tile' && value.axes.some(({ kind }) => kind === axis.kind) ? undefined : wholeOf(axis);
    case 'box':
      if (value.kind === 'ring') return axis.kind === value.across.kind ? validRange(value.across) : wholeOf(axis);
      return axisOfKind(value.axes, axis.kind) ? 'as the result' : wholeOf(axis);
  }
}
