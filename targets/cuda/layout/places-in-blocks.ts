// Places between the statements of a loop's body, on every way that a turn can take: behind the last reader of a value, and what
// is computed in front of a place and read behind it.
import type { Block, Statement } from '../../../codegen/tile/program.js';
import type { Tile, Value } from '../../../codegen/tile/types.js';
import { definitionsOf, innerBlocks, statementsOf, usesOf } from '../../../codegen/tile/walk.js';

/** In front of the statement of this number, or at the end of the block where there is none. */
export interface BlockPlace {
  readonly block: Block;
  readonly index: number;
}

/** Tiles as large as a value that are made of it entry by entry, and the value itself: its registers go on being used for them. */
export function madeOf(value: Tile, { statements }: Block, isPacked: (tile: Tile) => boolean): ReadonlySet<Value> {
  const found = new Set<Value>([value]);
  const isLarge = (each: Value): boolean => each.kind === 'tile' && each.axes.length === 2 && !isPacked(each);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const each of statementsOf({ statements, yields: [] })) {
      if (each.statement === 'switch') {
        const blocks = innerBlocks(each);
        for (const [n, result] of each.results.entries()) {
          if (blocks.some(({ yields }) => found.has(yields[n]!)) && isLarge(result)) found.add(result);
        }
      } else if (each.statement === 'let' && each.operation.op !== 'matmul' && isLarge(each.value)) {
        if (usesOf(each).some((used) => found.has(used))) found.add(each.value);
      }
    }
  }
  return found;
}

/** The places behind which none of the values is read: one on every way through a block. */
export function behindLastReader(block: Block, values: ReadonlySet<Value>): readonly BlockPlace[] {
  const { statements, yields } = block;
  if (yields.some((each) => values.has(each))) return [{ block, index: statements.length }];
  const last = statements.findLastIndex((each) => mentions(each, values));
  const statement = statements[last];
  if (statement?.statement !== 'switch') return [{ block, index: last + 1 }];
  return innerBlocks(statement).flatMap((inner) => behindLastReader(inner, values));
}

function mentions(statement: Statement, values: ReadonlySet<Value>): boolean {
  return statementsOf({ statements: [statement], yields: [] }).some((each) =>
    [...usesOf(each), ...definitionsOf(each), ...innerBlocks(each).flatMap(({ yields }) => yields)].some((value) =>
      values.has(value),
    ),
  );
}

/** Tiles that a block has computed in front of a place of its own and that are read behind it. */
export function liveAt({ block: { statements, yields }, index }: BlockPlace): readonly Tile[] {
  const behind = new Set<Value>(yields);
  for (const each of statementsOf({ statements: statements.slice(index), yields: [] })) {
    for (const used of [...usesOf(each), ...innerBlocks(each).flatMap((inner) => inner.yields)]) behind.add(used);
  }
  return statements
    .slice(0, index)
    .flatMap((each) => definitionsOf(each))
    .filter((each): each is Tile => each.kind === 'tile' && behind.has(each));
}

/** The blocks of a body around a statement, outer before inner; the last one is its own. */
export function blocksAround(block: Block, statement: Statement): readonly Block[] {
  if (block.statements.includes(statement)) return [block];
  for (const each of block.statements) {
    for (const inner of innerBlocks(each)) {
      const found = blocksAround(inner, statement);
      if (found.length > 0) return [block, ...found];
    }
  }
  return [];
}

/** The blocks within the statements of a block from a number on. */
export const blocksIn = ({ statements }: Block, from: number): readonly Block[] =>
  statementsOf({ statements: statements.slice(from), yields: [] }).flatMap((each) => innerBlocks(each));
