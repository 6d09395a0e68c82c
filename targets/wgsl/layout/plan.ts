// The plan of one kernel: what is live, how threads are arranged, which regions of workgroup memory live how long.
// Everything that is decided before the first line is written is decided here.

import type { GramOperation } from '../../../codegen/tile/operations/gram.js';
import { tapsOf } from '../../../codegen/tile/operations/taps.js';
import type { TileOperation } from '../../../codegen/tile/operations.js';
import type { Block, Kernel } from '../../../codegen/tile/program.js';
import type { Ring, Tile } from '../../../codegen/tile/types.js';
import { innerBlocks } from '../../../codegen/tile/walk.js';
import type { Counter } from '../../../src/ir/index.js';
import { type Form, isWide } from '../../shared/layout/analysis.js';
import { Arena, type Region } from '../../shared/layout/arena.js';
import { type PushedRing, TilePlan } from '../../shared/tile/plan.js';
import { findResidents, type Resident } from './residents.js';
import { stagedSize } from './staged.js';
import {
  ceilDivide,
  chooseThreads,
  groupsEach,
  rowsEach,
  type ThreadGrid,
  threadCount,
  threadCounts,
} from './threads.js';

export interface PlanOptions {
  /** Bytes of workgroup memory. */
  readonly workgroupBytes: number;
  readonly largestWorkgroup: number;
  readonly threads?: ThreadGrid | undefined;
  /** Threads of a block at least, where how they are arranged is not told. */
  readonly leastThreads?: number | undefined;
  /** Keep views that do not change in a loop in workgroup memory; refused where slices of the others would be too short. */
  readonly keepViews?: boolean | undefined;
  /** Let threads read the operands of products straight from their buffers, where all of the kernel lie in whole vectors. */
  readonly readsDirectly?: boolean | undefined;
}

/** How a ring lies in its region: rows of queries, in each the keys, in vectors of four neighbours. */
export interface RingLayout {
  readonly region: Region;
  readonly ring: Ring;
  /** Whether it is carried along its columns; along its rows where not. */
  readonly isAlong: boolean;
  /** Entries pushed at once. */
  readonly step: number;
  /** Entries that a push keeps. */
  readonly kept: number;
  /** Where the entries that are pushed next begin, along the ring's axis. Keys begin at a whole vector. */
  readonly front: number;
  readonly rows: number;
  /** Vectors of a row. */
  readonly stride: number;
}

/** More taps than this are read where they are used. */
const mostTaps = 2048;

export class KernelPlan extends TilePlan<RingLayout> {
  readonly threads: ThreadGrid;
  readonly arena: Arena;
  readonly residents: readonly Resident[];
  /** Whether operands of products are read straight from their buffers. */
  readonly readsDirectly: boolean;
  private readonly residentRegions = new Map<Resident, Region>();

  constructor(kernel: Kernel, options: PlanOptions) {
    super(kernel);
    this.threads =
      options.threads ??
      chooseThreads(kernel, this.analysis, options.largestWorkgroup, options.leastThreads ?? threadCounts[0]);
    this.readsDirectly = options.readsDirectly ?? false;
    this.residents = options.keepViews ? findResidents(kernel, this.analysis) : [];
    const regions = [...this.planRings(ringLayoutOf), ...this.planTables(), ...this.planResidents()];
    this.arena = new Arena(regions, Math.floor(options.workgroupBytes / 16));
  }

  /** How many live operations of a kind the kernel has, in all cases of its switches. */
  count(op: TileOperation['op']): number {
    return this.lets().filter(({ operation }) => operation.op === op).length;
  }

  /** The grams of a block that go over one ring and one tile, in their order: what they read is read once. */
  gramsBeside(operation: GramOperation): readonly GramOperation[] {
    const { source, tile } = operation;
    return gramsOfBlock(this.kernel.body, operation).filter((each) => each.source === source && each.tile === tile);
  }

  /** The number of rows and groups that each thread holds of a tile in a form. */
  shape(tile: Tile, form: Form): { readonly rows: number; readonly groups: number } {
    const { threads } = this;
    switch (form) {
      case 'single':
        return { rows: 1, groups: 1 };
      case 'row':
        return { rows: rowsEach(this.analysis.range(tile, tile.axes[0]!.kind), threads), groups: 1 };
      case 'column':
        return { rows: 1, groups: groupsEach(this.analysis.range(tile, tile.axes[0]!.kind), threads) };
      case 'flat': {
        const { low, high } = this.analysis.range(tile, tile.axes[0]!.kind);
        return { rows: ceilDivide(high - low, threadCount(threads)), groups: 1 };
      }
      case 'grid': {
        const [rows, columns] = this.analysis.gridAxes(tile);
        return {
          rows: rowsEach(this.analysis.range(tile, rows), threads),
          groups: groupsEach(this.analysis.range(tile, columns), threads),
        };
      }
    }
  }

  registersOf(tile: Tile): number {
    return this.analysis.forms(tile).reduce((sum, form) => {
      const { rows, groups } = this.shape(tile, form);
      return sum + rows * groups * (isWide(form) ? 4 : 1);
    }, 0);
  }

  // ── Views that stay ───────────────────────────────────────────────────────────────────────────────

  /** Where a view lies that stays for a loop. */
  regionOf(resident: Resident): Region {
    return this.residentRegions.get(resident)!;
  }

  private planResidents(): Region[] {
    return this.residents.map((resident) => {
      const region = this.regionIn(resident.loop, stagedSize(resident.shape), 'a view that stays');
      this.residentRegions.set(resident, region);
      return region;
    });
  }

  /** Whole vectors of the last counter's weights. */
  protected tableSize(counters: readonly Counter[]): number | undefined {
    const last = counters.at(-1)?.extent ?? 1;
    const size = tapsOf(counters.slice(0, -1)) * ceilDivide(last, 4);
    return size * 4 > mostTaps ? undefined : size;
  }
}

/** All grams of the block that one stands in. */
function gramsOfBlock({ statements }: Block, operation: GramOperation): readonly GramOperation[] {
  const own = statements.flatMap((each) =>
    each.statement === 'let' && each.operation.op === 'gram' ? [each.operation] : [],
  );
  if (own.includes(operation)) return own;
  return statements.flatMap(innerBlocks).flatMap((inner) => gramsOfBlock(inner, operation));
}

function ringLayoutOf({ ring, step, use, space }: PushedRing): RingLayout {
  const kept = ring.capacity - step;
  const isAlong = ring.axis === space.columns;
  const front = isAlong ? Math.ceil(kept / 4) * 4 : kept;
  const rows = isAlong ? ring.across.size : ring.capacity;
  const stride = Math.ceil((isAlong ? front + step : ring.across.size) / 4);
  const region = { holds: 'a ring', size: rows * stride, ...use };
  return { region, ring, isAlong, step, kept, front, rows, stride };
}
