// What a statement is made of, operation by operation: the values that it uses and defines, its boxes, and the buffers
// and places that it names. One table, so that a new operation cannot be forgotten by any rule.
import type { TileOperation, TileOperationName, TileOperationOf } from '../operations.js';
import type { Statement } from '../program.js';
import type { Buffer, Placement, Tile, TileAxis, Value, View } from '../types.js';

type Operands = {
  readonly [Op in TileOperationName]: (operation: TileOperationOf<Op>) => readonly (Value | View | undefined)[];
};

const operands: Operands = {
  constant: () => [],
  load: () => [],
  matmul: ({ accumulator, left, right }) => [accumulator, left, right],
  map: (operation) => operation.operands,
  cast: ({ tile }) => [tile],
  relabel: ({ tile }) => [tile],
  reduce: ({ tile }) => [tile],
  ring: () => [],
  push: ({ ring, tile }) => [ring, tile],
  stencil: ({ ring }) => [ring],
  window: (operation) => [...operation.rings, ...operation.operands],
  mix: ({ tiles }) => tiles,
  gram: ({ accumulator, ring, tile }) => [accumulator, ring, tile],
  bin: ({ accumulator, tile }) => [accumulator, tile],
};

export const operandsOf = (operation: TileOperation): readonly (Value | View)[] =>
  (operands[operation.op] as (operation: TileOperation) => readonly (Value | View | undefined)[])(operation).filter(
    (operand) => operand !== undefined,
  );

/** The values that a statement takes from its own block; what blocks inside of it take is theirs. */
export function usesOf(statement: Statement): readonly Value[] {
  switch (statement.statement) {
    case 'let':
      return operandsOf(statement.operation).filter((operand): operand is Value => operand.kind !== 'view');
    case 'store':
      return [statement.tile];
    case 'for':
      return statement.carried.map(({ initial }) => initial);
    case 'switch':
      return [];
  }
}

/** The values that a statement gives to its own block. */
export function definitionsOf(statement: Statement): readonly Value[] {
  switch (statement.statement) {
    case 'let':
      return [statement.value];
    case 'store':
      return [];
    case 'for':
      return statement.carried.map(({ after }) => after);
    case 'switch':
      return statement.results;
  }
}

/** A box of a buffer that a statement reads or writes. */
export interface Access {
  readonly buffer: Buffer;
  readonly place: Placement;
  readonly axes: readonly TileAxis[];
  readonly is: 'read' | 'write';
}

export function accessesOf(statement: Statement): readonly Access[] {
  if (statement.statement === 'store') {
    const { tile, buffer, place } = statement;
    return [{ buffer, place, axes: tile.axes, is: 'write' }];
  }
  if (statement.statement !== 'let') return [];
  const { operation, value } = statement;
  if (operation.op === 'load') {
    const { buffer, place } = operation;
    return [{ buffer, place, axes: (value as Tile).axes, is: 'read' }];
  }
  return operandsOf(operation)
    .filter((operand): operand is View => operand.kind === 'view')
    .map(({ buffer, place, axes }) => ({ buffer, place, axes, is: 'read' as const }));
}

/** The axes of a value or view, those across a ring included. */
export const axesOf = (value: Value | View): readonly TileAxis[] =>
  value.kind === 'ring' ? [value.across] : value.axes;

/** Everything with a box that a statement names for the first time. */
export function boxesOf(statement: Statement): readonly (Value | View)[] {
  switch (statement.statement) {
    case 'let':
      return [statement.value, ...operandsOf(statement.operation).filter(({ kind }) => kind === 'view')];
    case 'store':
      return [];
    case 'for':
      return statement.carried.flatMap(({ inside, after }) => [inside, after]);
    case 'switch':
      return statement.results;
  }
}
