// What the layout of a kernel stands on: which rows and columns of its values are wanted, in which form a one-dimensional tile
// is held, and which rings are one. What is dead, passes have dropped.

import {
  alignedOperands,
  elementwiseOperands,
  kindInResult,
  type TileOperation,
  tableOperands,
} from '../../../codegen/tile/operations.js';
import type { Block, Kernel, Statement } from '../../../codegen/tile/program.js';
import { type RingFamilies, ringFamilies } from '../../../codegen/tile/ring-families.js';
import {
  axisOfKind,
  type Ring,
  type Tile,
  type TileAxisKind,
  type Value,
  validRange,
} from '../../../codegen/tile/types.js';
import { handedOn, isRing, statementsOf } from '../../../codegen/tile/walk.js';
import { wantsOf } from '../../../codegen/tile/wants.js';
import { refuse } from '../refusal.js';
import { findPartialSums, type PartialSums } from './partial-sums.js';
import { gridAxesIn, type Space, spaceOf } from './space.js';

/** The offsets of an axis that some thread holds, from `low` to before `high`. */
export interface HeldRange {
  readonly low: number;
  readonly high: number;
}

/**
 * How a tile lies in the registers of a block of threads:
 * - grid: rows along one axis, groups of four columns along the other;
 * - row, column: one axis, held by every thread of the row or column;
 * - flat: one axis, each entry held by one thread;
 * - single: one number, held by all.
 */
export type Form = 'grid' | 'row' | 'column' | 'flat' | 'single';

/** Whether a register of a form holds four neighbours. */
export const isWide = (form: Form): boolean => form === 'grid' || form === 'column';

/** Sets of values that share something, with what they share. */
class Shared<Key extends object, Data> {
  private readonly parents = new Map<Key, Key>();
  private readonly data = new Map<Key, Data>();
  private readonly create: () => Data;
  private readonly merge: (one: Data, other: Data) => Data;

  constructor(create: () => Data, merge: (one: Data, other: Data) => Data) {
    this.create = create;
    this.merge = merge;
  }

  private root(key: Key): Key {
    let root = key;
    for (let next = this.parents.get(root); next; next = this.parents.get(root)) root = next;
    return root;
  }

  of(key: Key): Data {
    const root = this.root(key);
    const known = this.data.get(root);
    if (known !== undefined) return known;
    const made = this.create();
    this.data.set(root, made);
    return made;
  }

  unite(one: Key, other: Key): void {
    const [first, second] = [this.root(one), this.root(other)];
    if (first === second) return;
    const merged = this.merge(this.of(first), this.of(second));
    this.parents.set(second, first);
    this.data.set(first, merged);
  }

  same(one: Key, other: Key): boolean {
    return this.root(one) === this.root(other);
  }
}

interface Wanted {
  low: number;
  high: number;
}

const analyses = new WeakMap<Kernel, Analysis>();

/** What is known of a kernel, found once however many layouts of it are tried. */
export function analysisOf(kernel: Kernel): Analysis {
  const known = analyses.get(kernel) ?? new Analysis(kernel);
  analyses.set(kernel, known);
  return known;
}

