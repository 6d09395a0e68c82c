// The rings of a schedule: which scores live in one, at which rows their neighbours are all there, and the tiles that are
// pushed, which are 0 where there is no position and are not computed where a mask hides them whole.

import { headCount } from '../../../src/ir/footprint/heads.js';
import type { Node } from '../../../src/ir/index.js';
import type { BlockBuilder } from '../../tile/builder.js';
import { minus } from '../../tile/scalars.js';
import type { Ring, Scalar, Tile, TileAxis } from '../../tile/types.js';
import type { HeadOf } from '../plan/contributions.js';
import { maskOfHeads } from '../plan/group-masks.js';
import type { Plan } from '../plan/plan.js';
import { byShared } from '../plan/shared-heads.js';
import { and, isInside } from '../plan/tiles.js';
import { scoreReads } from '../reads/score-reads.js';
import { supportOf } from '../reads/support.js';
import { Scope } from './scope.js';
import type { ScoreTiles } from './scores.js';

/** The heads of the scores that live in rings, each after what it reads. */
export function ringedHeads(plan: Plan): readonly HeadOf[] {
  return plan.roles.order
    .filter((node) => plan.rings.has(node))
    .flatMap((node) =>
      Array.from({ length: plan.heads.inGroup(headCount(node.domain)) }, (_, head) => ({ node, head })),
    );
}

/** Rings that are carried along a loop over keys: one push a turn, each score before those that read it. */
export class CarriedRings {
  private readonly plan: Plan;
  private readonly tiles: ScoreTiles;
  private readonly columns: number;
  private readonly heads: readonly HeadOf[];

  constructor(plan: Plan, tiles: ScoreTiles, columns: number) {
    this.plan = plan;
    this.tiles = tiles;
    this.columns = columns;
    this.heads = ringedHeads(plan);
  }

  get count(): number {
    return this.heads.length;
  }

  /** Empty rings for a loop whose newest keys start at `from`. */
  empty(block: BlockBuilder, from: Scalar): readonly Ring[] {
    return this.heads.map(({ node }) => {
      const lag = this.plan.lag.get(node)!;
      const capacity = this.columns + this.plan.rings.get(node)!.keep;
      return block.ring('key', wholeRows(this.tiles.rows, node), capacity, lag === 0 ? from : minus(from, lag));
    });
  }

  /** The rings after this turn's pushes; the scope knows them. */
  push(scope: Scope, rings: readonly Ring[]): readonly Ring[] {
    const pushed = new Map<HeadOf, Ring>();
    for (const node of new Set(this.heads.map((each) => each.node))) {
      const own = this.heads.filter((each) => each.node === node);
      for (const together of byShared(this.plan, node, own, ({ head }) => head)) {
        const heads = together.map(({ head }) => head);
        const tiles = ringTiles(this.plan, this.tiles, scope, node, heads);
        for (const [n, each] of together.entries()) {
          const ring = scope.block.push(rings[this.heads.indexOf(each)]!, tiles[n]!);
          scope.setRing(node, each.head, ring);
          pushed.set(each, ring);
        }
      }
    }
    return this.heads.map((each) => pushed.get(each)!);
  }
}

/** The rows of a box at which a score has all of its neighbours: those above and below its rings are not there. */
function wholeRows(rows: TileAxis, node: Node): TileAxis {
  interface Range {
    readonly low: number;
    readonly high: number;
  }
  // Scores that are read at several places lie on as many paths: each is looked at once.
  const known = new Map<Node, Range>();
  const rangeOf = (each: Node): Range => {
    const found = known.get(each) ?? rangeBelow(each);
    known.set(each, found);
    return found;
  };
  const rangeBelow = (each: Node): Range => {
    if (each.op === 'fill') return rangeOf(each.value);
    let [low, high] = [0, rows.size];
    for (const { source, rows: read } of scoreReads(each)) {
      const below = rangeOf(source);
      low = Math.max(low, below.low - read.low);
      high = Math.min(high, below.high - read.high);
    }
    return { low, high };
  };
  const { low, high } = rangeOf(node);
  return low === 0 && high === rows.size ? rows : { ...rows, valid: { low, high } };
}

/** Tiles for the rings of some heads. The scope knows them as the tiles of their node from then on. */
export function ringTiles(
  plan: Plan,
  tiles: ScoreTiles,
  scope: Scope,
  node: Node,
  heads: readonly number[],
): readonly Tile[] {
  const lag = plan.lag.get(node)!;
  const support = supportOf(node, 0);
  const condition = and(support, isInside(plan, lag));
  const looked = support && maskOfHeads(support, plan, node, heads);
  const keys = tiles.keysOf(node);
  const compute = (block: BlockBuilder): readonly Tile[] => {
    const inner = new Scope(block, scope, looked);
    return heads.map((head) => tiles.visible(inner, node, head, condition, 0));
  };
  const found = scope.block.switch(and(looked, isInside(plan, lag)), tiles.rows, keys, {
    empty: (block) => heads.map(() => block.constant([tiles.rows, keys], 0)),
    full: compute,
    partial: compute,
  });
  for (const [n, head] of heads.entries()) scope.remember(node, String(head), found[n]!);
  return found;
}
