// Rounds what is stored in few bits before it is used any further: a kernel that leaves scores for another one and takes their
// statistics on the way would otherwise take those of other scores than the later kernel finds.
import type { Kernel, LetStatement, Statement, StoreStatement } from '../program.js';
import type { Tile, Value } from '../types.js';
import { innerBlocks, statementsOf, usesOf } from '../walk.js';
import { rewriteKernel } from './rewrite.js';

const isNarrowed = ({ tile, buffer }: StoreStatement): boolean =>
  buffer.role === 'workspace' && tile.dtype === 'f32' && (buffer.dtype === 'f16' || buffer.dtype === 'bf16');

/** How often each value is used, blocks' yields among the uses. */
function usesIn({ body }: Kernel): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>();
  const count = (values: readonly Value[]): void => {
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  count(body.yields);
  for (const statement of statementsOf(body)) {
    count(usesOf(statement));
    for (const { yields } of innerBlocks(statement)) count(yields);
  }
  return counts;
}

/** The kernel with each tile that workspace keeps in few bits rounded to them, for all that use it behind the store. */
export function roundStored(kernel: Kernel): Kernel {
  const uses = usesIn(kernel);
  /** The tiles that are there anew, and what each of them stands for. */
  const standsFor = new Map<Value, Tile>();
  const behind = (statement: Statement): readonly LetStatement[] => {
    if (statement.statement !== 'store' || !isNarrowed(statement) || uses.get(statement.tile) === 1) return [];
    const { tile, buffer } = statement;
    const stored: Tile = { ...tile, dtype: buffer.dtype };
    const again: Tile = { ...tile };
    standsFor.set(again, tile);
    return [
      { statement: 'let', value: stored, operation: { op: 'cast', tile } },
      { statement: 'let', value: again, operation: { op: 'cast', tile: stored } },
    ];
  };
  const marked = rewriteKernel(kernel, { behind });
  if (standsFor.size === 0) return kernel;
  // Statements are rewritten in their order: what follows the cast takes what it gives.
  const rounded = new Map<Value, Tile>();
  return rewriteKernel(marked, {
    value: <Kind extends Value>(value: Kind) => (rounded.get(value) ?? value) as Kind,
    assignment: (statement) => {
      const tile = standsFor.get(statement.value);
      if (tile) rounded.set(tile, statement.value as Tile);
      return [statement];
    },
  });
}
