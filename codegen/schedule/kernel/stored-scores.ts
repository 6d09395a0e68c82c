// A kernel that computes one value over queries and keys and stores it, a few tiles of keys a block. What it reads in place
// is loaded in place; what it reads beside its place is loaded as a grown box, in a ring of one push.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { type Graph, integer, length, type Node, variable } from '../../../src/ir/index.js';
import { type BlockBuilder, kernel } from '../../tile/builder.js';
import type { GridAxis, Kernel } from '../../tile/program.js';
import { least, minus, plus } from '../../tile/scalars.js';
import type { Buffer, Ring, Tile } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import type { RowRange } from '../partition/rows.js';
import { maskOfHeads } from '../plan/group-masks.js';
import { GROUP } from '../plan/heads.js';
import { type Plan, planOnline } from '../plan/plan.js';
import { KEY, ROW, type TileSizes } from '../plan/tiles.js';
import { isInPlace, type ScoreRead, scoreReads } from '../reads/score-reads.js';
import { outsideOf } from '../reads/support.js';
import { kernelBudget } from './budget.js';
import { ringedHeads, ringTiles } from './rings.js';
import { Scope } from './scope.js';
import { ScoreTiles, scorePlace } from './scores.js';

/** The grid variable of the keys that a block computes, and how many tiles they are: what it reads of its rows, once for all. */
const STRETCH = 'stretch';
const TILES = 8;

/** The kernel of a graph whose one output is a value over queries and keys, at the given rows. */
export function storedScoresKernel(
  graph: Graph,
  buffer: Buffer,
  buffers: ProgramBuffers,
  sizes: TileSizes,
  rows: RowRange,
): Kernel {
  return new StoredScores(graph, buffer, buffers, sizes).kernel(rows);
}

class StoredScores {
  private readonly graph: Graph;
  private readonly node: Node;
  private readonly buffer: Buffer;
  private readonly sizes: TileSizes;
  private readonly plan: Plan;
  private readonly inputs: ReadonlyMap<Node, Buffer>;
  private readonly tiles: ScoreTiles;

  constructor(graph: Graph, buffer: Buffer, buffers: ProgramBuffers, sizes: TileSizes) {
    this.graph = graph;
    this.node = graph.outputs[0]!.node;
    this.buffer = buffer;
    this.sizes = sizes;
    this.plan = inPlace(planOnline(graph), { up: 0, down: 0, lag: 0 });
    this.inputs = buffers.inputsOf(graph);
    this.tiles = new ScoreTiles(this.plan, sizes, this.inputs);
  }

  kernel(rows: RowRange): Kernel {
    const { columns } = this.sizes;
    // With several heads a tile is work enough, and devices take long to compile a loop around so much text.
    const isAlone = this.plan.heads.inGroup(headCount(this.node.domain)) === 1;
    const keys: GridAxis = isAlone
      ? { variable: STRETCH, from: integer(0), to: length('key'), step: TILES * columns }
      : { variable: KEY, from: integer(0), to: length('key'), step: columns };
    const grid: readonly GridAxis[] = [
      { variable: 'b', from: integer(0), to: length('batch'), step: 1 },
      { variable: GROUP, from: integer(0), to: integer(this.plan.heads.groups), step: 1 },
      { variable: ROW, ...rows, step: this.sizes.rows },
      keys,
    ];
    return kernel(
      this.graph.name,
      grid,
      (block) => {
        if (!isAlone) return this.store(block);
        const from = variable(STRETCH);
        block.loop(KEY, { from, to: least(length('key'), plus(from, keys.step)), step: columns }, [], (inner) => {
          this.store(inner);
          return [];
        });
      },
      kernelBudget(),
    );
  }

  private store(block: BlockBuilder): void {
    for (const [head, tile] of this.values(block).entries()) {
      block.store(tile, this.buffer, scorePlace(this.tiles.headOf(this.node, head)));
    }
  }

  /** A tile for each head of the block's group; a constant where a mask hides the whole box. */
  private values(block: BlockBuilder): readonly Tile[] {
    const heads = Array.from({ length: this.plan.heads.inGroup(headCount(this.node.domain)) }, (_, head) => head);
    const outside = outsideOf(this.node);
    const looked = outside && maskOfHeads(outside.mask, this.plan, this.node, heads);
    const compute = (inner: BlockBuilder): readonly Tile[] => {
      const scope = new Scope(inner, undefined, looked);
      this.fillRings(scope);
      return heads.map((head) =>
        outside
          ? this.tiles.visible(scope, this.node, head, outside.mask, outside.value)
          : this.tiles.tile(scope, this.node, head),
      );
    };
    if (!outside || !looked) return compute(block);
    const keys = this.tiles.keysOf(this.node);
    return block.switch<readonly Tile[]>(looked, this.tiles.rows, keys, {
      empty: (inner) => heads.map(() => inner.constant([this.tiles.rows, keys], outside.value)),
      full: compute,
      partial: compute,
    });
  }

  /** Scores that are read beside their place: a box that is grown by all reads of them, for each head. */
  private fillRings(scope: Scope): void {
    for (const { node, head } of ringedHeads(this.plan))
      scope.setRing(node, head, this.ringOf(scope.block, node, head));
  }

  private ringOf(block: BlockBuilder, node: Node, head: number): Ring {
    const reads = this.plan.roles.order.flatMap((reader) =>
      readsBeside(reader).filter(({ source }) => source === node),
    );
    const lowest = (by: 'rows' | 'keys'): number => Math.max(0, ...reads.map((read) => -read[by].low));
    const highest = (by: 'rows' | 'keys'): number => Math.max(0, ...reads.map((read) => read[by].high));
    const [left, right] = [lowest('keys'), highest('keys')];
    const grown = inPlace(this.plan, { up: lowest('rows'), down: highest('rows'), lag: left });
    const columns = this.sizes.columns + left + right;
    const boxes = new ScoreTiles(grown, { rows: this.sizes.rows, columns }, this.inputs);
    const ring = block.ring('key', boxes.rows, columns, minus(KEY, left));
    // The scope is the box's own: in place, the block knows another tile of the same value.
    return block.push(ring, ringTiles(grown, boxes, new Scope(block), node, [head])[0]!);
  }
}

/**
 * The plan with all values computed at one box: its rows grown, and its keys beginning `lag` before the block's own. What is
 * read in place is there when it is read, so that rings are left to what is read beside it.
 */
function inPlace(plan: Plan, { up, down, lag }: { readonly up: number; readonly down: number; readonly lag: number }) {
  const lags = new Map([...plan.lag.keys()].map((node) => [node, lag]));
  const beside = new Set(plan.roles.order.flatMap((reader) => readsBeside(reader).map(({ source }) => source)));
  const rings = new Map([...plan.rings].filter(([node]) => beside.has(node)));
  return { ...plan, up, down, lag: lags, rings, longestLag: lag };
}

const readsBeside = (reader: Node): readonly ScoreRead[] => scoreReads(reader).filter((read) => !isInPlace(read));
