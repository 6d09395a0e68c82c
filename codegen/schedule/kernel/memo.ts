// What has been computed in a block of a kernel and in the blocks around it: each value of the graph once, for each head.
// A case of a switch sees what its surroundings computed; what it computes itself ends with it.
import { conjunctsOf, type Expression, type Node, sameExpression } from '../../../src/ir/index.js';
import type { BlockBuilder } from '../../tile/builder.js';
import type { NeighbourSource, Tile } from '../../tile/types.js';

export class BlockMemo {
  readonly block: BlockBuilder;
  private readonly outer: BlockMemo | undefined;
  private readonly relevance: Expression | undefined;
  private readonly tiles = new Map<Node, Map<string, Tile>>();
  private readonly sources = new Map<Node, Map<number, NeighbourSource>>();

  /** @param relevance the mask outside of which the block has no use for what it computes, as it is replaced behind it. */
  constructor(block: BlockBuilder, outer?: BlockMemo, relevance?: Expression) {
    this.block = block;
    this.outer = outer;
    this.relevance = relevance;
  }

  /** Whether hiding by `mask` may be left out, as nobody looks where it does not hold. */
  isRelevantWithin(mask: Expression): boolean {
    if (this.relevance !== undefined && implies(this.relevance, mask)) return true;
    return this.outer?.isRelevantWithin(mask) ?? false;
  }

  /** The tile of `node` under `key` (a head, and what else tells two tiles of one node apart), computed at most once. */
  tile(node: Node, key: string, compute: () => Tile): Tile {
    const known = this.known(node, key);
    if (known) return known;
    const tile = compute();
    this.remember(node, key, tile);
    return tile;
  }

  remember(node: Node, key: string, tile: Tile): void {
    const keyed = this.tiles.get(node) ?? new Map<string, Tile>();
    this.tiles.set(node, keyed.set(key, tile));
  }

  /** The tile of `node` under `key` if it has been computed. */
  known(node: Node, key: string): Tile | undefined {
    return this.tiles.get(node)?.get(key) ?? this.outer?.known(node, key);
  }

  setSource(node: Node, head: number, source: NeighbourSource): void {
    const byHead = this.sources.get(node) ?? new Map<number, NeighbourSource>();
    this.sources.set(node, byHead.set(head, source));
  }

  /** The ring or box that neighbours of a score are read from. */
  source(node: Node, head: number): NeighbourSource {
    const source = this.sources.get(node)?.get(head) ?? this.outer?.source(node, head);
    if (!source) throw new Error('neighbours are read before they are there');
    return source;
  }
}

/** Whether each part of `weaker` is a part of `mask`. */
function implies(mask: Expression, weaker: Expression): boolean {
  const known = conjunctsOf(mask);
  return conjunctsOf(weaker).every((part) => known.some((each) => sameExpression(each, part)));
}