export class Analysis {
  /** What the kernel owns, and what it sweeps. */
  readonly space: Space;
  private readonly axes = new Map<Tile, Map<TileAxisKind, object>>();
  private readonly ranges = new Shared<object, Wanted>(
    () => ({ low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }),
    (one, other) => ({ low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) }),
  );
  private readonly oneDimensional = new Shared<Tile, Set<Form>>(
    () => new Set(),
    (one, other) => new Set([...one, ...other]),
  );
  private readonly families: RingFamilies;
  private readonly body: Block;
  /** The last first: what is wanted of a value follows from those who use it, and so is known after few rounds. */
  private readonly backwards: readonly Statement[];
  private readonly sums: PartialSums;

  constructor(kernel: Kernel) {
    const { body } = kernel;
    this.space = spaceOf(kernel);
    this.body = body;
    this.families = ringFamilies(body);
    this.backwards = statementsOf(body).toReversed();
    this.unite();
    this.findRanges();
    this.findForms();
    this.sums = findPartialSums(body, this);
  }

  /** Rows and columns of a tile of two axes. */
  gridAxes(tile: Pick<Tile, 'axes'>): ReturnType<typeof gridAxesIn> {
    return gridAxesIn(this.space, tile);
  }

  /** Whether each thread of a row holds a share of the tile, which is their sum. */
  isShare(value: Value): boolean {
    return this.sums.shares.has(value);
  }

  /** Whether the shares of a value are added up behind the loop that it comes from. */
  isCompleted(value: Value): boolean {
    return this.sums.completed.has(value);
  }

  private wanted(tile: Tile, kind: TileAxisKind): HeldRange {
    return this.ranges.of(this.axisKey(tile, kind));
  }

  range(tile: Tile, kind: TileAxisKind): HeldRange {
    const { low, high } = this.wanted(tile, kind);
    return low < high ? { low, high } : { low: 0, high: axisOfKind(tile.axes, kind)!.size };
  }

  /** The forms that a tile is held in. */
  forms(tile: Tile): readonly Form[] {
    if (tile.axes.length > 2) refuse(`a tile of ${tile.axes.map(({ kind }) => kind).join(' × ')} has too many axes`);
    if (tile.axes.length === 2) return ['grid'];
    if (tile.axes.length === 0) return ['single'];
    const forms = [...this.oneDimensional.of(tile)];
    return forms.length > 0 ? forms : [tile.axes[0]!.kind === 'extent' ? 'flat' : 'row'];
  }

  /** All rings that a ring becomes and comes from: they share their place. */
  familyOf(ring: Ring): ReadonlySet<Ring> {
    return this.families.get(ring)!;
  }

  // ── Which axes go together, and what is wanted of them ────────────────────────────────────────────

  private axisKey(tile: Tile, kind: TileAxisKind): object {
    let own = this.axes.get(tile);
    if (!own) {
      own = new Map();
      this.axes.set(tile, own);
    }
    let key = own.get(kind);
    if (!key) {
      key = { kind };
      own.set(kind, key);
    }
    return key;
  }

  /** @param kindIn the kind that an axis of the other has in the one */
  private together(one: Value, other: Value, kindIn = (kind: TileAxisKind): TileAxisKind => kind): void {
    if (isRing(one) || isRing(other)) return;
    for (const { kind } of other.axes) {
      const own = kindIn(kind);
      if (axisOfKind(one.axes, own)) this.ranges.unite(this.axisKey(one, own), this.axisKey(other, kind));
    }
    if (one.axes.length === 1 && other.axes.length === 1) this.oneDimensional.unite(one, other);
  }

  private unite(): void {
    for (const statement of statementsOf(this.body)) {
      for (const [one, other] of handedOn(statement)) this.together(one, other);
      if (statement.statement !== 'let') continue;
      const { value, operation } = statement;
      for (const operand of alignedOperands(operation)) {
        this.together(value, operand, (kind) => kindInResult(operation, kind));
      }
    }
  }

  private want(tile: Tile, kind: TileAxisKind, low: number, high: number): void {
    const wanted = this.ranges.of(this.axisKey(tile, kind));
    if (low < wanted.low || high > wanted.high) this.changed = true;
    wanted.low = Math.min(wanted.low, low);
    wanted.high = Math.max(wanted.high, high);
  }
  private changed = false;

  private findRanges(): void {
    do {
      this.changed = false;
      for (const statement of this.backwards) {
        if (statement.statement === 'store') {
          for (const axis of statement.tile.axes) {
            const { low, high } = validRange(axis);
            this.want(statement.tile, axis.kind, low, high);
          }
        } else if (statement.statement === 'let') {
          this.wantOperands(statement.operation, statement.value);
        }
      }
    } while (this.changed);
  }

  private wantOperands(operation: TileOperation, value: Value): void {
    for (const { tile, kind, range } of wantsOf(operation, value)) {
      // What is not known to be wanted yet is not taken for all of it.
      const { low, high } = range === 'as the result' ? this.wanted(value as Tile, kind) : range;
      if (low >= high) continue;
      // Columns lie in vectors of four: a tile of columns across a ring begins with one.
      const { columns } = this.space;
      const isAcross = operation.op === 'push' && kind === columns && operation.ring.axis !== columns;
      this.want(tile, kind, isAcross ? Math.floor(low / 4) * 4 : low, high);
    }
  }

  // ── Forms of one-dimensional tiles: as their readers want them ─────────────────────────────────────

  private findForms(): void {
    const wantForm = (tile: Tile, form: Form): void => {
      if (tile.axes.length === 1) this.oneDimensional.of(tile).add(form);
    };
    for (const statement of statementsOf(this.body)) {
      if (statement.statement !== 'let' || isRing(statement.value)) continue;
      const { operation, value } = statement;
      for (const table of tableOperands(operation)) wantForm(table, 'flat');
      if (value.axes.length !== 2) continue;
      const [rows] = this.gridAxes(value);
      for (const operand of elementwiseOperands(operation)) {
        if (operand.axes.length === 1) wantForm(operand, operand.axes[0]!.kind === rows ? 'row' : 'column');
      }
    }
    // Nobody else may want it: then its axes, which are called differently, must not decide.
    for (const statement of statementsOf(this.body)) {
      if (statement.statement !== 'let' || statement.operation.op !== 'relabel' || isRing(statement.value)) continue;
      if (this.oneDimensional.of(statement.value).size === 0) wantForm(statement.value, 'flat');
    }
  }
}
