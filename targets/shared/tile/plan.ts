// What the plan of a kernel stands on, whatever the target: positions of statements, rings with the time that each is in use, and
// tables of weights that are computed once. How large they are, and how they lie, is the target's.

import { valuesOf } from '../../../codegen/tile/operations.js';
import type { Block, ForStatement, Kernel, LetStatement, Statement } from '../../../codegen/tile/program.js';
import { plus } from '../../../codegen/tile/scalars.js';
import {
  axisOfKind,
  type NeighbourSource,
  type Ring,
  type Scalar,
  type Tile,
  type Value,
} from '../../../codegen/tile/types.js';
import { innerBlocks, isRing, placedStatements, statementsOf } from '../../../codegen/tile/walk.js';
import { type Counter, type Expression, freeVariables } from '../../../src/ir/index.js';
import { type Analysis, analysisOf } from '../layout/analysis.js';
import type { Region } from '../layout/arena.js';
import { oriented, type Space } from '../layout/space.js';
import { isSameEverywhere } from '../layout/views.js';
import { refuse } from '../refusal.js';

/** Positions of statements between which something is in use, both included. */
export interface Use {
  readonly from: number;
  readonly to: number;
}

/** A ring with what is pushed to it. */
export interface PushedRing {
  readonly ring: Ring;
  /** Entries pushed at once. */
  readonly step: number;
  readonly use: Use;
  readonly space: Space;
}

/** Weights that do not depend on where they are used: computed once by all threads, kept in shared memory. */
export interface TapTable {
  readonly region: Region;
  readonly weight: Expression;
  readonly counters: readonly Counter[];
}

/** A loop's body that something belongs to; the kernel's own where there is none. */
export type Owner = ForStatement | undefined;

/** The ring that neighbours are read from: passes have put boxes in rings. */
export const ringOf = (source: NeighbourSource): Ring =>
  source.kind === 'ring' ? source : refuse('neighbours are read from a box that is in no ring');

export abstract class TilePlan<Layout extends { readonly region: Region }> {
  readonly kernel: Kernel;
  readonly analysis: Analysis;
  private readonly positions = new Map<Statement, { readonly start: number; end: number }>();
  private readonly rings = new Map<Ring, Layout>();
  private readonly tables = new Map<Expression, TapTable>();
  private readonly tablesOfOwner = new Map<Owner, TapTable[]>();
  private readonly pushes = new Map<Ring, Tile>();
  /** Where rings end that a push gives. */
  private readonly ends = new Map<Ring, Scalar>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.analysis = analysisOf(kernel);
    this.number(kernel.body, { next: 0 });
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

  positionOf(statement: Statement): number {
    return this.positions.get(statement)!.start;
  }

  endOf(statement: Statement): number {
    return this.positions.get(statement)!.end;
  }

  statementAt(position: number): Statement {
    for (const [statement, { start }] of this.positions) if (start === position) return statement;
    throw new Error('no statement has this position');
  }

  /** The operations of the kernel, in all cases of its switches. */
  protected lets(): readonly LetStatement[] {
    return statementsOf(this.kernel.body).filter((each): each is LetStatement => each.statement === 'let');
  }

  /** A region for as long as a loop runs. */
  protected regionIn(loop: ForStatement, size: number, holds: string): Region {
    return { holds, size, from: this.positionOf(loop), to: this.endOf(loop) };
  }

  // ── Rings ─────────────────────────────────────────────────────────────────────────────────────────

  ringLayout(ring: Ring): Layout {
    return this.rings.get(ring) ?? refuse('a ring is used that nothing is pushed to');
  }

  /** Registers of a thread that a tile takes, in all forms that it is held in. */
  abstract registersOf(tile: Tile): number;

  protected get hasRings(): boolean {
    return this.rings.size > 0;
  }

  /** The tile that is pushed to this very ring. */
  pushedTo(ring: Ring): Tile | undefined {
    return this.pushes.get(ring);
  }

