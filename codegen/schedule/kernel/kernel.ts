// The one builder of kernels: for a graph and a space, the blocks, their sweep with its rings and folds, and what stands
// behind it. A sweep in shares leaves its states in memory, and a second kernel joins them; scores that are stored need no sweep.

import { type Graph, integer } from '../../../src/ir/index.js';
import { type BlockBuilder, kernel, type LoopRange } from '../../tile/builder.js';
import type { GridAxis, Kernel } from '../../tile/program.js';
import type { Scalar, Tile, Value } from '../../tile/types.js';
import type { ProgramBuffers, StoredOutput } from '../partition/buffers.js';
import { Boxes } from '../plan/boxes.js';
import { headsInGroup } from '../plan/contributions.js';
import { type Plan, planOf } from '../plan/plan.js';
import { axisFacts, type Space } from '../plan/space.js';
import { isSumOverBoth } from '../plan/sums.js';
import { loopOver } from '../plan/visit.js';
import { HERE } from '../reads/intervals.js';
import { demand } from '../reads/reason.js';
import { isScoreLike } from '../reads/score-reads.js';
import { kernelBudget } from './budget.js';
import { CommonTiles } from './common-tiles.js';
import { Epilogue } from './epilogue.js';
import { emptyState, type Fold } from './folds/fold.js';
import { foldAll, foldedRange, foldsOf, statesIn } from './folds/index.js';
import { keepingScores, storingFolds } from './folds/kept-scores.js';
import { gridOf } from './grid.js';
import { type HeadsInTurn, headsInTurn, TURN } from './heads-in-turn.js';
import { BlockMemo } from './memo.js';
import { CarriedRings } from './rings.js';
import { ScoreTiles } from './scores.js';
import { SHARE, SharedStates, shareOf } from './shares.js';
import { storedScores } from './stored-scores.js';

/**
 * The kernels of a graph over a space: one, or one of shares and one that joins them. What is not an output of the program
 * goes to the workspace that `buffers` has under the name of the graph's output. @throws Unschedulable where one sweep is not enough.
 */
export function kernelsOf(graph: Graph, space: Space, buffers: ProgramBuffers): readonly Kernel[] {
  const plan = planOf(graph, space);
  const outputs = buffers.outputsOf(plan.graph);
  const holdsNeighbours = space.sweepsScores && plan.extents.rings.size > 0;
  if (outputs.every(isMatrix) && !holdsNeighbours) return [storedScores(plan, space, buffers)];
  const part = new SweepKernel(plan, space, buffers);
  return space.shares.most === 1 ? part.whole() : part.inShares();
}

/** Whether an output is a matrix of scores that others read. */
const isMatrix = ({ node, buffer }: StoredOutput): boolean => isScoreLike(node) && buffer.role === 'workspace';

type States = readonly (readonly Tile[])[];

/** The states that folds have come to, and which outputs they give. */
interface Finished {
  readonly states: States;
  readonly gives: 'positions' | 'sums';
}

interface SweepStart {
  readonly fillFrom?: Scalar | undefined;
  readonly states?: readonly Tile[];
}

class SweepKernel {
  private readonly plan: Plan;
  private readonly space: Space;
  private readonly buffers: ProgramBuffers;
  private readonly folds: readonly Fold[];
  /** The turns that the folds ask for, with those before and behind them; none where there is nothing to fold. */
  private readonly range: LoopRange | undefined;
  private readonly tiles: ScoreTiles;
  private readonly rings: CarriedRings;
  private readonly common: CommonTiles;

  constructor(plan: Plan, space: Space, buffers: ProgramBuffers) {
    this.plan = plan;
    this.space = space;
    this.buffers = buffers;
    const { outputs } = plan.graph;
    const ofScores = outputs.filter(({ node }) => isScoreLike(node));
    const matrices = buffers.outputsOf({ ...plan.graph, outputs: ofScores }).filter(isMatrix);
    this.folds =
      matrices.length === outputs.length
        ? matrices.flatMap((each) => storingFolds(each, headsInGroup(plan, each.node)))
        : keepingScores(foldsOf(plan), matrices);
    this.range =
      this.folds.length === 0 ? undefined : loopOver(foldedRange(plan, this.folds, space), space, plan.extents);
    this.tiles = this.tilesIn(new Boxes(space, plan.extents));
    this.common = new CommonTiles(plan, this.tiles, this.folds);
    this.rings = new CarriedRings(plan, this.tiles, this.common);
  }

