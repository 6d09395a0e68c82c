// The online schedule: one pass over the keys. Scores enter their rings as they are computed, logits trail them, and each
// tile of logits is folded into running statistics and accumulators, which the epilogue divides and finishes.

import { headCount } from '../../../src/ir/footprint/heads.js';
import { type Graph, integer, length, type Node, readsOf, variable } from '../../../src/ir/index.js';
import { kernel, type LoopRange } from '../../tile/builder.js';
import type { GridAxis, Kernel } from '../../tile/program.js';
import type { Buffer, Ring, Scalar, Tile, Value } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { type RowRange, rowsFrom } from '../partition/rows.js';
import type { StageScheduler } from '../partition/stages.js';
import { GROUP } from '../plan/heads.js';
import { type Plan, planOnline } from '../plan/plan.js';
import { KEY, ROW, type TileSizes } from '../plan/tiles.js';
import { loopOver } from '../plan/visit.js';
import { scoreReads } from '../reads/score-reads.js';
import { kernelBudget } from './budget.js';
import { Epilogue } from './epilogue.js';
import { type Fold, FoldBuilder, foldedKeys, foldsOf, stateSize } from './folds.js';
import { CarriedRings } from './rings.js';
import { Scope } from './scope.js';
import { ScoreTiles } from './scores.js';

/** The kernel of the online schedule. @throws Unschedulable where one pass is not enough. */
export const onlineLaunches: StageScheduler = (graph, sizes, { buffers, above }) => [
  { launch: 'kernel', kernel: onlineKernel(graph, sizes, { buffers, rows: rowsFrom(above) }) },
];

export interface OnlineOptions {
  /** The buffers of the program that the pass is a part of. */
  readonly buffers: ProgramBuffers;
  /** The rows to compute. */
  readonly rows: RowRange;
}

/** One online pass: a program of its own or a part of one. What sums over no keys has no loop over them. */
export function onlineKernel(graph: Graph, sizes: TileSizes, { buffers, rows }: OnlineOptions): Kernel {
  const pass = new KeyPass(planOnline(graph), sizes, buffers);
  const outputs = buffers.outputsOf(graph);
  return kernel(
    graph.name,
    pass.grid(rows),
    (block) => {
      const scope = new Scope(block);
      const states = pass.folds.length === 0 ? [] : pass.run(scope, pass.range());
      pass.finish(scope, states, outputs);
    },
    kernelBudget(),
  );
}

/** What an output is stored to. */
export interface StoredOutput {
  readonly node: Node;
  readonly buffer: Buffer;
}

/** The state of each fold. */
export type FoldStates = readonly (readonly Tile[])[];

/** The parts of a pass over the keys: the loop that folds them, and the epilogue behind it. */
export class KeyPass {
  readonly plan: Plan;
  readonly tiles: ScoreTiles;
  readonly folds: readonly Fold[];
  readonly builder: FoldBuilder;
  private readonly sizes: TileSizes;
  private readonly rings: CarriedRings;

  constructor(plan: Plan, sizes: TileSizes, buffers: ProgramBuffers) {
    this.plan = plan;
    this.sizes = sizes;
    this.tiles = new ScoreTiles(plan, sizes, buffers.inputsOf(plan.graph));
    this.folds = foldsOf(plan);
    this.builder = new FoldBuilder(plan, this.tiles);
    this.rings = new CarriedRings(plan, this.tiles, sizes.columns);
  }

  /** Blocks for each batch entry, group of heads and tile of rows. */
  grid(rows: RowRange): readonly GridAxis[] {
    return [
      { variable: 'b', from: integer(0), to: length('batch'), step: 1 },
      { variable: GROUP, from: integer(0), to: integer(this.plan.heads.groups), step: 1 },
      { variable: ROW, ...rows, step: this.sizes.rows },
    ];
  }

  /** The keys that some fold visits, and the loop that brings them all about. */
  range(): LoopRange {
    const visible = foldedKeys(this.plan, this.folds, variable(ROW), this.sizes.rows);
    return loopOver(visible, leftReach(this.plan), this.plan.longestLag, this.sizes.columns);
  }

  /** Turns of the loop before one whose folds are wanted, so that its rings hold what it reads; none without rings. */
  get turnsToFill(): number {
    return this.rings.count === 0 ? 0 : Math.ceil((this.plan.longestLag + leftReach(this.plan)) / this.sizes.columns);
  }

  /** The states behind a loop over keys. @param fillFrom where a loop before it begins that only fills the rings. */
  run(scope: Scope, range: LoopRange, fillFrom?: Scalar): FoldStates {
    const { block } = scope;
    this.prepareRows(scope);
    let rings = this.rings.empty(block, fillFrom ?? range.from);
    const push = (inner: Scope, carried: readonly Value[]): readonly Ring[] =>
      this.rings.push(inner, carried.slice(0, this.rings.count) as readonly Ring[]);
    if (fillFrom) {
      const filling = { from: fillFrom, to: range.from, step: range.step };
      rings = block.loop(KEY, filling, rings, (inner, carried) => push(new Scope(inner, scope), carried));
    }
    const initial: readonly Value[] = [...rings, ...this.folds.flatMap((fold) => this.builder.empty(block, fold))];
    const results = block.loop(KEY, range, initial, (inner, carried) => {
      const innerScope = new Scope(inner, scope);
      const pushed = push(innerScope, carried);
      return [...pushed, ...this.builder.foldAll(innerScope, this.folds, this.statesIn(carried)).flat()];
    });
    return this.statesIn(results);
  }

  /** What stands behind the contractions, and the log-sum-exps. */
  finish(scope: Scope, states: FoldStates, outputs: readonly StoredOutput[]): void {
    const epilogue = new Epilogue(this.plan, this.tiles, scope);
    for (const [n, { scores, contributions }] of this.folds.entries()) epilogue.take(scores, contributions, states[n]!);
    for (const { node, buffer } of outputs) epilogue.store(node, buffer);
  }

  /** What the loop carries behind the rings: the state of each fold. */
  private statesIn(carried: readonly Value[]): FoldStates {
    let end = this.rings.count;
    return this.folds.map((fold) => {
      end += stateSize(fold);
      return carried.slice(end - stateSize(fold), end) as readonly Tile[];
    });
  }

  /** Rows and numbers that scores read are computed once, before the loop over keys. */
  private prepareRows(scope: Scope): void {
    for (const node of this.plan.roles.order) {
      const role = this.plan.roles.roleOf(node);
      if (node.op !== 'map' || (role !== 'score' && role !== 'weighted')) continue;
      for (const read of readsOf(node.value)) {
        const { source } = read;
        if (source.op === 'tensor' || source.domain.some(({ kind }) => kind === 'key')) continue;
        if (this.plan.roles.roleOf(source) !== 'auxiliary') continue;
        const heads = this.plan.heads.inGroup(headCount(node.domain));
        for (let head = 0; head < heads; head += 1) this.tiles.auxiliary(scope, node, head, read, new Map());
      }
    }
  }
}

/** How many keys before the first visited one the first scores are read at. */
function leftReach(plan: Plan): number {
  const need = new Map<Node, number>();
  for (const node of [...plan.roles.order].reverse()) {
    const own = need.get(node) ?? 0;
    if (node.op === 'fill') need.set(node.value, Math.max(need.get(node.value) ?? 0, own));
    for (const { source, keys } of scoreReads(node)) {
      need.set(source, Math.max(need.get(source) ?? 0, own - Math.min(0, keys.low)));
    }
  }
  return Math.max(0, ...need.values());
}
