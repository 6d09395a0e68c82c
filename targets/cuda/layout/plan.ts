// The layout of one kernel: what the analysis says of its values, how many warps a block has, and where rings, tables of taps
// and kept views lie in shared memory.
import type { GramOperation } from '../../../codegen/tile/operations/gram.js';
import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import { tapsOf } from '../../../codegen/tile/operations/taps.js';
import { valuesOf } from '../../../codegen/tile/operations.js';
import type { ForStatement, Kernel, LetStatement } from '../../../codegen/tile/program.js';
import { difference, minus } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Tile } from '../../../codegen/tile/types.js';
import { handedOn, statementsOf } from '../../../codegen/tile/walk.js';
import { type Counter, type Expression, freeVariables, readsOf } from '../../../src/ir/index.js';
import type { Form } from '../../shared/layout/analysis.js';
import { Arena, type Region } from '../../shared/layout/arena.js';
import { oriented } from '../../shared/layout/space.js';
import { refuse } from '../../shared/refusal.js';
import { ringOf, TilePlan } from '../../shared/tile/plan.js';
import { mostRegisters } from '../../shared/tile/pressure.js';
import { CHUNK, elementTypes, isNarrow, type NarrowType } from '../buffers.js';
import {
  ceilDivide,
  columnFragments,
  columnsHeld,
  FRAGMENT_COLUMNS,
  FRAGMENT_ROWS,
  type FragmentShape,
  loopsOf,
  rowFragments,
  WARP,
  type Warps,
} from './fragments.js';
import { type GramGroup, type GramStatement, gramsTogether, groupOf } from './grams.js';
import { chunksOf } from './matrices.js';
import { countReadViews, findKeptViews, isTensorProduct, type Keeping, type KeptView } from './products.js';
import { hasHalves, type RingLayout, ringLayoutOf } from './rings.js';
import { isToeplitz, type Toeplitz, toeplitzOf } from './toeplitz.js';
import { type Pipeline, planPipeline, WARPGROUP_ROWS } from './warpgroups.js';

export interface PlanOptions {
  readonly sharedBytes: number;
  /** The most warps of a block, and how many share its rows. */
  readonly warpColumns: number;
  /** Rows of each warp, as long as there are enough warps: sixteen, or more fragments of as many. */
  readonly rowsPerWarp: number;
  readonly mostWarps: number;
  readonly keeping: Keeping;
  /** Whether pushes to rings take turns between two halves of them, which takes room and saves barriers. */
  readonly ringsInHalves?: boolean | undefined;
  /** Stages of what loops read ahead, in a kernel whose products are those of warpgroups (sm_90a). */
  readonly stages?: number | undefined;
}

/** More taps than this are read where they are used. */
const mostTaps = 4096;

/** Four addresses and more take some ten registers beside what else a step keeps. */
const MANY_VIEWS = 4;
/** So many where matrices of a second stencil take registers too. */
const MANY_BESIDE_STENCILS = 3;

/** Registers for tiles and the matrices of a stencil together, of the 240 that a consumer has. */
const MOST_BESIDE_MATRICES = 190;

export class KernelPlan extends TilePlan<RingLayout> {
  readonly warps: Warps;
  readonly arena: Arena;
  readonly keptViews: readonly KeptView[];
  /** How boxes of tensors come in, in a kernel whose products are those of warpgroups. */
  readonly pipeline: Pipeline | undefined;
  private readonly toeplitz = new Map<Expression, Toeplitz>();
  private readonly toeplitzOfOwner = new Map<ForStatement | undefined, Toeplitz[]>();
  private readonly keptRegions = new Map<KeptView, Region>();
  private readonly grams = new Map<GramOperation, GramGroup>();
  private readonly packed: ReadonlyMap<Tile, NarrowType>;

