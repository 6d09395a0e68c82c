// A kernel that computes one value over queries and keys and stores it, a few tiles of the swept axis a block. What it reads in
// place is loaded in place; what it reads beside its place is loaded as a grown box.

import { variable } from '../../../src/ir/index.js';
import { type BlockBuilder, kernel } from '../../tile/builder.js';
import type { GridAxis, Kernel } from '../../tile/program.js';
import { least, plus } from '../../tile/scalars.js';
import type { Tile } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { Boxes } from '../plan/boxes.js';
import { headsInGroup } from '../plan/contributions.js';
import { atOneBox } from '../plan/extents.js';
import { maskOfHeads } from '../plan/group-masks.js';
import type { Plan } from '../plan/plan.js';
import { axisFacts, type Space } from '../plan/space.js';
import { HERE } from '../reads/intervals.js';
import { outsideOf } from '../reads/support.js';
import { kernelBudget } from './budget.js';
import { gridOf } from './grid.js';
import { BlockMemo } from './memo.js';
import { computeBoxes } from './rings.js';
import { ScoreTiles, scorePlace } from './scores.js';

/** The grid variable of the positions that a block computes, and how many tiles they are: what it reads of its own, once for all. */
const STRETCH = 'stretch';
const TILES = 8;

/** The kernel of a graph whose one output is a value over queries and keys, which `buffers` has a matrix for. */
export function storedScores(plan: Plan, space: Space, buffers: ProgramBuffers): Kernel {
  const { node } = plan.graph.outputs[0]!;
  const { graph, roles } = plan;
  const inputs = buffers.inputsOf(graph);
  const tilesFor = (boxes: Boxes): ScoreTiles => new ScoreTiles(plan, boxes, inputs);
  const tiles = tilesFor(new Boxes(space, atOneBox(plan.extents, roles.order, HERE, 0)));
  const heads = headsInGroup(plan, node);
  const buffer = buffers.outputsOf(graph)[0]!.buffer;

  const storeAll = (block: BlockBuilder, found: readonly Tile[]): void => {
    for (const [head, tile] of found.entries()) block.store(tile, buffer, scorePlace(tiles.headOf(node, head)));
  };
  /** Stores a tile for each head of the block's group; where a mask hides the whole box, a constant or nothing. */
  const store = (block: BlockBuilder): void => {
    const outside = outsideOf(node);
    const looked = outside && maskOfHeads(outside.mask, plan, node, heads);
    const compute = (inner: BlockBuilder): readonly Tile[] => {
      const memo = new BlockMemo(inner, undefined, looked);
      computeBoxes(plan, tiles, tilesFor, memo);
      return heads.map((head) =>
        outside && !space.sweepsScores
          ? tiles.visible(memo, { node, head }, outside.mask, outside.value)
          : tiles.tile(memo, node, head),
      );
    };
    if (!outside || !looked) {
      storeAll(block, compute(block));
      return;
    }
    const box = tiles.boxes.rowsByKeys(node);
    if (space.sweepsScores) {
      const storeInside = (inner: BlockBuilder): readonly Tile[] => {
        storeAll(inner, compute(inner));
        return [];
      };
      block.switch(looked, ...box, { empty: () => [], full: storeInside, partial: storeInside });
      return;
    }
    const empty = (inner: BlockBuilder): readonly Tile[] =>
      heads.map(() => inner.constant(tiles.boxes.of(node), outside.value));
    storeAll(block, block.switch<readonly Tile[]>(looked, ...box, { empty, full: compute, partial: compute }));
  };

  const { first, end, tile } = axisFacts[space.swept];
  const { columns } = space.sizes;
  // With several heads a tile is work enough, and devices take long to compile a loop around so much text.
  const stretch: GridAxis =
    heads.length === 1
      ? { variable: STRETCH, from: first, to: end, step: TILES * columns }
      : { variable: tile, from: first, to: end, step: columns };
  const along = (block: BlockBuilder): void => {
    const range = { from: variable(STRETCH), to: least(end, plus(STRETCH, stretch.step)), step: columns };
    block.loop(tile, range, [], (inner) => {
      store(inner);
      return [];
    });
  };
  return kernel(graph.name, [...gridOf(plan, space), stretch], heads.length === 1 ? along : store, kernelBudget());
}
