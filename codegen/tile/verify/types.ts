// Rule: every operation's operands fit it, and its result is declared as the rules of inference give it: valid no wider,
// and rounded only by a cast. What a matrix product accumulates is f32.
import type { Expression } from '../../../src/ir/index.js';
import { infer, TileTypeError } from '../infer.js';
import type { TileOperation, TileOperationName, TileOperationOf } from '../operations.js';
import type { LetStatement } from '../program.js';
import { printType } from '../text/boxes.js';
import { type Tile, type TileDtype, type Value, validRange } from '../types.js';
import type { ProgramRule } from './rule.js';

export const typesAreInferred: ProgramRule = (report) => {
  for (const site of report.sites) {
    const { statement } = site;
    if (statement.statement !== 'let') continue;
    const given = inferred(statement);
    if (typeof given === 'string') {
      report.violation('HD8004', site, { why: given });
      continue;
    }
    const { value, operation } = statement;
    if (!isWithin(value, given)) {
      report.violation('HD8005', site, { declared: printType(value), given: printType(given) });
    }
    const dtypes = dtypesOf(operation);
    if (!dtypes.includes(value.dtype)) {
      report.violation('HD8005', site, { declared: value.dtype, given: dtypes.join(' or ') });
    }
  }
};

/** What the rules give, or why they give nothing. */
function inferred({ operation, value }: LetStatement): Value | string {
  try {
    return infer(operation, value);
  } catch (error) {
    if (error instanceof TileTypeError) return error.message;
    throw error;
  }
}

/** Whether a declared value is valid only where the inferred one is. */
function isWithin(declared: Value, given: Value): boolean {
  if (declared.kind === 'ring' || given.kind === 'ring') return declared.kind === given.kind;
  return declared.axes.every((axis, n) => {
    const [own, other] = [validRange(axis), validRange(given.axes[n]!)];
    return other.low <= own.low && own.high <= other.high;
  });
}

const everyDtype: readonly TileDtype[] = ['f32', 'f16', 'bf16', 'int'];
const ofExpression = ({ type }: Expression): readonly TileDtype[] => (type === 'int' ? ['int', 'f32'] : ['f32']);
const ofTiles = (tiles: readonly Tile[]): readonly TileDtype[] =>
  tiles.length > 0 && tiles.every(({ dtype }) => dtype === 'int') ? ['int', 'f32'] : ['f32'];

type Dtypes = { readonly [Op in TileOperationName]: (operation: TileOperationOf<Op>) => readonly TileDtype[] };

/** The dtypes that each operation can give. */
const dtypes: Dtypes = {
  constant: ({ value }) => (Number.isSafeInteger(value) ? ['f32', 'int'] : ['f32']),
  load: ({ buffer }) => [buffer.dtype],
  matmul: () => ['f32'],
  map: ({ value }) => ofExpression(value),
  cast: () => everyDtype,
  relabel: ({ tile }) => [tile.dtype],
  reduce: ({ tile }) => ofTiles([tile]),
  ring: () => everyDtype,
  push: ({ ring, tile }) => (ring.dtype === tile.dtype ? [ring.dtype] : []),
  stencil: () => ['f32'],
  window: ({ value }) => ofExpression(value),
  mix: () => ['f32'],
  gram: () => ['f32'],
  bin: () => ['f32'],
};

const dtypesOf = (operation: TileOperation): readonly TileDtype[] =>
  (dtypes[operation.op] as (operation: TileOperation) => readonly TileDtype[])(operation);