  /** Where a ring ends that a push gives. */
  protected endOfPushed(ring: Ring): Scalar | undefined {
    return this.ends.get(ring);
  }

  protected planRings(layoutOf: (pushed: PushedRing) => Layout): readonly Region[] {
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
    for (const { statement, loops } of placedStatements(this.kernel.body)) {
      const position = this.positionOf(statement);
      if (statement.statement === 'let') {
        const { operation, value } = statement;
        for (const each of [value, ...valuesOf(operation)]) if (isRing(each)) use(each, position, loops);
        if (operation.op !== 'push') continue;
        this.pushes.set(operation.ring, operation.tile);
        const { size, origin } = axisOfKind(operation.tile.axes, operation.ring.axis)!;
        this.ends.set(value as Ring, plus(origin, size));
        const family = this.analysis.familyOf(operation.ring);
        if ((steps.get(family) ?? size) !== size) refuse('a ring is pushed tiles of several lengths');
        steps.set(family, size);
      } else if (statement.statement === 'for' || statement.statement === 'switch') {
        const values: readonly Value[] =
          statement.statement === 'for' ? statement.carried.map(({ initial }) => initial) : statement.results;
        for (const each of values) if (isRing(each)) use(each, position, loops);
      }
    }
    return [...lives].flatMap(([family, { from, to }]) => {
      const [ring] = [...family];
      const step = steps.get(family);
      if (!ring || step === undefined) return [];
      const layout = layoutOf({ ring, step, use: { from, to }, space: this.analysis.space });
      for (const each of family) this.rings.set(each, layout);
      return [layout.region];
    });
  }

  // ── Tables of weights ─────────────────────────────────────────────────────────────────────────────

  tapTable(weight: Expression): TapTable | undefined {
    return this.tables.get(weight);
  }

  /** Tables to fill at the start of a loop's body, or of the kernel's. */
  tablesAt(owner: Owner): readonly TapTable[] {
    return this.tablesOfOwner.get(owner) ?? [];
  }

  /** Vectors that a table of so many taps takes; undefined where they are read where they are used. */
  protected abstract tableSize(counters: readonly Counter[]): number | undefined;

  /** Whether the weights of an operation need no table of taps, as they are kept in another form. */
  protected keepsWeights(_statement: LetStatement, _loops: readonly ForStatement[]): boolean {
    return false;
  }

  protected planTables(): readonly Region[] {
    for (const { statement, loops } of placedStatements(this.kernel.body)) {
      if (statement.statement !== 'let' || this.keepsWeights(statement, loops)) continue;
      const { operation } = statement;
      if (operation.op === 'stencil') {
        this.planTable(operation.weight, oriented(this.analysis.space, operation).counters, loops);
      }
      if (operation.op === 'mix') {
        this.planTable(operation.weight, [{ name: 'n', extent: operation.tiles.length }], loops);
      }
    }
    return [...this.tables.values()].map(({ region }) => region);
  }

  private planTable(weight: Expression, counters: readonly Counter[], loops: readonly ForStatement[]): void {
    if (this.tables.has(weight) || !isSameEverywhere(weight)) return;
    const size = this.tableSize(counters);
    if (size === undefined) return;
    const { owner, use } = this.useOf(weight, loops);
    const table = { region: { holds: 'a table of taps', size, ...use }, weight, counters };
    this.tables.set(weight, table);
    this.tablesOfOwner.set(owner, [...this.tablesAt(owner), table]);
  }

  /** When weights are in use, and the loop whose body they belong to: the innermost one that they depend on. */
  protected useOf(weight: Expression, loops: readonly ForStatement[]): { readonly owner: Owner; readonly use: Use } {
    const free = freeVariables(weight);
    const owner = loops.findLast(({ variable }) => free.has(variable));
    const use = owner
      ? { from: this.positionOf(owner), to: this.endOf(owner) }
      : { from: 0, to: Number.MAX_SAFE_INTEGER };
    return { owner, use };
  }
}
