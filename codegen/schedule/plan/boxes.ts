// The boxes of a kernel's tiles: owned positions, grown by what is read around them, and swept ones, which trail the newest;
// and which entries of a box are positions at all.

import { apply, type Expression, type Node } from '../../../src/ir/index.js';
import { axis, type BlockBuilder } from '../../tile/builder.js';
import { operand } from '../../tile/operations.js';
import { minus, plus } from '../../tile/scalars.js';
import { axisOfKind, type Scalar, type Tile, type TileAxis, validRange } from '../../tile/types.js';
import { lengthOf } from '../reads/intervals.js';
import type { ScoreAxis } from '../reads/score-reads.js';
import type { Extents } from './extents.js';
import { and, axisFacts, type Space } from './space.js';

export class Boxes {
  readonly space: Space;
  readonly extents: Extents;
  /** A block's own positions with those around them that its scores are needed at. */
  readonly own: TileAxis;
  private readonly newest: Scalar;

  constructor(space: Space, extents: Extents) {
    const { owned, swept, sizes } = space;
    const { around } = extents;
    this.space = space;
    this.extents = extents;
    this.own = axis(owned, plus(axisFacts[owned].tile, around.low), sizes.rows + lengthOf(around));
    this.newest = plus(axisFacts[swept].tile, 0);
  }

  lagOf(node: Node): number {
    return this.extents.lag.get(node)!;
  }

  /** The swept positions of a tile that trails the newest one. */
  swept(lag: number): TileAxis {
    return axis(this.space.swept, lag === 0 ? this.newest : minus(this.newest, lag), this.space.sizes.columns);
  }

  sweptBy(node: Node): TileAxis {
    return this.swept(this.lagOf(node));
  }

  /** The box of a value's tiles: owned by swept. */
  of(node: Node): readonly [TileAxis, TileAxis] {
    return [this.own, this.sweptBy(node)];
  }

  /** The same box as masks are asked of: rows by keys. */
  rowsByKeys(node: Node): readonly [TileAxis, TileAxis] {
    const [own, swept] = this.of(node);
    return this.space.owned === 'query' ? [own, swept] : [swept, own];
  }

  /** Which entries of a value's box lie on the swept axis. */
  isSwept(node: Node): Expression {
    const { swept } = this.space;
    const { entry, first, end, isAligned } = axisFacts[swept];
    const before = apply('less', entry, end);
    // Tiles begin at the first key; where they may begin before the first position, that is asked too.
    return this.lagOf(node) === 0 && isAligned ? before : apply('and', apply('lessOrEqual', first, entry), before);
  }

  /** Which entries of a value's box a fold takes: those on the swept axis, and on the own one where that is summed over, too. */
  isTaken(node: Node): Expression {
    const { ownsNothing, givesParts, owned } = this.space;
    const isSwept = this.isSwept(node);
    return ownsNothing || givesParts
      ? and(apply('less', axisFacts[owned].entry, axisFacts[owned].end), isSwept)
      : isSwept;
  }

  /** A block's own positions alone. */
  get alone(): TileAxis {
    return axis(this.space.owned, axisFacts[this.space.owned].tile, this.space.sizes.rows);
  }

  /** Which entries of a value's box are rows and keys that exist: reads of all others are 0. */
  isInside(node: Node): Expression {
    const { entry, first, end } = axisFacts[this.space.owned];
    const { around } = this.extents;
    let inside = this.isSwept(node);
    if (around.low < 0) inside = and(apply('lessOrEqual', first, entry), inside);
    if (around.high > 0) inside = and(apply('less', entry, end), inside);
    return inside;
  }

  /** A tile as far as the block's own positions: those around them belong to its neighbours. */
  ownPart(block: BlockBuilder, tile: Tile): Tile {
    const { owned } = this.space;
    const box = axisOfKind(tile.axes, owned)!;
    const own = { low: -this.extents.around.low, high: box.size - this.extents.around.high };
    const held = validRange(box);
    if (held.low >= own.low && held.high <= own.high) return tile;
    const axes = tile.axes.map((each) => (each.kind === owned ? { ...each, valid: own } : each));
    return block.map([tile], operand(0), axes);
  }

  /** The part of the owned box at which a value has all that it is made of. */
  whereMade(node: Node): TileAxis {
    const { low, high } = this.extents.madeOf(node);
    const valid = { low: -low, high: this.own.size - high };
    return valid.low === 0 && valid.high === this.own.size ? this.own : { ...this.own, valid };
  }

  /** The tile's box along an axis that a value over some of the axes has. */
  along(kind: ScoreAxis, node: Node): TileAxis {
    return kind === this.space.owned ? this.own : this.sweptBy(node);
  }
}
