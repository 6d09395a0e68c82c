// The plan of one kernel: what is live, how threads are arranged, which regions of workgroup memory live how long.
// Everything that is decided before the first line is written is decided here.

import type { TapCounter } from '../../../codegen/tile/operations/taps.js';
import type { TileOperation } from '../../../codegen/tile/operations.js';
import type { Block, ForStatement, Kernel, Statement } from '../../../codegen/tile/program.js';
import type { Ring, Tile, Value } from '../../../codegen/tile/types.js';
import { type Expression, freeVariables } from '../../../src/ir/index.js';
import { type Analysis, analysisOf, type Form, gridAxes } from '../../shared/layout/analysis.js';
import { Arena, type Region } from '../../shared/layout/arena.js';
import { isSameEverywhere } from '../../shared/layout/views.js';
import { innerBlocks, isRing, operandsOf, statementsOf } from '../../shared/layout/walk.js';
import { refuse } from '../../shared/refusal.js';
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
}

/** How a ring lies in its region: rows of queries, in each the keys, in vectors of four neighbours. */
export interface RingLayout {
  readonly region: Region;
  readonly ring: Ring;
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

/** Weights that do not depend on where they are used: computed once by all threads, kept in workgroup memory. */
export interface TapTable {
  readonly region: Region;
  readonly weight: Expression;
  readonly counters: readonly TapCounter[];
}

/** More taps than this are read where they are used. */
const mostTaps = 2048;

export class KernelPlan {
  readonly kernel: Kernel;
  readonly analysis: Analysis;
  readonly threads: ThreadGrid;
  readonly arena: Arena;
  private readonly positions = new Map<Statement, { readonly start: number; end: number }>();
  private readonly rings = new Map<Ring, RingLayout>();
  private readonly tables = new Map<Expression, TapTable>();
  private readonly tablesOfOwner = new Map<ForStatement | undefined, TapTable[]>();
  private readonly pushes = new Map<Ring, Tile>();
  readonly residents: readonly Resident[];
  private readonly residentRegions = new Map<Resident, Region>();

  constructor(kernel: Kernel, options: PlanOptions) {
    this.kernel = kernel;
    this.analysis = analysisOf(kernel);
    this.threads =
      options.threads ??
      chooseThreads(kernel, this.analysis, options.largestWorkgroup, options.leastThreads ?? threadCounts[0]);
    this.number(kernel.body, { next: 0 });
    this.residents = options.keepViews ? findResidents(kernel, this.analysis) : [];
    const regions = [...this.planRings(), ...this.planTables(), ...this.planResidents()];
    this.arena = new Arena(regions, Math.floor(options.workgroupBytes / 16));
  }

  positionOf(statement: Statement): number {
    return this.positions.get(statement)!.start;
  }

  endOf(statement: Statement): number {
    return this.positions.get(statement)!.end;
  }

