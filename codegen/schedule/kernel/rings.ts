// The rings of a kernel: scores that are read beside their reader's place, or later than they are made. What is pushed is 0
// where there is no position, and is not computed where a mask hides it whole.

import type { Node } from '../../../src/ir/index.js';
import type { BlockBuilder } from '../../tile/builder.js';
import { minus } from '../../tile/scalars.js';
import type { Ring, Scalar, Tile } from '../../tile/types.js';
import { Boxes } from '../plan/boxes.js';
import { type HeadOf, headsInGroup } from '../plan/contributions.js';
import { atOneBox, readAround } from '../plan/extents.js';
import { maskOfHeads } from '../plan/group-masks.js';
import type { Plan } from '../plan/plan.js';
import { byShared } from '../plan/shared-heads.js';
import { and } from '../plan/space.js';
import { lengthOf } from '../reads/intervals.js';
import { supportOf } from '../reads/support.js';
import type { CommonTiles } from './common-tiles.js';
import { BlockMemo } from './memo.js';
import type { ScoreTiles } from './scores.js';

/** Rings that are carried along a sweep: one push a turn, each score before those that read it. */
export class CarriedRings {
  private readonly plan: Plan;
  private readonly tiles: ScoreTiles;
  private readonly common: CommonTiles;
  private readonly heads: readonly HeadOf[];

  constructor(plan: Plan, tiles: ScoreTiles, common: CommonTiles) {
    this.plan = plan;
    this.common = common;
    this.tiles = tiles;
    this.heads = ringedHeads(plan, tiles.boxes);
  }

  get count(): number {
    return this.heads.length;
  }

  /** Empty rings for a loop whose newest positions start at `from`. */
  empty(block: BlockBuilder, from: Scalar): readonly Ring[] {
    const { boxes } = this.tiles;
    const { swept, sizes } = boxes.space;
    return this.heads.map(({ node }) => {
      const lag = boxes.lagOf(node);
      const capacity = sizes.columns + boxes.extents.rings.get(node)!;
      return block.ring(swept, boxes.whereMade(node), capacity, lag === 0 ? from : minus(from, lag));
    });
  }

  /** The rings after this turn's pushes; the memo knows them. */
  push(memo: BlockMemo, rings: readonly Ring[]): readonly Ring[] {
    const pushed = new Map<HeadOf, Ring>();
    for (const node of new Set(this.heads.map((each) => each.node))) {
      this.common.compute(memo, node);
      const own = this.heads.filter((each) => each.node === node);
      for (const together of byShared(this.plan, own, (each) => each)) {
        const tiles = ringTiles(this.plan, this.tiles, memo, together);
        for (const [n, each] of together.entries()) {
          const ring = memo.block.push(rings[this.heads.indexOf(each)]!, tiles[n]!);
          memo.setSource(node, each.head, ring);
          pushed.set(each, ring);
        }
      }
    }
    return this.heads.map((each) => pushed.get(each)!);
  }
}

/** What a kernel that sweeps nothing reads beside its place: of each score a box that is grown by all reads of it. */
export function computeBoxes(
  plan: Plan,
  { boxes }: ScoreTiles,
  tilesFor: (boxes: Boxes) => ScoreTiles,
  memo: BlockMemo,
): void {
  const { space, extents } = boxes;
  const { order } = plan.roles;
  for (const each of ringedHeads(plan, boxes)) {
    const { [space.owned]: around, [space.swept]: along } = readAround(order, each.node);
    const columns = space.sizes.columns + lengthOf(along);
    const grown = { ...space, sizes: { rows: space.sizes.rows, columns } };
    const tiles = tilesFor(new Boxes(grown, atOneBox(extents, order, around, -along.low)));
    // The memo is the box's own: in place, the block knows another tile of the same value.
    const [tile] = ringTiles(plan, tiles, new BlockMemo(memo.block), [each]);
    memo.setSource(each.node, each.head, tile!);
  }
}

/** The heads of the scores that live in rings, each after what it reads. */
const ringedHeads = (plan: Plan, { extents }: Boxes): readonly HeadOf[] =>
  plan.roles.order
    .filter((node) => extents.rings.has(node))
    .flatMap((node) => headsInGroup(plan, node).map((head) => ({ node, head })));

/** Tiles for the rings of some heads of one node. The memo knows them as the tiles of their node from then on. */
function ringTiles(plan: Plan, tiles: ScoreTiles, memo: BlockMemo, together: readonly HeadOf[]): readonly Tile[] {
  const { boxes } = tiles;
  const node: Node = together[0]!.node;
  const support = supportOf(node, 0);
  const condition = and(support, boxes.isInside(node));
  const heads = together.map(({ head }) => head);
  const looked = support && maskOfHeads(support, plan, node, heads);
  const compute = (block: BlockBuilder): readonly Tile[] => {
    const inner = new BlockMemo(block, memo, looked);
    return together.map((each) => tiles.visible(inner, each, condition, 0));
  };
  const found = memo.block.switch(and(looked, boxes.isInside(node)), ...boxes.rowsByKeys(node), {
    empty: (block) => heads.map(() => block.constant(boxes.of(node), 0)),
    full: compute,
    partial: compute,
  });
  for (const [n, head] of heads.entries()) memo.remember(node, String(head), found[n]!);
  return found;
}