  /** One kernel; where its blocks leave parts of sums over both axes, another one joins them in the order of the blocks. */
  whole(): readonly Kernel[] {
    const { name } = this.plan.graph;
    const [batch, groups, own] = gridOf(this.plan, this.space);
    const turns = headsInTurn(this.plan, this.space);
    if (turns) return [this.build(name, [batch, groups, own], (block) => this.inTurn(block, turns))];
    const parts = this.folds.filter(({ isPart }) => this.space.givesParts && isPart);
    const others = this.folds.filter((fold) => !parts.includes(fold));
    const shared = parts.length === 0 ? undefined : new SharedStates(this.plan, this.space, parts, this.buffers);
    const kernel = this.build(name, [batch, groups, own], (block) => {
      const memo = new BlockMemo(block);
      const states = this.range ? this.sweep(memo, this.range) : [];
      const statesOf = (folds: readonly Fold[]): States => folds.map((fold) => states[this.folds.indexOf(fold)]!);
      const epilogue = new Epilogue(this.plan, this.tiles, memo);
      this.finish(epilogue, others, { states: statesOf(others), gives: 'positions' });
      shared?.store(block, statesOf(parts), this.tiles.boxes);
    });
    if (!shared) return [kernel];
    const joined = this.build(`${name}_combine`, [groups], (block) => {
      const epilogue = new Epilogue(this.plan, this.tiles, new BlockMemo(block));
      this.finish(epilogue, parts, { states: shared.combine(block, this.tiles.boxes.own), gives: 'sums' });
    });
    return [kernel, joined];
  }

  inShares(): readonly Kernel[] {
    const { range: whole } = this;
    demand(whole !== undefined, 'there is no sum along the keys that could be split');
    const { name } = this.plan.graph;
    const [batch, groups, own] = gridOf(this.plan, this.space);
    const grid = this.space.ownsNothing ? [batch, groups] : [batch, groups, own];
    const states = new SharedStates(this.plan, this.space, this.folds, this.buffers);
    const shares: GridAxis = { variable: SHARE, from: integer(0), to: this.space.shares.count, step: 1 };
    const split = this.build(`${name}_split`, [...grid, shares], (block) => {
      const found = this.space.ownsNothing ? this.alongRows(block, whole) : this.share(block, whole);
      states.store(block, found, this.tiles.boxes);
    });
    const joined = this.build(`${name}_combine`, states.joinsBatch ? grid.slice(1) : grid, (block) => {
      // Each position is joined by the block that owns it: there are no others around it.
      const tiles = this.tilesIn(new Boxes(this.space, { ...this.plan.extents, around: HERE }));
      const epilogue = new Epilogue(this.plan, tiles, new BlockMemo(block));
      const gives = this.space.ownsNothing ? 'sums' : 'positions';
      this.finish(epilogue, this.folds, { states: states.combine(block, tiles.boxes.own), gives });
    });
    return [split, joined];
  }

  /** The heads of a group one after the other, and their sums. */
  private inTurn(block: BlockBuilder, { plan, range }: HeadsInTurn): void {
    const one = new SweepKernel(plan, this.space, this.buffers);
    const sweep = one.range;
    // Folds of the first head stand for those of all others.
    const first = this.folds.filter(({ takes }) => takes.head === 0);
    demand(sweep !== undefined && first.length === one.folds.length, 'heads of a group are not summed alike');
    const empty = one.folds.flatMap((fold) => emptyState(block, fold, one.tiles.boxes.own));
    const results = block.loop(TURN, range, empty, (inner, before) =>
      one.sweep(new BlockMemo(inner), sweep, { states: before }).flat(),
    );
    const epilogue = new Epilogue(this.plan, this.tiles, new BlockMemo(block));
    this.finish(epilogue, first, { states: statesIn(one.folds, results), gives: 'positions' });
  }

