// Kernels that own nothing and go along rows, or along keys: sums of what lies in memory for each of them, as the gradients of
// gains, gates and sinks are. A block has a share of the positions; another kernel joins the shares in their order.

import {
  apply,
  type Expression,
  float,
  type Graph,
  integer,
  type Node,
  type NodeOf,
  readsOf,
  substitute,
  variable,
} from '../../../src/ir/index.js';
import { along, axis, type BlockBuilder, kernel } from '../../tile/builder.js';
import { operand } from '../../tile/operations.js';
import type { GridAxis, Kernel } from '../../tile/program.js';
import { scalar } from '../../tile/scalars.js';
import type { Placement, Tile, TileAxis } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { withInputs } from '../partition/cut.js';
import { Boxes } from '../plan/boxes.js';
import { headsInGroup } from '../plan/contributions.js';
import { type Plan, planOf } from '../plan/plan.js';
import { axisFacts, type Space } from '../plan/space.js';
import { demand } from '../reads/reason.js';
import { kernelBudget } from './budget.js';
import { Epilogue } from './epilogue.js';
import { type Accumulation, added, emptyState, sum } from './folds/fold.js';
import { statesIn } from './folds/index.js';
import { tableAxes } from './folds/table.js';
import { gridOf } from './grid.js';
import { BlockMemo } from './memo.js';
import { ScoreTiles } from './scores.js';
import { SHARE, SharedStates, shareOf } from './shares.js';

/** A sum of a head's rows. */
interface RowSum extends Accumulation {
  readonly node: NodeOf<'reduce' | 'bin'>;
  readonly head: number;
  readonly step: (block: BlockBuilder, epilogue: Epilogue, before: Tile) => Tile;
}

/** @param space its own axis is the one that is summed over, in so many shares */
export function sumsOfRows(graph: Graph, space: Space, buffers: ProgramBuffers): readonly Kernel[] {
  const nodes = graph.outputs.map(({ node }) => node as NodeOf<'reduce' | 'bin'>);
  const summed = [...new Set(nodes.flatMap(summandsOf))];
  const rows = withInputs(
    { ...graph, outputs: summed.map((node, n) => ({ name: `${graph.name}_${n}`, node })) },
    graph,
    [],
  );
  const plan: Plan = planOf(rows, space);
  const boxes = new Boxes(space, plan.extents);
  const tiles = new ScoreTiles(plan, boxes, buffers.inputsOf(graph));
  const sums = nodes.flatMap((node) => headsInGroup(plan, node).map((head) => rowSum(node, head, { boxes, tiles })));
  const [batch, groups] = gridOf(plan, space);
  const shares: GridAxis = { variable: SHARE, from: integer(0), to: space.shares.count, step: 1 };
  const states = new SharedStates({ ...plan, graph }, space, sums, buffers);
  const { range } = shareOf({ ...space.range, step: space.sizes.rows }, space.shares, 0);

  const split = kernel(
    `${graph.name}_split`,
    [batch, groups, shares],
    (block) => {
      const empty = sums.flatMap((each) => emptyState(block, each, boxes.own));
      const found = block.loop(axisFacts[space.owned].tile, range, empty, (inner, before) => {
        const epilogue = new Epilogue(plan, tiles, new BlockMemo(inner));
        return sums.map((each, n) => each.step(inner, epilogue, before[n]!));
      });
      states.store(block, statesIn(sums, found), boxes);
    },
    kernelBudget(),
  );
  const outputs = new Map(buffers.outputsOf(graph).map(({ node, buffer }) => [node, buffer]));
  const joined = kernel(`${graph.name}_combine`, states.joinsBatch ? [groups] : [batch, groups], (block) => {
    for (const [n, [total]] of states.combine(block, boxes.own).entries()) {
      const { node, head } = sums[n]!;
      block.store(total!, outputs.get(node)!, placeOf(node, tiles.headOf(node, head)));
    }
  });
  return [split, joined];
}

/** What a sum is of: one value of rows, or two whose product is. */
const summandsOf = ({ value }: NodeOf<'reduce' | 'bin'>): readonly Node[] => readsOf(value).map(({ source }) => source);

interface Where {
  readonly boxes: Boxes;
  readonly tiles: ScoreTiles;
}

function rowSum(node: RowSum['node'], head: number, where: Where): RowSum {
  const { boxes, tiles } = where;
  const { owned } = boxes.space;
  const summands = summandsOf(node);
  const made = (axes: readonly TileAxis[], step: RowSum['step']): RowSum => ({
    node,
    head,
    state: [{ name: 'sum', buffer: ['sums', ...axes.map(({ size }) => size)].join('_of_'), empty: 0, axes }],
    combine: added,
    step,
  });
  const { before, last } = tableAxes(node);
  const extent = last && axis('extent', 0, last.size);
  if (node.op === 'bin') {
    const at = placeInTable(node);
    return made([extent!], (block, epilogue, bins) => {
      const ofHead = new Map([['h', tiles.headOf(summands[0]!, head)]]);
      // Bins take values over two axes.
      const own = inside(block, epilogue.tile(summands[0]!, head), boxes, [axis('feature', 0, 1)]);
      return block.as('bins').bin(bins, own, substitute(at, ofHead));
    });
  }
  if (before.length === 1 && last) {
    // The product of the rows of two values: every feature of one with every feature of the other.
    const [one, other] = summands as readonly [Node, Node?];
    return made([axis('extent', 0, before[0]!.size), axis('feature', 0, last.size)], (block, epilogue, total) => {
      const left = inside(block, epilogue.tile(one, head), boxes);
      const right = inside(block, epilogue.tile(other ?? one, head), boxes);
      return block.as('sum').matmul(total, block.relabel(left, 'feature', 'extent'), right, owned);
    });
  }
  demand(before.length === 0, 'a sum of rows is a table of more axes than two');
  return made(extent ? [extent] : [], (block, epilogue, total) => {
    const own = inside(block, epilogue.tile(summands[0]!, head), boxes);
    if (extent) return block.as('sum').bin(total, own, variable('d'));
    return block.as('sum').map([total, block.reduce(own, owned, 'sum')], sum);
  });
}

/** The values of positions that exist. */
function inside(block: BlockBuilder, tile: Tile, { space: { owned } }: Boxes, further: readonly TileAxis[] = []): Tile {
  const { entry, end } = axisFacts[owned];
  const value = apply('select', apply('less', entry, end), operand(0), float(0));
  return block.map([tile], value, [...tile.axes, ...further]);
}

/** Which entry of the last axis of a table a bin adds to. */
const placeInTable = ({ domain, index }: NodeOf<'bin'>): Expression =>
  index[domain.findIndex(({ kind }) => kind === 'extent')]!;

/** Where a head's part of a table lies. */
export function placeOf({ domain }: Node, head: Expression): Placement {
  const extents = domain.filter(({ kind }) => kind === 'extent').length;
  return domain.map(({ kind }, n): Placement[number] => {
    if (kind === 'batch') return scalar('b');
    if (kind === 'head') return head;
    return along(extents === 2 && n === domain.length - 1 ? 'feature' : 'extent');
  });
}