  constructor(kernel: Kernel, options: PlanOptions) {
    super(kernel);
    const { mostWarps, warpColumns: columns, rowsPerWarp, stages } = options;
    // Warps of a warpgroup share the rows of a product.
    const least = stages === undefined ? 1 : 4 * ceilDivide(Math.min(this.mostRows(), 16 * mostWarps), WARPGROUP_ROWS);
    const rows = Math.max(least, Math.min(Math.floor(mostWarps / columns), ceilDivide(this.mostRows(), rowsPerWarp)));
    this.warps = { rows, columns };
    this.packed = this.findPacked();
    if (stages !== undefined && 2 * this.mostRows() <= WARPGROUP_ROWS) {
      refuse(`a tile of ${this.mostRows()} rows leaves half of a warpgroup idle, or more`);
    }
    this.pipeline =
      stages === undefined
        ? undefined
        : planPipeline(kernel, this.analysis, this.warps, {
            stages,
            isPacked: (tile) => this.packed.has(tile),
          });
    this.keptViews = this.pipeline ? [] : findKeptViews(kernel, this.analysis, this.warps, options.keeping);
    const boxes = this.pipeline ? [this.pipeline.region] : [];
    const regions = [
      ...boxes,
      ...this.planRings((pushed) => ringLayoutOf(pushed, options.ringsInHalves === true && hasHalves(pushed))),
      ...this.planTables(),
      ...this.toeplitzRegions(),
      ...this.planKeptViews(),
      ...this.planGrams(),
    ];
    this.arena = new Arena(regions, Math.floor(options.sharedBytes / CHUNK));
  }

  /** Threads that compute; those that only bring operands come behind them. */
  get threads(): number {
    return this.warps.rows * this.warps.columns * WARP;
  }

  private mostRows(): number {
    return Math.max(
      1,
      ...this.lets().map(({ value }) => {
        if (value.kind !== 'tile' || value.axes.length !== 2) return 1;
        const { low, high } = this.analysis.range(value, this.analysis.gridAxes(value)[0]);
        return high - low;
      }),
    );
  }