  /** The states of one share of the sweep. */
  private share(block: BlockBuilder, whole: LoopRange): States {
    const { range, fillFrom } = shareOf(whole, this.space.shares, this.turnsToFill);
    return this.sweep(new BlockMemo(block), range, { fillFrom });
  }

  /** The states of one share of the rows, each of whose tiles is swept. */
  private alongRows(block: BlockBuilder, whole: LoopRange): States {
    const { owned, range: positions, sizes, shares } = this.space;
    const { range } = shareOf({ ...positions, step: sizes.rows }, shares, 0);
    const empty = this.folds.flatMap((fold) => emptyState(block, fold, this.tiles.boxes.own));
    const results = block.loop(axisFacts[owned].tile, range, empty, (inner, before) =>
      this.sweep(new BlockMemo(inner), whole, { states: before }).flat(),
    );
    return statesIn(this.folds, results);
  }

  private build(name: string, grid: readonly GridAxis[], body: (block: BlockBuilder) => void): Kernel {
    return kernel(name, grid, body, kernelBudget());
  }

  private tilesIn(boxes: Boxes): ScoreTiles {
    return new ScoreTiles(this.plan, boxes, this.buffers.inputsOf(this.plan.graph));
  }

  /** Turns of the loop before one whose folds are wanted, so that its rings hold what it reads; none without rings. */
  private get turnsToFill(): number {
    const { longestLag, lead } = this.plan.extents;
    return this.rings.count === 0 ? 0 : Math.ceil((longestLag + lead) / this.space.sizes.columns);
  }

  /**
   * The states behind a sweep. @param start where a loop before it begins that only fills the rings, and the states before it: they
   * are empty unless told
   */
  private sweep(memo: BlockMemo, range: LoopRange, { fillFrom, states }: SweepStart = {}): States {
    const { block } = memo;
    const { tile } = axisFacts[this.space.swept];
    const { plan, tiles, folds } = this;
    tiles.prepare(memo);
    let rings = this.rings.empty(block, fillFrom ?? range.from);
    if (fillFrom) {
      const filling = { from: fillFrom, to: range.from, step: range.step };
      rings = block.loop(tile, filling, rings, (inner, carried) =>
        this.rings.push(new BlockMemo(inner, memo), carried),
      );
    }
    const before = states ?? folds.flatMap((fold) => emptyState(block, fold, tiles.boxes.own));
    const initial: readonly Value[] = [...rings, ...before];
    const statesOf = (carried: readonly Value[]): States => statesIn(folds, carried.slice(rings.length) as Tile[]);
    const results = block.loop(tile, range, initial, (inner, carried) => {
      const turn = { memo: new BlockMemo(inner, memo), plan, tiles };
      const pushed = this.rings.push(turn.memo, carried.slice(0, rings.length) as typeof rings);
      this.common.compute(turn.memo);
      return [...pushed, ...foldAll(turn, folds, statesOf(carried)).flat()];
    });
    return statesOf(results);
  }

  /** What some of the folds come to, and what stands behind them: the outputs of positions, or those over all of them. */
  private finish(epilogue: Epilogue, folds: readonly Fold[], { states, gives }: Finished): void {
    for (const [n, fold] of folds.entries()) fold.finish(epilogue, states[n] ?? []);
    const { owned } = this.space;
    for (const { node, buffer } of this.buffers.outputsOf(this.plan.graph)) {
      // What folds have stored on the way.
      if (isMatrix({ node, buffer }) || (gives === 'sums') !== isSumOverBoth(node)) continue;
      const hasOwn = node.domain.some(({ kind }) => kind === owned || (kind === 'position' && owned === 'key'));
      demand(hasOwn || gives === 'sums', `output ${buffer.name} has no ${{ query: 'rows', key: 'keys' }[owned]}`);
      epilogue.store(node, buffer);
    }
  }
}