  /** How many live operations of a kind the kernel has, in all cases of its switches. */
  count(op: TileOperation['op']): number {
    return [...statementsOf(this.kernel.body)].filter(
      (each) => each.statement === 'let' && each.operation.op === op && this.analysis.isLive(each.value),
    ).length;
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
        const [rows, columns] = gridAxes(tile);
        return {
          rows: rowsEach(this.analysis.range(tile, rows), threads),
          groups: groupsEach(this.analysis.range(tile, columns), threads),
        };
      }
    }
  }

  ringLayout(ring: Ring): RingLayout {
    return this.rings.get(ring) ?? refuse('a ring is used that nothing is pushed to');
  }

  /** The tile that is pushed to this very ring. */
  pushedTo(ring: Ring): Tile | undefined {
    return this.pushes.get(ring);
  }

  tapTable(weight: Expression): TapTable | undefined {
    return this.tables.get(weight);
  }

  /** Tables to fill at the start of a loop's body; of the kernel's where there is no loop. */
  tablesAt(owner: ForStatement | undefined): readonly TapTable[] {
    return this.tablesOfOwner.get(owner) ?? [];
  }

  private number(block: Block, counter: { next: number }): void {
    for (const statement of block.statements) {
      const position = { start: counter.next, end: counter.next };
      counter.next += 1;
      this.positions.set(statement, position);
      for (const inner of innerBlocks(statement)) this.number(inner, counter);
      position.end = counter.next;
      counter.next += 1;
    }
  }

  // ── Rings ─────────────────────────────────────────────────────────────────────────────────────────

  private planRings(): Region[] {
    const lives = new Map<ReadonlySet<Ring>, { from: number; to: number; loops: readonly ForStatement[] }>();
    const steps = new Map<ReadonlySet<Ring>, number>();
    const use = (ring: Ring, position: number, loops: readonly ForStatement[]): void => {
      const family = this.analysis.familyOf(ring);
      const life = lives.get(family);
      if (!life) {
        lives.set(family, { from: position, to: position, loops });
        return;
      }
      // What is used in a loop that it comes from outside of is in use until the loop ends.
      const entered = loops.find((loop) => !life.loops.includes(loop));
      life.to = Math.max(life.to, entered ? this.positions.get(entered)!.end : position);
    };
    const visit = (block: Block, loops: readonly ForStatement[]): void => {
      for (const statement of block.statements) {
        const position = this.positionOf(statement);
        if (statement.statement === 'let' && this.analysis.isLive(statement.value)) {
          const { operation, value } = statement;
          for (const each of [value, ...operandsOf(operation)]) if (isRing(each)) use(each, position, loops);
          if (operation.op === 'push') {
            this.pushes.set(operation.ring, operation.tile);
            const size = operation.tile.axes.find(({ kind }) => kind === operation.ring.axis)!.size;
            const family = this.analysis.familyOf(operation.ring);
            if ((steps.get(family) ?? size) !== size) refuse('a ring is pushed tiles of several lengths');
            steps.set(family, size);
          }
        } else if (statement.statement === 'for' || statement.statement === 'switch') {
          const values: readonly Value[] =
            statement.statement === 'for' ? statement.carried.map(({ initial }) => initial) : statement.results;
          for (const each of values) if (isRing(each) && this.analysis.isLive(each)) use(each, position, loops);
          const inside = statement.statement === 'for' ? [...loops, statement] : loops;
          for (const inner of innerBlocks(statement)) visit(inner, inside);
        }
      }
    };
    visit(this.kernel.body, []);
    const regions: Region[] = [];
    for (const [family, { from, to }] of lives) {
      const [ring] = family as ReadonlySet<Ring> & { [Symbol.iterator](): Iterator<Ring> };
      const step = steps.get(family);
      if (!ring || step === undefined) continue;
      const layout = ringLayoutOf(ring, step, from, to);
      regions.push(layout.region);
      for (const each of family) this.rings.set(each, layout);
    }
    return regions;
  }

  // ── Views that stay ───────────────────────────────────────────────────────────────────────────────

  /** Where a view lies that stays for a loop. */
  regionOf(resident: Resident): Region {
    return this.residentRegions.get(resident)!;
  }

  private planResidents(): Region[] {
    return this.residents.map((resident) => {
      const { start, end } = this.positions.get(resident.loop)!;
      const region = { holds: 'a view that stays', size: stagedSize(resident.shape), from: start, to: end };
      this.residentRegions.set(resident, region);
      return region;
    });
  }

  // ── Tables of taps ────────────────────────────────────────────────────────────────────────────────

  private planTables(): Region[] {
    const visit = (block: Block, loops: readonly ForStatement[]): void => {
      for (const statement of block.statements) {
        if (statement.statement === 'let') {
          if (!this.analysis.isLive(statement.value)) continue;
          const { operation } = statement;
          if (operation.op === 'stencil') this.planTable(operation.weight, operation.counters, loops);
          if (operation.op === 'mix') {
            this.planTable(operation.weight, [{ name: 'n', extent: operation.tiles.length }], loops);
          }
        } else if (statement.statement === 'for') visit(statement.body, [...loops, statement]);
        else for (const inner of innerBlocks(statement)) visit(inner, loops);
      }
    };
    visit(this.kernel.body, []);
    return [...this.tables.values()].map(({ region }) => region);
  }

  private planTable(weight: Expression, counters: readonly TapCounter[], loops: readonly ForStatement[]): void {
    if (this.tables.has(weight) || !isSameEverywhere(weight)) return;
    const size = tapTableSize(counters);
    if (size * 4 > mostTaps) return;
    const free = freeVariables(weight);
    const owner = loops.findLast(({ variable }) => free.has(variable));
    const from = owner ? this.positionOf(owner) : 0;
    const to = owner ? this.positions.get(owner)!.end : Number.MAX_SAFE_INTEGER;
    const table = { region: { holds: 'a table of taps', size, from, to }, weight, counters };
    this.tables.set(weight, table);
    this.tablesOfOwner.set(owner, [...this.tablesAt(owner), table]);
  }
}

function ringLayoutOf(ring: Ring, step: number, from: number, to: number): RingLayout {
  const kept = ring.capacity - step;
  const isKeyed = ring.axis === 'key';
  const front = isKeyed ? Math.ceil(kept / 4) * 4 : kept;
  const rows = isKeyed ? ring.across.size : ring.capacity;
  const stride = Math.ceil((isKeyed ? front + step : ring.across.size) / 4);
  const region = { holds: 'a ring', size: rows * stride, from, to };
  return { region, ring, step, kept, front, rows, stride };
}

/** Vectors of a table of taps: the last counter in whole vectors. */
export function tapTableSize(counters: readonly TapCounter[]): number {
  const last = counters.at(-1)?.extent ?? 1;
  const outer = counters.slice(0, -1).reduce((count, { extent }) => count * extent, 1);
  return outer * Math.ceil(last / 4);
}
