// Walks over the statements of a kernel: every block in order, and what an operation reads.
// One place knows which values each statement uses, so that liveness, layouts and the arena agree on it.
import type { TileOperation } from '../../../codegen/tile/operations.js';
import { type Block, caseBlocks, type Statement } from '../../../codegen/tile/program.js';
import type { Ring, Tile, Value } from '../../../codegen/tile/types.js';

/** The blocks inside of a statement. */
export function innerBlocks(statement: Statement): readonly Block[] {
  switch (statement.statement) {
    case 'let':
    case 'store':
      return [];
    case 'for':
      return [statement.body];
    case 'switch':
      return [...caseBlocks(statement).keys()];
  }
}

/** Every statement of a block and of the blocks inside of it, outer before inner. */
export function* statementsOf(block: Block): Generator<Statement> {
  for (const statement of block.statements) {
    yield statement;
    for (const inner of innerBlocks(statement)) yield* statementsOf(inner);
  }
}

/** The on-chip values that an operation reads. */
export function operandsOf(operation: TileOperation): readonly Value[] {
  switch (operation.op) {
    case 'constant':
    case 'load':
    case 'ring':
      return [];
    case 'matmul':
      return [operation.accumulator, operation.left, operation.right].filter(
        (value): value is Tile => value?.kind === 'tile',
      );
    case 'map':
      return operation.operands;
    case 'cast':
    case 'relabel':
    case 'reduce':
      return [operation.tile];
    case 'push':
      return [operation.ring, operation.tile];
    case 'stencil':
      return [operation.ring];
    case 'window':
      return [...operation.rings, ...operation.operands];
    case 'mix':
      return operation.tiles;
    case 'gram':
      return [operation.accumulator, operation.ring, operation.tile];
    case 'bin':
      return [operation.accumulator, operation.tile];
  }
}

/** The operands whose entries the result takes one by one: they share the result's place in registers. */
export function elementwiseOperands(operation: TileOperation): readonly Tile[] {
  switch (operation.op) {
    case 'map':
      return operation.operands;
    case 'window':
      return operation.operands;
    case 'mix':
      return operation.tiles;
    case 'cast':
      return [operation.tile];
    case 'matmul':
    case 'gram':
    case 'bin':
      return operation.accumulator ? [operation.accumulator] : [];
    case 'constant':
    case 'load':
    case 'relabel':
    case 'reduce':
    case 'ring':
    case 'push':
    case 'stencil':
      return [];
  }
}

export const isRing = (value: Value): value is Ring => value.kind === 'ring';

/** Pairs of values that a loop or switch hands on: one place for both. */
export function handedOn(statement: Statement): readonly (readonly [Value, Value])[] {
  switch (statement.statement) {
    case 'let':
    case 'store':
      return [];
    case 'for':
      return statement.carried.flatMap(({ initial, inside, after }, n): [Value, Value][] => [
        [inside, initial],
        [inside, statement.body.yields[n]!],
        [inside, after],
      ]);
    case 'switch':
      return statement.results.flatMap((result, n) =>
        Object.values(statement.cases).map(({ yields }): [Value, Value] => [result, yields[n]!]),
      );
  }
}
