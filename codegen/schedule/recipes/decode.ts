// The decode schedule: for few query rows and many keys. The keys are split between blocks, each of which leaves partial
// statistics and accumulators in memory; a second kernel joins them in their order and computes the epilogue.

import { apply, type Graph, head, integer, variable } from '../../../src/ir/index.js';
import { along, type BlockBuilder, kernel, type LoopRange } from '../../tile/builder.js';
import { operand } from '../../tile/operations.js';
import type { GridAxis, Kernel, Launch } from '../../tile/program.js';
import { least, minus, most, plus, quotient, scalar, times } from '../../tile/scalars.js';
import type { Buffer, BufferAxis, Placement, Scalar, Tile, TileAxis } from '../../tile/types.js';
import { kernelBudget } from '../kernel/budget.js';
import { emptyState, type Fold, valueFeatures } from '../kernel/folds.js';
import { type FoldStates, KeyPass } from '../kernel/online.js';
import { Scope } from '../kernel/scope.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { cutBehind, keptBuffers, storing } from '../partition/cut.js';
import { behindStatistics } from '../partition/passes.js';
import { outputRows, type RowRange, rowsFrom } from '../partition/rows.js';
import type { StageScheduler } from '../partition/stages.js';
import { GROUP, type HeadGroupsOfBlocks } from '../plan/heads.js';
import { isOnePass, planOnline } from '../plan/plan.js';
import { assignRoles } from '../plan/roles.js';
import { ownRows, type TileSizes } from '../plan/tiles.js';
import { demand } from '../reads/reason.js';

/** The grid variable that counts the shares of the keys. */
const SPLIT = 'split';

/** Blocks that keep a large device busy where each has few rows. */
const ENOUGH_BLOCKS = 256;
const [FEWEST, MOST] = [2, 32];

/** Shares of the keys: as many as fill a device together with the groups of heads. */
export const splitsFor = ({ groups }: HeadGroupsOfBlocks): number =>
  Math.min(MOST, Math.max(FEWEST, Math.ceil(ENOUGH_BLOCKS / groups)));

/** The kernels that split the keys, of one pass or of two. @throws Unschedulable where two passes are not enough. */
export const decodeLaunches: StageScheduler = (graph, sizes, { buffers, above }) => {
  const rows = rowsFrom(above);
  if (isOnePass(graph)) return launchesOf(new SplitPass(graph, sizes, buffers, rows).kernels());
  const roles = assignRoles(graph);
  demand(roles.normalisers.size > 0, 'there is no normaliser whose sums a first pass could give');
  const { stored, rest } = cutBehind(graph, behindStatistics(graph, roles), buffers);
  buffers.add(keptBuffers(stored));
  const grown = rowsFrom(above + planOnline(rest).up);
  return launchesOf([
    ...new SplitPass(storing(graph, stored, stored), sizes, buffers, grown).kernels(),
    ...new SplitPass(rest, sizes, buffers, rows).kernels(),
  ]);
};

const launchesOf = (kernels: readonly Kernel[]): readonly Launch[] =>
  kernels.map((each) => ({ launch: 'kernel', kernel: each }));

/** Where a value of a fold's state lies: in a buffer over all folds of all groups, at a number within the group. */
interface Slot {
  readonly buffer: Buffer;
  readonly number: number;
  readonly inGroup: number;
  readonly features: TileAxis | undefined;
}

/** One pass whose keys are split: the kernel of the shares, and the kernel that joins them. */
class SplitPass {
  private readonly graph: Graph;
  private readonly sizes: TileSizes;
  private readonly buffers: ProgramBuffers;
  private readonly rows: RowRange;
  private readonly pass: KeyPass;
  private readonly splits: number;
  /** For each fold, for each value of its state. */
  private readonly slots: readonly (readonly Slot[])[];

  constructor(graph: Graph, sizes: TileSizes, buffers: ProgramBuffers, rows: RowRange) {
    this.graph = graph;
    this.sizes = sizes;
    this.buffers = buffers;
    this.rows = rows;
    this.pass = new KeyPass(planOnline(graph), sizes, buffers);
    this.splits = splitsFor(this.pass.plan.heads);
    this.slots = this.slotsOf(this.pass.folds);
  }

  kernels(): readonly Kernel[] {
    const outputs = this.buffers.outputsOf(this.graph);
    const grid = this.pass.grid(this.rows);
    const shares: GridAxis = { variable: SPLIT, from: integer(0), to: integer(this.splits), step: 1 };
    const split = kernel(
      `${this.graph.name}_split`,
      [...grid, shares],
      (block) => {
        const { range, fillFrom } = this.share();
        this.store(block, this.pass.run(new Scope(block), range, fillFrom));
      },
      kernelBudget(),
    );
    const joined = kernel(
      `${this.graph.name}_combine`,
      grid,
      (block) => {
        // Each row is joined by the block that owns it: there are no others around it.
        const plan = { ...this.pass.plan, up: 0, down: 0 };
        const whole = new KeyPass(plan, this.sizes, this.buffers);
        whole.finish(new Scope(block), this.combine(block, whole), outputs);
      },
      kernelBudget(),
    );
    return [split, joined];
  }

