// The layout of one kernel: what the analysis says of its values, how many warps a block has, and where rings, tables of taps
// and kept views lie in shared memory.
import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import type { TapCounter } from '../../../codegen/tile/operations/taps.js';
import type { Block, ForStatement, Kernel, Statement } from '../../../codegen/tile/program.js';
import { difference, minus, plus } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Ring, type Scalar, type Tile, type Value } from '../../../codegen/tile/types.js';
import { type Expression, freeVariables, readsOf } from '../../../src/ir/index.js';
import { type Analysis, analysisOf, type Form, gridAxes } from '../../shared/layout/analysis.js';
import { Arena, type Region } from '../../shared/layout/arena.js';
import { isSameEverywhere } from '../../shared/layout/views.js';
import { handedOn, innerBlocks, isRing, operandsOf, statementsOf } from '../../shared/layout/walk.js';
import { refuse } from '../../shared/refusal.js';
import { CHUNK, elementTypes, isNarrow, type NarrowType } from '../buffers.js';
import { type Band, bandOf, isBanded } from './bands.js';
import {
  ceilDivide,
  columnFragments,
  columnsHeld,
  FRAGMENT_COLUMNS,
  type FragmentShape,
  rowFragments,
  WARP,
  type Warps,
} from './fragments.js';
import { chunksOf } from './matrices.js';
import { countMovingViews, findKeptViews, isTensorProduct, type Keeping, type KeptView } from './products.js';
import { type RingLayout, ringLayoutOf } from './rings.js';
import { type Pipeline, planPipeline, WARPGROUP_ROWS } from './warpgroups.js';

export interface PlanOptions {
  readonly sharedBytes: number;
  /** The most warps of a block, and how many share its rows. */
  readonly warpColumns: number;
  /** Rows of each warp, as long as there are enough warps: sixteen, or more fragments of as many. */
  readonly rowsPerWarp: number;
  readonly mostWarps: number;
  readonly keeping: Keeping;
  /** Stages of what loops read ahead, in a kernel whose products are those of warpgroups (sm_90a). */
  readonly stages?: number | undefined;
  /** Whether loops of such a kernel start products for their next step. */
  readonly runsAhead?: boolean | undefined;
}

/** Weights of taps that do not depend on where they are used: computed once by all threads, kept in shared memory. */
export interface TapTable {
  readonly region: Region;
  readonly weight: Expression;
  readonly counters: readonly TapCounter[];
}

/** More taps than this are read where they are used. */
const mostTaps = 4096;

/** Four addresses and more take some ten registers beside what else a step keeps. */
const MANY_VIEWS = 4;

export const tapsOf = (counters: readonly TapCounter[]): number =>
  counters.reduce((count, { extent }) => count * extent, 1);

export class KernelPlan {
  readonly kernel: Kernel;
  readonly analysis: Analysis;
  readonly warps: Warps;
  readonly arena: Arena;
  readonly keptViews: readonly KeptView[];
  /** How boxes of tensors come in, in a kernel whose products are those of warpgroups. */
  readonly pipeline: Pipeline | undefined;
  /** Whether a loop reads so many views that their addresses, kept from step to step, would take the registers of tiles. */
  readonly stagesMany: boolean;
  private readonly positions = new Map<Statement, { readonly start: number; end: number }>();
  private readonly rings = new Map<Ring, RingLayout>();
  private readonly tables = new Map<Expression, TapTable>();
  private readonly tablesOfOwner = new Map<ForStatement | undefined, TapTable[]>();
  private readonly bands = new Map<Expression, Band>();
  private readonly bandsOfOwner = new Map<ForStatement | undefined, Band[]>();
  private readonly pushes = new Map<Ring, Tile>();
  /** Where rings end that a push gives. */
  private readonly ends = new Map<Ring, Scalar>();
  private readonly keptRegions = new Map<KeptView, Region>();
  private readonly packed: ReadonlyMap<Tile, NarrowType>;

  constructor(kernel: Kernel, options: PlanOptions) {
    this.kernel = kernel;
    this.analysis = analysisOf(kernel);
    const { mostWarps, warpColumns: columns, rowsPerWarp, stages, runsAhead = false } = options;
    // Warps of a warpgroup share the rows of a product.
    const least = stages === undefined ? 1 : 4 * ceilDivide(Math.min(this.mostRows(), 16 * mostWarps), WARPGROUP_ROWS);
    const rows = Math.max(least, Math.min(Math.floor(mostWarps / columns), ceilDivide(this.mostRows(), rowsPerWarp)));
    this.warps = { rows, columns };
    this.number(kernel.body, { next: 0 });
    this.packed = this.findPacked();
    if (stages !== undefined && 2 * this.mostRows() <= WARPGROUP_ROWS) {
      refuse(`a tile of ${this.mostRows()} rows leaves half of a warpgroup idle, or more`);
    }
    this.pipeline =
      stages === undefined
        ? undefined
        : planPipeline(kernel, this.analysis, this.warps, stages, runsAhead, (tile) => this.packed.has(tile));
    this.keptViews = this.pipeline ? [] : findKeptViews(kernel, this.analysis, this.warps, options.keeping);
    this.stagesMany = countMovingViews(kernel, this.analysis) >= MANY_VIEWS;
    const boxes = this.pipeline ? [this.pipeline.region] : [];
    const regions = [...boxes, ...this.planRings(), ...this.planTables(), ...this.planKeptViews()];
    this.arena = new Arena(regions, Math.floor(options.sharedBytes / CHUNK));
  }