  /** Whether loops read so many views that their addresses, kept from step to step, would take the registers of tiles. */
  get stagesMany(): boolean {
    if (!this.hasSeveralStencils) return countReadViews(this.kernel) >= MANY_VIEWS;
    return countReadViews(this.kernel, this.keptViews) >= MANY_BESIDE_STENCILS;
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
        const [rows, columns] = this.analysis.gridAxes(tile);
        return {
          rows: rowFragments(this.analysis.range(tile, rows), this.warps),
          columns: columnFragments(this.analysis.range(tile, columns), this.warps),
        };
      }
    }
  }

  registersOf(tile: Tile): number {
    return this.analysis.forms(tile).reduce((size, form) => {
      const entries = loopsOf[form](this.shape(tile, form)).reduce((product, [, extent]) => product * extent, 1);
      return size + (this.packedAs(tile) ? entries / 2 : entries);
    }, 0);
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
      if (statement.statement !== 'let') continue;
      const { operation } = statement;
      if (operation.op === 'gram') packed.delete(operation.accumulator);
      else if (operation.op !== 'matmul' && operation.op !== 'push') {
        for (const each of valuesOf(operation)) packed.delete(each as Tile);
      } else if (operation.op === 'matmul' && operation.accumulator) packed.delete(operation.accumulator);
    }
    return packed;
  }

  // ── Kept views ────────────────────────────────────────────────────────────────────────────────────

  /** The chunk at which a kept view begins. */
  baseOf(kept: KeptView): number {
    return this.arena.baseOf(this.keptRegions.get(kept)!);
  }

  private planKeptViews(): Region[] {
    return this.keptViews.map((kept) => {
      const size = chunksOf(kept.matrix) * (kept.isAhead ? 2 : 1);
      const holds = kept.isAhead ? 'a view that is read ahead' : 'a view that stays';
      const region = this.regionIn(kept.loop, size, holds);
      this.keptRegions.set(kept, region);
      return region;
    });
  }

  protected tableSize(counters: readonly Counter[]): number | undefined {
    const taps = tapsOf(counters);
    return taps > mostTaps ? undefined : ceilDivide(taps * 4, CHUNK);
  }

  // ── Grams ─────────────────────────────────────────────────────────────────────────────────────────

  /** The grams that one is computed together with. */
  gramGroup(gram: GramOperation): GramGroup {
    return this.grams.get(gram) ?? refuse('a gram is computed that nobody wants');
  }

  private planGrams(): Region[] {
    const isWanted = ({ value }: GramStatement): boolean => this.analysis.forms(value as Tile).length > 0;
    return gramsTogether(this.kernel, isWanted).flatMap((members) => {
      const { source } = members[0].operation;
      const ring = ringOf(source);
      const group = groupOf(members, {
        space: this.analysis.space,
        warps: this.warps,
        use: { from: this.positionOf(members[0]), to: this.endOf(members.at(-1)!) },
        ring: this.ringLayout(ring),
        end: this.endOfPushed(ring),
        rangeOf: (tile, along) => this.analysis.range(tile, along),
      });
      for (const { operation } of members) this.grams.set(operation, group);
      return [group.region, ...(group.products ? [group.products.sums] : [])];
    });
  }

  // ── Toeplitz matrices of stencils ─────────────────────────────────────────────────────────────────────────────

  /** The Toeplitz matrices of a stencil that is done as products. */
  toeplitzOf(stencil: StencilOperation): Toeplitz | undefined {
    const matrix = this.toeplitz.get(stencil.weight);
    return matrix && isToeplitz(stencil, this.analysis.space) ? matrix : undefined;
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
    return !this.hasRings && !readsTables && products.length > 0 && products.every(isTensorProduct);
  }

  /** Whether several stencils are done as products. */
  get hasSeveralStencils(): boolean {
    return this.toeplitz.size > 1;
  }

  /** Whether matrices are loaded a pair of rows of taps at a time, as others take registers too, and no second row of a warp reads them. */
  get loadsBandsApart(): boolean {
    return this.hasSeveralStencils && this.mostRows() <= this.warps.rows * FRAGMENT_ROWS;
  }

  /** Matrices that stay in registers for a loop of a pipeline: those of one stencil, where tiles leave room for them. */
  get keptToeplitz(): readonly Toeplitz[] {
    const kept = this.toeplitzAt(undefined);
    const size = kept.reduce((sum, { pairs, parts, chunks }) => sum + pairs.length * parts * chunks * 2, 0);
    const isRoom = this.pipeline && !this.hasSeveralStencils && mostRegisters(this) + size <= MOST_BESIDE_MATRICES;
    return isRoom ? kept : [];
  }

  toeplitzAt(owner: ForStatement | undefined): readonly Toeplitz[] {
    return this.toeplitzOfOwner.get(owner) ?? [];
  }

  /** Weights of stencils that are done as products lie in Toeplitz matrices. */
  protected override keepsWeights({ operation, value }: LetStatement, loops: readonly ForStatement[]): boolean {
    return operation.op === 'stencil' && this.planToeplitz(operation, value as Tile, loops);
  }

  private toeplitzRegions(): readonly Region[] {
    return [...this.toeplitz.values()].map(({ region }) => region);
  }

  private planToeplitz(stencil: StencilOperation, tile: Tile, loops: readonly ForStatement[]): boolean {
    const { weight } = stencil;
    const ring = ringOf(stencil.source);
    const { space } = this.analysis;
    const end = this.endOfPushed(ring);
    const columns = axisOfKind(tile.axes, space.columns);
    const element = elementTypes[ring.dtype];
    if (!isNarrow(element) || ring.axis !== space.columns || !end || !columns || !isToeplitz(stencil, space))
      return false;
    const { step, kept, stride } = this.ringLayout(ring);
    const columnShift = difference(columns.origin, minus(end, step + kept));
    if (columnShift === undefined) return false;
    const { owner, use } = this.useOf(weight, loops);
    const matrix = toeplitzOf(oriented(space, stencil), columnShift, element, use);
    const known = this.toeplitz.get(weight);
    if (known) return known.firstChunk === matrix.firstChunk && known.shift === matrix.shift;
    const held = columnsHeld(this.analysis.range(tile, space.columns), this.warps) / FRAGMENT_COLUMNS;
    const reach = (held + matrix.chunks - 1 + matrix.firstChunk) * CHUNK;
    if (reach > stride || this.analysis.range(tile, space.columns).low % 8 !== 0) return false;
    this.toeplitz.set(weight, matrix);
    this.toeplitzOfOwner.set(owner, [...this.toeplitzAt(owner), matrix]);
    return true;
  }
}
