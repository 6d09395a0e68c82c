// What folds into tables share: the axes of a table, of which a tile has the last one, and a value at the block's own rows
// alone, as each row counts once.

import { domainVariables, type Node, namedValuesOf, staticSize } from '../../../../src/ir/index.js';
import { axis } from '../../../tile/builder.js';
import { neighbourAt } from '../../../tile/operations.js';
import { axisOfKind, type Tile, type TileAxis, validRange } from '../../../tile/types.js';
import { axisFacts } from '../../plan/space.js';
import type { Turn } from './fold.js';

export interface TableAxis {
  /** The variable of the table's domain. */
  readonly name: string;
  readonly size: number;
}

/** The axes of a table that are no head: those that tiles are made for one by one, and the one that a tile has. */
export function tableAxes({ domain }: Node): {
  readonly before: readonly TableAxis[];
  readonly last: TableAxis | undefined;
} {
  const names = domainVariables(domain);
  const all = domain.flatMap((each, n) =>
    each.kind === 'extent' ? [{ name: names[n]!, size: staticSize(each)! }] : [],
  );
  return { before: all.slice(0, -1), last: all.at(-1) };
}

/** All indices along the axes before the last one, the last of them fastest. */
export const indicesBefore = (node: Node): readonly ReadonlyMap<string, number>[] =>
  namedValuesOf(tableAxes(node).before.map(({ name, size }) => ({ name, extent: size })));

/** The axes of the tile of a table's part. */
export function partAxes(node: Node): readonly TileAxis[] {
  const { last } = tableAxes(node);
  return last ? [axis('extent', 0, last.size)] : [];
}

/** The tile of a value at the block's own rows alone; where it was grown for its neighbours, a part of it. */
export function aloneTile({ memo: { block }, tiles: { boxes } }: Turn, node: Node, tile: Tile): Tile {
  const grown = axisOfKind(tile.axes, boxes.space.owned)!;
  const { low, high } = validRange(grown);
  if (grown.size === boxes.alone.size && low === 0 && high === grown.size) return tile;
  const entry = neighbourAt(0, axisFacts.query.entry, axisFacts.key.entry);
  return block.window([tile], [], [boxes.alone, boxes.sweptBy(node)], entry);
}
