// map: a scalar expression at each entry of the result. It may use b, the absolute indices of the result's axes, scalars in
// scope, tables (reads of tensor nodes) and `operand(n)`; an operand without one of the result's axes is broadcast.
import type { Expression } from '../../../src/ir/index.js';
import { matched, union } from '../inference.js';
import { valueAtEntries } from '../interpreter/entries.js';
import { axisOfKind, type Tile, type TileAxis } from '../types.js';
import { arithmeticOf, rowBytes } from './cost.js';
import { arithmetic, dtypeOfValue, none, type OperationDefinition, sizeOfBox, tileOn } from './definition.js';

export interface MapOperation {
  readonly op: 'map';
  readonly operands: readonly Tile[];
  readonly value: Expression;
}

type Arguments = [operands: readonly Tile[], value: Expression, axes?: readonly TileAxis[]];

export const map: OperationDefinition<MapOperation, Arguments> = {
  gives: 'tile',
  operands: { operands: 'entry' },
  expressions: {
    value: {
      what: 'the value',
      type: 'a number',
      knows: ({ operands }, { axes }) => ({ axes, operands: operands.length }),
    },
  },
  // Over the axes of the operands together, where none are given.
  make: (operands, value, axes = union(operands)) => ({
    operation: { op: 'map', operands, value },
    value: tileOn(axes),
  }),
  infer: ({ operands }, declared) => ({
    ...declared,
    axes: matched(
      declared.axes,
      operands.map(({ axes }) => axes),
    ),
  }),
  dtypes: dtypeOfValue,
  text: ({ operands, value }, { element }) => `map ${element(value, operands)}`,
  implied: ({ operands }, tile) =>
    tile.axes.every(({ kind }) => operands.some(({ axes }) => axisOfKind(axes, kind))) ? tile : undefined,
  neighbourhoods: none,
  work: ({ value }, tile) => ({
    ...arithmetic(sizeOfBox(tile) * arithmeticOf(value)),
    bytes: rowBytes(value, tile.axes),
  }),
  interpret: ({ operands, value }, tile, context) => valueAtEntries(value, operands, tile, context),
};