  /** The turns of one share, and where the loop begins that fills its rings before them. */
  private share(): { readonly range: LoopRange; readonly fillFrom: Scalar | undefined } {
    const { from, to, step } = this.pass.range();
    const turns = quotient(plus(minus(to, from), step - 1), step);
    const share = times(quotient(plus(turns, this.splits - 1), this.splits), step);
    const first = plus(from, apply('multiply', share, variable(SPLIT)));
    const range = { from: first, to: least(to, plus(first, share)), step };
    const filling = this.pass.turnsToFill * step;
    return { range, fillFrom: filling === 0 ? undefined : most(from, minus(first, filling)) };
  }

  private store(block: BlockBuilder, states: FoldStates): void {
    for (const [n, slots] of this.slots.entries()) {
      for (const [m, slot] of slots.entries()) {
        block.store(ownRows(block, this.pass.plan, states[n]![m]!), slot.buffer, this.place(slot));
      }
    }
  }

  /** The states of all shares together, joined one after the other. */
  private combine(block: BlockBuilder, { tiles: { rows } }: KeyPass): FoldStates {
    const sizeOf = (n: number): number => this.slots[n]!.length;
    const statesIn = (values: readonly Tile[]): FoldStates => {
      let end = 0;
      return this.slots.map((_, n) => {
        end += sizeOf(n);
        return values.slice(end - sizeOf(n), end);
      });
    };
    const initial = this.pass.folds.flatMap((fold) => emptyState(block, fold, rows));
    const range = { from: integer(0), to: integer(this.splits), step: 1 };
    const results = block.loop(SPLIT, range, initial, (inner, before) =>
      statesIn(before).flatMap((state, n) => {
        const share = this.slots[n]!.map((slot) =>
          inner.load(slot.buffer, this.place(slot), slot.features ? [rows, slot.features] : [rows]),
        );
        return this.pass.folds[n]!.scores === undefined ? added(inner, state, share) : joined(inner, state, share);
      }),
    );
    return statesIn(results);
  }

  private place({ number, inGroup, features }: Slot): Placement {
    const own = plus(inGroup === 1 ? GROUP : times(GROUP, inGroup), number);
    return [scalar('b'), own, scalar(SPLIT), along('query'), ...(features ? [along('feature')] : [])];
  }

  /** Maxima and sums in a buffer each; accumulators in one for each number of features. */
  private slotsOf(folds: readonly Fold[]): readonly (readonly Slot[])[] {
    const names = folds.map(({ scores, contributions }) => [
      ...(scores ? ['maxima', 'sums'] : []),
      ...contributions.map(({ contraction }) => `shares_of_${valueFeatures(contraction).size}`),
    ]);
    const features = folds.map(({ scores, contributions }) => [
      ...(scores ? [undefined, undefined] : []),
      ...contributions.map(({ contraction }) => valueFeatures(contraction)),
    ]);
    const counts = new Map<string, number>();
    const numbers = names.map((own) =>
      own.map((name) => {
        const number = counts.get(name) ?? 0;
        counts.set(name, number + 1);
        return number;
      }),
    );
    const made = new Map([...counts].map(([name, count]) => [name, this.bufferOf(name, count, features, names)]));
    return names.map((own, n) =>
      own.map((name, m) => ({
        buffer: made.get(name)!,
        number: numbers[n]![m]!,
        inGroup: counts.get(name)!,
        features: features[n]![m],
      })),
    );
  }

  private bufferOf(
    name: string,
    count: number,
    features: readonly (readonly (TileAxis | undefined)[])[],
    names: readonly (readonly string[])[],
  ): Buffer {
    const n = names.findIndex((own) => own.includes(name));
    const own = features[n]![names[n]!.indexOf(name)];
    const rows: BufferAxis = this.rows === outputRows ? { kind: 'row' } : { kind: 'query' };
    const axes: readonly BufferAxis[] = [
      { kind: 'batch' },
      head(count * this.pass.plan.heads.groups),
      { kind: 'split', size: this.splits },
      rows,
      ...(own ? [{ kind: 'feature' as const, size: own.size }] : []),
    ];
    return this.buffers.workspace(`${this.graph.name}_${name}`, axes);
  }
}

const product = (x: number, y: number) => apply('multiply', operand(x), operand(y));
const expdiff = apply('exponentialDifference', operand(0), operand(1));
const sum = apply('add', operand(0), operand(1));
const weighted = apply('add', product(0, 1), product(2, 3));

/** Sums without a normaliser are added up. */
const added = (block: BlockBuilder, state: readonly Tile[], share: readonly Tile[]): readonly Tile[] =>
  state.map((each, n) => block.map([each, share[n]!], sum));

/** Two shares of a softmax: both are scaled to the larger maximum. */
function joined(block: BlockBuilder, [m, l, ...sums]: readonly Tile[], share: readonly Tile[]): readonly Tile[] {
  const [m2, l2, ...sums2] = share;
  const largest = block.as('m').map([m!, m2!], apply('maximum', operand(0), operand(1)));
  const before = block.as('before').map([m!, largest], expdiff);
  const after = block.as('after').map([m2!, largest], expdiff);
  const total = block.as('l').map([l!, before, l2!, after], weighted);
  return [largest, total, ...sums.map((each, n) => block.as('o').map([each, before, sums2[n]!, after], weighted))];
}
