// Products whose sums stay in the registers of a value that goes round a loop: what they add to, what becomes of it and what the next
// turn begins with are one place, so that a product may run on from one turn to the next.
import { type Block, caseBlocks, type ForStatement, type Statement } from '../../../codegen/tile/program.js';
import type { Tile, Value } from '../../../codegen/tile/types.js';
import { definitionsOf, innerBlocks, statementsOf, usesOf } from '../../../codegen/tile/walk.js';
import type { Product } from '../../shared/layout/products.js';
import { blocksAround } from './places-in-blocks.js';

export interface SumInPlace {
  readonly product: Product;
  /** The carried value whose registers these are, and the values that share them. */
  readonly inside: Tile;
  readonly shared: ReadonlySet<Tile>;
  /** The statement of the product's own block that is the first to change it. */
  readonly first: Statement;
  /** The blocks around the product, its own last, and those of other cases on the way to it. */
  readonly blocks: readonly Block[];
  readonly otherCases: readonly Block[];
}

/** How a product adds to a value that a loop carries, where nothing else reads what it adds to. */
export function sumInPlace({ body, carried }: ForStatement, product: Product): SumInPlace | undefined {
  const blocks = blocksAround(body, product.statement);
  const made = changesOf(blocks.at(-1), product);
  if (!made) return undefined;
  const { inside, shared, first } = made;
  const yielded: (readonly [Block, number])[] = [];
  const otherCases: Block[] = [];
  let value: Value = product.value;
  // Outwards: every case on the way hands on the sum, or the value as it was.
  for (let depth = blocks.length - 1; depth >= 0; depth -= 1) {
    const block = blocks[depth]!;
    const n = block.yields.indexOf(value);
    if (n < 0) return undefined;
    yielded.push([block, n]);
    if (depth === 0) {
      if (carried[n]?.inside !== inside) return undefined;
      continue;
    }
    const around = blocks[depth - 1]!.statements.find((each) => innerBlocks(each).includes(block));
    if (around?.statement !== 'switch') return undefined;
    for (const other of caseBlocks(around).keys()) {
      if (other === block) continue;
      if (other.yields[n] !== inside) return undefined;
      yielded.push([other, n]);
      otherCases.push(other);
    }
    value = around.results[n]!;
    if (value.kind !== 'tile') return undefined;
    shared.add(value);
  }
  const all = new Set<Value>([inside, ...shared]);
  return isReadOnce(body, all, yielded) ? { product, inside, shared, first, blocks, otherCases } : undefined;
}

/** What a product adds to is a carried value, or made of it by maps in the product's own block. */
function changesOf(
  block: Block | undefined,
  { statement, operation, value }: Product,
): { readonly inside: Tile; readonly shared: Set<Tile>; readonly first: Statement } | undefined {
  const { accumulator } = operation;
  if (!block || !accumulator) return undefined;
  const shared = new Set<Tile>([value]);
  let [first, inside]: [Statement, Tile] = [statement, accumulator];
  for (;;) {
    const made = block.statements.find((each) => definitionsOf(each).includes(inside));
    if (!made) return { inside, shared, first };
    if (made.statement !== 'let' || made.operation.op !== 'map') return undefined;
    const large = usesOf(made).filter((each): each is Tile => each.kind === 'tile' && each.axes.length === 2);
    if (large.length !== 1) return undefined;
    shared.add(inside);
    [first, inside] = [made, large[0]!];
  }
}

/** Whether each value has one reader, which makes another one of them, and is handed on where that is expected. */
function isReadOnce(body: Block, values: ReadonlySet<Value>, yielded: readonly (readonly [Block, number])[]): boolean {
  const read = new Set<Value>();
  const blocks = new Set<Block>([body]);
  for (const each of statementsOf(body)) {
    for (const inner of innerBlocks(each)) blocks.add(inner);
    for (const used of usesOf(each)) {
      if (!values.has(used)) continue;
      if (read.has(used) || !definitionsOf(each).some((made) => values.has(made))) return false;
      read.add(used);
    }
  }
  const handed = [...blocks].flatMap(({ yields }) => yields.filter((each) => values.has(each)));
  return handed.length === yielded.length;
}
