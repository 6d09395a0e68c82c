// Kernels whose blocks own rows, keys or a part of a matrix, of all of the batch at once: they go along its entries one by one,
// as the gradient of what they share is the sum of what each of them gives.

import { type Graph, integer, length, type Read } from '../../../src/ir/index.js';
import { along, axis, type BlockBuilder, kernel } from '../../tile/builder.js';
import type { GridAxis, Kernel } from '../../tile/program.js';
import type { Placement, Tile } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { withInputs } from '../partition/cut.js';
import { Boxes } from '../plan/boxes.js';
import { headsInGroup } from '../plan/contributions.js';
import { atOneBox } from '../plan/extents.js';
import { type Plan, planOf } from '../plan/plan.js';
import { axisFacts, type Space } from '../plan/space.js';
import { HERE } from '../reads/intervals.js';
import { isScoreLike } from '../reads/score-reads.js';
import { kernelBudget } from './budget.js';
import { Epilogue } from './epilogue.js';
import { sum } from './folds/fold.js';
import { gridOf } from './grid.js';
import { BlockMemo } from './memo.js';
import { computeBoxes } from './rings.js';
import { ScoreTiles } from './scores.js';

/** @param graph whose outputs are sums over the batch, of values that a block of this space has */
export function batchSums(graph: Graph, space: Space, buffers: ProgramBuffers): readonly Kernel[] {
  return buffers.outputsOf(graph).map(({ node, buffer }, n) => {
    const source = node.op === 'reduce' ? (node.value as Read).source : node;
    const own = withInputs({ ...graph, outputs: [{ name: graph.name, node: source }] }, graph, []);
    const plan: Plan = planOf(own, space);
    const isMatrix = isScoreLike(source);
    const extents = isMatrix ? atOneBox(plan.extents, plan.roles.order, HERE, 0) : plan.extents;
    const inputs = buffers.inputsOf(own);
    const tilesFor = (boxes: Boxes): ScoreTiles => new ScoreTiles(plan, boxes, inputs);
    const tiles = tilesFor(new Boxes(space, extents));
    const heads = headsInGroup(plan, source);
    const valuesOf = (block: BlockBuilder): readonly Tile[] => {
      const memo = new BlockMemo(block);
      if (!isMatrix) return heads.map((head) => new Epilogue(plan, tiles, memo).tile(source, head));
      computeBoxes(plan, tiles, tilesFor, memo);
      return heads.map((head) => tiles.tile(memo, source, head));
    };
    const feature = source.domain.find((each) => each.kind === 'feature');
    const features = feature && 'size' in feature ? [axis('feature', 0, feature.size)] : [];
    const box = isMatrix ? tiles.boxes.of(source) : [tiles.boxes.own, ...features];
    const { swept, sizes } = space;
    const { tile, first, end } = axisFacts[swept];
    const columns: GridAxis = { variable: tile, from: first, to: end, step: sizes.columns };
    const grid = [...gridOf(plan, space).slice(1), ...(isMatrix ? [columns] : [])];
    return kernel(
      n === 0 ? graph.name : `${graph.name}_${buffer.name}`,
      grid,
      (block) => {
        const nothing = (): readonly Tile[] => heads.map(() => block.as('sum').constant(box, 0));
        const range = { from: integer(0), to: length('batch'), step: 1 };
        const summed = (): readonly Tile[] =>
          block.loop('b', range, nothing(), (inner, before) =>
            valuesOf(inner).map((each, at) => inner.as('sum').map([before[at]!, each], sum)),
          );
        // What is made of such sums has no batch to go along.
        const totals = node.op === 'reduce' ? summed() : valuesOf(block);
        for (const head of heads) {
          const place = node.domain.map(({ kind }): Placement[number] => {
            if (kind === 'head') return tiles.headOf(source, head);
            if (kind === 'position') return along(space.owned);
            return along(kind === 'extent' && features.length > 0 ? 'feature' : (kind as 'query'));
          });
          block.store(totals[head]!, buffer, place);
        }
      },
      kernelBudget(),
    );
  });
}
