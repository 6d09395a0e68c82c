// Walks over the statements of a kernel: every block in order, and what an operation reads.
// One place knows which values each statement uses, so that liveness, layouts and the arena agree on it.
import type { TileOperation } from '../../../codegen/tile/operations.js';
import {
  type Block,
  caseBlocks,
  type ForStatement,
  type Statement,
  type SwitchStatement,
} from '../../../codegen/tile/program.js';
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

const statements = new WeakMap<Block, readonly Statement[]>();

/** Every statement of a block and of the blocks inside of it, outer before inner. */
export function statementsOf(block: Block): readonly Statement[] {
  let found = statements.get(block);
  if (!found) {
    const all: Statement[] = [];
    const visit = (each: Block): void => {
      for (const statement of each.statements) {
        all.push(statement);
        for (const inner of innerBlocks(statement)) visit(inner);
      }
    };
    visit(block);
    found = all;
    statements.set(block, found);
  }
  return found;
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

type Pairs = readonly (readonly [Value, Value])[];

const handed = new WeakMap<Statement, Pairs>();

/** Pairs of values that a loop or switch hands on: one place for both. */
export function handedOn(statement: Statement): Pairs {
  if (statement.statement === 'let' || statement.statement === 'store') return [];
  const found = handed.get(statement) ?? pairsOf(statement);
  handed.set(statement, found);
  return found;
}

function pairsOf(statement: ForStatement | SwitchStatement): Pairs {
  switch (statement.statement) {
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
