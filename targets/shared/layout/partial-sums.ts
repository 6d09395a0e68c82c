// Row sums that need not be complete while a loop runs: each thread of a row keeps its own share, and the shares are added
// up once behind the loop. It holds for sums that are only scaled by rows and added to, as the running sum of a softmax is.

import { operandIndex, valuesOf } from '../../../codegen/tile/operations.js';
import type { Block, Statement } from '../../../codegen/tile/program.js';
import type { Tile, TileAxisKind, Value } from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import type { Expression } from '../../../src/ir/index.js';

export interface PartialSums {
  /** Tiles of which each thread of a row holds a share. */
  readonly shares: ReadonlySet<Value>;
  /** Tiles behind a loop that are added up there, as somebody wants them whole. */
  readonly completed: ReadonlySet<Value>;
}

type Form = readonly string[];

/** What is known of a kernel's tiles before. */
interface KnownTiles {
  /** The forms that a tile of one axis is wanted in. */
  readonly forms: (tile: Tile) => Form;
  /** Rows and columns of a tile of two axes. */
  readonly gridAxes: (tile: Tile) => readonly TileAxisKind[];
}

export function findPartialSums(body: Block, known: KnownTiles): PartialSums {
  const statements = statementsOf(body);
  const zeros = new Set<Value>();
  const shares = new Set<Value>();
  // Everything that could be a share, and then what cannot be is taken out until nothing changes.
  for (const statement of statements) {
    if (statement.statement === 'let') {
      const { value, operation } = statement;
      if (operation.op === 'constant' && operation.value === 0) zeros.add(value);
      if (isRow(value, known) && (operation.op === 'map' || isRowSum(statement, known))) shares.add(value);
    } else if (statement.statement === 'for') {
      for (const { inside, after } of statement.carried) {
        if (isRow(inside, known)) shares.add(inside).add(after);
      }
    } else if (statement.statement === 'switch') {
      for (const result of statement.results) if (isRow(result, known)) shares.add(result);
    }
  }
  const isShare = (value: Value): boolean => shares.has(value) || zeros.has(value);
  const completed = new Set<Value>();
  for (let before = -1; before !== shares.size + completed.size * 1e6; ) {
    before = shares.size + completed.size * 1e6;
    for (const statement of statements) checkStatement(statement, shares, isShare, completed);
  }
  return { shares, completed };
}

const isRow = (value: Value, known: KnownTiles): boolean =>
  value.kind === 'tile' && value.axes.length === 1 && known.forms(value).join() === 'row';

/** A sum over the columns of a tile. */
function isRowSum(statement: Statement, known: KnownTiles): boolean {
  if (statement.statement !== 'let' || statement.operation.op !== 'reduce') return false;
  const { tile, over, monoid } = statement.operation;
  return monoid === 'sum' && tile.axes.length === 2 && known.gridAxes(tile)[1] === over;
}

function checkStatement(
  statement: Statement,
  shares: Set<Value>,
  isShare: (value: Value) => boolean,
  completed: Set<Value>,
): void {
  // A value that is wanted whole is no share; behind a loop it is completed.
  const wantWhole = (value: Value, isBehindLoop: (value: Value) => boolean): void => {
    if (!shares.has(value)) return;
    if (isBehindLoop(value)) completed.add(value);
    shares.delete(value);
  };
  switch (statement.statement) {
    case 'store':
      wantWhole(statement.tile, () => false);
      return;
    case 'let': {
      const { operation, value } = statement;
      if (operation.op === 'map' && shares.has(value)) {
        if (isLinear(operation.value, (n) => isShare(operation.operands[n]!))) return;
        shares.delete(value);
      }
      if (operation.op === 'map' && operation.operands.some((each) => shares.has(each))) {
        for (const each of operation.operands) wantWhole(each, () => false);
      } else if (operation.op !== 'map') {
        for (const each of valuesOf(operation)) wantWhole(each, () => false);
      }
      return;
    }
    case 'for':
      for (const [n, { initial, inside, after }] of statement.carried.entries()) {
        const next = statement.body.yields[n]!;
        if (shares.has(inside) && isShare(initial) && isShare(next)) {
          // Behind the loop it is a share as long as nobody wants more.
          if (!shares.has(after)) completed.add(after);
          continue;
        }
        for (const each of [initial, inside, next, after]) shares.delete(each);
        completed.delete(after);
      }
      return;
    case 'switch':
      for (const [n, result] of statement.results.entries()) {
        const given = Object.values(statement.cases).map(({ yields }) => yields[n]!);
        if (shares.has(result) && given.every(isShare)) continue;
        for (const each of [result, ...given]) shares.delete(each);
      }
  }
}

/** Whether every term of an expression has one share as a factor, and only whole values beside it. */
function isLinear(expression: Expression, isShare: (operand: number) => boolean): boolean {
  const hasShare = (part: Expression): boolean => {
    if (part.kind === 'read') {
      const n = operandIndex(part.source);
      return n === undefined ? part.index.some(hasShare) : isShare(n);
    }
    if (part.kind === 'apply') return part.operands.some(hasShare);
    return part.kind === 'accumulate' && hasShare(part.body);
  };
  if (expression.kind === 'read') return hasShare(expression) && expression.index.length === 0;
  if (expression.kind !== 'apply') return false;
  const [x, y] = expression.operands as [Expression, Expression];
  switch (expression.operation) {
    case 'add':
    case 'subtract':
      return isLinear(x, isShare) && isLinear(y, isShare);
    case 'negate':
      return isLinear(x, isShare);
    case 'multiply':
      return (isLinear(x, isShare) && !hasShare(y)) || (isLinear(y, isShare) && !hasShare(x));
    case 'divide':
      return isLinear(x, isShare) && !hasShare(y);
    default:
      return false;
  }
}