  /** Threads that compute; those that only bring operands come behind them. */
  get threads(): number {
    return this.warps.rows * this.warps.columns * WARP;
  }

  positionOf(statement: Statement): number {
    return this.positions.get(statement)!.start;
  }

  statementAt(position: number): Statement {
    for (const [statement, { start }] of this.positions) if (start === position) return statement;
    throw new Error('no statement has this position');
  }

  endOf(statement: Statement): number {
    return this.positions.get(statement)!.end;
  }

  private lets() {
    return [...statementsOf(this.kernel.body)].filter(
      (each) => each.statement === 'let' && this.analysis.isLive(each.value),
    ) as Extract<Statement, { statement: 'let' }>[];
  }

  private mostRows(): number {
    return Math.max(
      1,
      ...this.lets().map(({ value }) => {
        if (value.kind !== 'tile' || value.axes.length !== 2) return 1;
        const { low, high } = this.analysis.range(value, gridAxes(value)[0]);
        return high - low;
      }),
    );
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

  // ── Registers ─────────────────────────────────────────────────────────────────────────────────────

  /** What each thread holds of a tile in a form. */
  shape(tile: Tile, form: Form): FragmentShape {
    const range = (n: number) => this.analysis.range(tile, tile.axes[n]!.kind);
    switch (form) {
      case 'single':
        return { rows: 1, columns: 1 };
      case 'row':
        return { rows: rowFragments(range(0), this.warps), columns: 1 };
      case 'column':
        return { rows: 1, columns: columnFragments(range(0), this.warps) };
      case 'flat':
        return { rows: ceilDivide(range(0).high - range(0).low, this.threads), columns: 1 };
      case 'grid': {
        const [rows, columns] = gridAxes(tile);
        return {
          rows: rowFragments(this.analysis.range(tile, rows), this.warps),
          columns: columnFragments(this.analysis.range(tile, columns), this.warps),
        };
      }
    }
  }

  /** Set where a tile is only an operand of products and pushes: it is held as pairs in words of 16 bits each. */
  packedAs(tile: Tile): NarrowType | undefined {
    return this.packed.get(tile);
  }

  private findPacked(): Map<Tile, NarrowType> {
    const packed = new Map<Tile, NarrowType>();
    for (const { value, operation } of this.lets()) {
      if (operation.op !== 'cast' || value.kind !== 'tile' || value.axes.length !== 2) continue;
      const element = elementTypes[value.dtype];
      if (isNarrow(element)) packed.set(value, element);
    }
    for (const statement of statementsOf(this.kernel.body)) {
      for (const [one, other] of handedOn(statement)) for (const each of [one, other]) packed.delete(each as Tile);
      if (statement.statement === 'store') packed.delete(statement.tile);
      if (statement.statement !== 'let' || !this.analysis.isLive(statement.value)) continue;
      const { operation } = statement;
      if (operation.op !== 'matmul' && operation.op !== 'push') {
        for (const each of operandsOf(operation)) packed.delete(each as Tile);
      } else if (operation.op === 'matmul' && operation.accumulator) packed.delete(operation.accumulator);
    }
    return packed;
  }

  // ── Rings ─────────────────────────────────────────────────────────────────────────────────────────

  ringLayout(ring: Ring): RingLayout {
    return this.rings.get(ring) ?? refuse('a ring is used that nothing is pushed to');
  }

  /** The tile that is pushed to this very ring. */
  pushedTo(ring: Ring): Tile | undefined {
    return this.pushes.get(ring);
  }

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
      life.to = Math.max(life.to, entered ? this.endOf(entered) : position);
    };
    const visit = (block: Block, loops: readonly ForStatement[]): void => {
      for (const statement of block.statements) {
        const position = this.positionOf(statement);
        if (statement.statement === 'let' && this.analysis.isLive(statement.value)) {
          const { operation, value } = statement;
          for (const each of [value, ...operandsOf(operation)]) if (isRing(each)) use(each, position, loops);
          if (operation.op === 'push') {
            this.pushes.set(operation.ring, operation.tile);
            const { size, origin } = axisOfKind(operation.tile.axes, operation.ring.axis)!;
            this.ends.set(value as Ring, plus(origin, size));
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
      const [ring] = [...family];
      const step = steps.get(family);
      if (!ring || step === undefined) continue;
      const layout = ringLayoutOf(ring, step, from, to);
      regions.push(layout.region);
      for (const each of family) this.rings.set(each, layout);
    }
    return regions;
  }

  // ── Kept views ────────────────────────────────────────────────────────────────────────────────────

  /** The chunk at which a kept view begins. */
  baseOf(kept: KeptView): number {
    return this.arena.baseOf(this.keptRegions.get(kept)!);
  }

  private planKeptViews(): Region[] {
    return this.keptViews.map((kept) => {
      const { start, end } = this.positions.get(kept.loop)!;
      const size = chunksOf(kept.matrix) * (kept.isAhead ? 2 : 1);
      const holds = kept.isAhead ? 'a view that is read ahead' : 'a view that stays';
      const region = { holds, size, from: start, to: end };
      this.keptRegions.set(kept, region);
      return region;
    });
  }

  // ── Tables of taps ────────────────────────────────────────────────────────────────────────────────

  tapTable(weight: Expression): TapTable | undefined {
    return this.tables.get(weight);
  }

  /** Tables to fill at the start of a loop's body; of the kernel's where there is no loop. */
  tablesAt(owner: ForStatement | undefined): readonly TapTable[] {
    return this.tablesOfOwner.get(owner) ?? [];
  }

  private planTables(): Region[] {
    const visit = (block: Block, loops: readonly ForStatement[]): void => {
      for (const statement of block.statements) {
        if (statement.statement === 'let') {
          if (!this.analysis.isLive(statement.value)) continue;
          const { operation, value } = statement;
          if (operation.op === 'stencil' && !this.planBand(operation, value as Tile, loops)) {
            this.planTable(operation.weight, operation.counters, loops);
          }
          if (operation.op === 'mix') {
            this.planTable(operation.weight, [{ name: 'n', extent: operation.tiles.length }], loops);
          }
        } else if (statement.statement === 'for') visit(statement.body, [...loops, statement]);
        else for (const inner of innerBlocks(statement)) visit(inner, loops);
      }
    };
    visit(this.kernel.body, []);
    return [...this.tables.values(), ...this.bands.values()].map(({ region }) => region);
  }

  // ── Bands of stencils ─────────────────────────────────────────────────────────────────────────────

  /** The bands of a stencil that is done as products. */
  bandOf(stencil: StencilOperation): Band | undefined {
    const band = this.bands.get(stencil.weight);
    return band && isBanded(stencil) ? band : undefined;
  }

  /** Whether products on tensor cores are all there is to do: no ring, and no table with an entry for each row or key. */
  get isPlain(): boolean {
    const operations = this.lets().map(({ operation }) => operation);
    const products = operations.flatMap((each) => (each.op === 'matmul' ? [each] : []));
    const readsTables = operations.some(
      (each) =>
        each.op === 'map' &&
        readsOf(each.value).some(({ index }) =>
          index.some((at) => freeVariables(at).has('i') || freeVariables(at).has('j')),
        ),
    );
    return this.rings.size === 0 && !readsTables && products.length > 0 && products.every(isTensorProduct);
  }

  bandsAt(owner: ForStatement | undefined): readonly Band[] {
    return this.bandsOfOwner.get(owner) ?? [];
  }

  private planBand(stencil: StencilOperation, tile: Tile, loops: readonly ForStatement[]): boolean {
    const { ring, weight } = stencil;
    const end = this.ends.get(ring);
    const keys = axisOfKind(tile.axes, 'key');
    const element = elementTypes[ring.dtype];
    if (!isNarrow(element) || ring.axis !== 'key' || !end || !keys || !isBanded(stencil)) return false;
    const columnShift = difference(keys.origin, minus(end, ring.capacity));
    if (columnShift === undefined) return false;
    const [from, to, owner] = this.useOf(weight, loops);
    const band = bandOf(stencil, columnShift, element, { from, to });
    const known = this.bands.get(weight);
    if (known) return known.firstChunk === band.firstChunk && known.shift === band.shift;
    const { stride } = this.ringLayout(ring);
    const held = columnsHeld(this.analysis.range(tile, 'key'), this.warps) / FRAGMENT_COLUMNS;
    const reach = (held + band.chunks - 1 + band.firstChunk) * CHUNK;
    if (reach > stride || this.analysis.range(tile, 'key').low % 8 !== 0) return false;
    this.bands.set(weight, band);
    this.bandsOfOwner.set(owner, [...this.bandsAt(owner), band]);
    return true;
  }

  /** When a table of weights is in use, and the loop whose body it belongs to; none where it belongs to the kernel. */
  private useOf(
    weight: Expression,
    loops: readonly ForStatement[],
  ): readonly [from: number, to: number, owner: ForStatement | undefined] {
    const free = freeVariables(weight);
    const owner = loops.findLast(({ variable }) => free.has(variable));
    return owner ? [this.positionOf(owner), this.endOf(owner), owner] : [0, Number.MAX_SAFE_INTEGER, undefined];
  }

  private planTable(weight: Expression, counters: readonly TapCounter[], loops: readonly ForStatement[]): void {
    if (this.tables.has(weight) || !isSameEverywhere(weight)) return;
    const taps = tapsOf(counters);
    if (taps > mostTaps) return;
    const [from, to, owner] = this.useOf(weight, loops);
    const size = ceilDivide(taps * 4, CHUNK);
    const table = { region: { holds: 'a table of taps', size, from, to }, weight, counters };
    this.tables.set(weight, table);
    this.tablesOfOwner.set(owner, [...this.tablesAt(owner), table]);
  }
}
