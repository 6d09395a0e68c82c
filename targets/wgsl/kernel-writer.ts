// Writes the text of one kernel: lines and names, the registers that hold each tile, indices of rows and columns, and the
// barriers that accesses to workgroup memory need.

import type { GramOperation } from '../../codegen/tile/operations/gram.js';
import { readsNeighbours } from '../../codegen/tile/operations.js';
import { axisOfKind, type Tile, type TileAxis, type TileAxisKind, tileVariables } from '../../codegen/tile/types.js';
import type { Expression, Read } from '../../src/ir/index.js';
import { type Form, type HeldRange, isWide } from '../shared/layout/analysis.js';
import { withoutCopies } from '../shared/text/copies.js';
import type { ExpressionPrinter } from '../shared/text/expressions.js';
import { type Entry, isName, type NameLine, wordsOf } from '../shared/text/lines.js';
import { withoutUnused } from '../shared/text/unused.js';
import { TileWriter, type TypesOf } from '../shared/tile/writer.js';
import { type BoundBuffer, codes } from './buffers.js';
import type { KernelPlan } from './layout/plan.js';
import { rowsEach, threadCount } from './layout/threads.js';
import type { ModuleContext } from './module-context.js';
import { vectorsType } from './tap-functions.js';
import { atom, type Code, floatCode, integerCode, level, parts, plusConstant, splat, typeName } from './text/code.js';
import { wgslPrinter } from './text/expressions.js';
import { FEWEST_LANES, MOST_LANES } from './text/lanes.js';

/** The registers of a tile in one form: `at(row, group)` of each thread. */
export interface Registers {
  readonly form: Form;
  readonly rows: number;
  readonly groups: number;
  readonly at: (row: number, group: number) => Code;
}

/** An offset within a tile: what the thread adds, and a number. */
export interface Offset {
  readonly base: Code;
  readonly constant: number;
}

export const offsetCode = ({ base, constant }: Offset): Code => plusConstant(base, constant);

/** A register of a form: that of one of a thread's rows, and of one of its groups of columns. */
export interface At {
  readonly form: Form;
  readonly row: number;
  readonly group: number;
}

/** How many neighbours a subgroup joins, known from the start of a kernel on. */
const LANES_NAME = 'lanes';

/** −∞ in a kernel: no constant is infinite, and what is asked for often needs a short name. */
const MINUS_INFINITY_NAME = 'minus_infinity';

export type Types = TypesOf<'wgsl', BoundBuffer, KernelPlan, ModuleContext, Registers, At>;

export class KernelWriter extends TileWriter<Types> {
  readonly printer: ExpressionPrinter;
  readonly arenaName: string;
  protected readonly barrierText = 'workgroupBarrier();';
  protected override readonly joinsTurns = true;
  /** What grams that go over one tile together add, in the registers of their flat tiles. */
  readonly sumsOfGrams = new Map<GramOperation, readonly Code[]>();
  private asksForLanes = false;
  private names = 0;
  private readonly ofThread = new Map<string, Code>();
  /** Names that only depend on the thread. */
  private readonly threadWords = new Set(['thread', 'thread_row', 'thread_column']);

  constructor(plan: KernelPlan, context: ModuleContext) {
    super(plan, context);
    this.printer = wgslPrinter(this, context.helpers, MINUS_INFINITY_NAME);
    this.arenaName = `${context.entryPoint(plan.kernel)}_arena`;
  }

  // ── Lines and names ───────────────────────────────────────────────────────────────────────────────

  /** How many neighbours in a row, from 1 on, are joined by their subgroup; undefined where the kernel joins none in this way. */
  get lanes(): Code | undefined {
    if (!this.context.joinsLanes.has(this.plan.kernel) || this.plan.threads.columns < FEWEST_LANES) return undefined;
    this.asksForLanes = true;
    return atom(LANES_NAME, 'int');
  }

  /** Whether the kernel has asked for them. */
  get usesLanes(): boolean {
    return this.asksForLanes;
  }

  fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}_${this.names}`;
  }

  protected constantLine(name: string, { text: value, type, wide }: Code, own = typeName(type, wide)): NameLine {
    return { line: 'constant', declared: 'let', type: own, name, value };
  }

  /** Declares a name for a value of its type, without asking whether one has it already. */
  constant(name: Code, value: string): void {
    this.line(this.constantLine(name.text, { ...name, text: value }));
  }

  set(name: Code, value: string): void {
    this.line({ line: 'set', name: name.text, value });
  }

  add(name: Code, value: string): void {
    this.line({ line: 'add', name: name.text, value });
  }

  /** The kernel's lines: what depends on the thread alone, what has been written; no copies, and no name that goes unused. */
  get entries(): readonly Entry[] {
    const { columns } = this.plan.threads;
    const ofThread: [name: string, value: Code][] = [
      ['thread_row', atom(`thread / ${columns}`, 'int')],
      ['thread_column', atom(`thread % ${columns}`, 'int')],
      [MINUS_INFINITY_NAME, floatCode(Number.NEGATIVE_INFINITY)],
      ...[...this.ofThread].map(([value, { text }]): [string, Code] => [text, atom(value, 'int')]),
    ];
    const most = Math.min(columns, MOST_LANES);
    const found = (): string => this.context.helpers.use('lanes_found', false);
    const lanes: [string, Code][] = this.usesLanes
      ? [[LANES_NAME, atom(`${found()}(invocation, lanes_of_subgroup, ${most}u)`, 'int')]]
      : [];
    const head = [...lanes, ...ofThread].map(
      ([name, value]): Entry => ({ entry: 'line', line: this.constantLine(name, value) }),
    );
    return withoutUnused(withoutCopies([...head, ...this.lines.entries]));
  }

  /** What only depends on the thread has its name from the start of the kernel on. */
  override named(code: Code, prefix: string, type?: string): Code {
    if (code.type !== 'int' || code.wide || isName(code.text)) return super.named(code, prefix, type);
    const known = this.ofThread.get(code.text);
    if (known) return known;
    if (!wordsOf(code.text).every((word) => this.threadWords.has(word))) return super.named(code, prefix, type);
    const name = atom(this.fresh(prefix), code.type);
    this.ofThread.set(code.text, name);
    this.threadWords.add(name.text);
    return name;
  }

  /** Parts of element expressions are shared by tiles, unless they read what a push or another operation may overwrite. */
  share(code: Code, prefix: string, whole: Expression): Code {
    return readsNeighbours(whole) ? this.printer.bind(code, prefix) : this.named(code, prefix);
  }

  /** A variable that starts as `initial`. */
  variable(prefix: string, initial: Code, wide = initial.wide): Code {
    const name = atom(this.fresh(prefix), initial.type, wide);
    const value = (wide ? splat(initial) : initial).text;
    this.line({ line: 'variable', declared: 'var', type: typeName(name.type, wide), name: name.text, value });
    return name;
  }

  /** An entry of a table at checked indices; of four tables' entries where an index is wide. */
  protected tableEntry({ type }: Read, reader: string, bands: readonly Code[], index: readonly Code[]): Code {
    const one = (indices: readonly Code[]): string =>
      `${reader}(${[...bands, ...indices].map(({ text }) => text).join(', ')})`;
    // Nothing that a kernel reads as a table changes while it runs: each entry is read once.
    if (!index.some(({ wide }) => wide)) return this.named(atom(one(index), type), 'entry');
    const named = index.map((each) => (each.wide ? this.named(each, 'at') : each));
    const each = parts.map((part) =>
      one(named.map((each) => (each.wide ? atom(`${each.text}.${part}`, each.type) : each))),
    );
    return this.named(atom(`${typeName(type, true)}(${each.join(', ')})`, type, true), 'entries');
  }

  // ── Registers ─────────────────────────────────────────────────────────────────────────────────────

  /** The number of rows and groups that each thread holds of a tile in a form. */
  shape(tile: Tile, form: Form): { readonly rows: number; readonly groups: number } {
    return this.plan.shape(tile, form);
  }

  readonly isWide = isWide;

  /** Computes each register of a tile once, row by row, in every form that is wanted. */
  define(tile: Tile, prefix: string, entry: (at: At) => Code): void {
    for (const form of this.plan.analysis.forms(tile)) {
      const shape = this.shape(tile, form);
      const wide = this.isWide(form);
      const names: Code[][] = [];
      for (let row = 0; row < shape.rows; row += 1) {
        names.push([]);
        for (let group = 0; group < shape.groups; group += 1) {
          const value = entry({ form, row, group });
          const name = atom(this.fresh(prefix), 'float', wide);
          this.constant(name, (wide ? splat(value) : value).text);
          names[row]!.push(name);
        }
      }
      this.assign(tile, { form, ...shape, at: (row, group) => names[row]![group]! });
    }
  }

  /** Registers that are written, one by one, by what follows. */
  variables(tile: Tile, form: Form, prefix: string, initial: (row: number, group: number) => Code): Registers {
    const shape = this.shape(tile, form);
    const wide = this.isWide(form);
    const names = Array.from({ length: shape.rows }, (_, row) =>
      Array.from({ length: shape.groups }, (_, group) => this.variable(prefix, initial(row, group), wide)),
    );
    return { form, ...shape, at: (row, group) => names[row]![group]! };
  }

  /** The register of an operand at a place of a result that has all of its axes. */
  operandAt(operand: Tile, result: Tile, { form, row, group }: At): Code {
    if (operand.axes.length === result.axes.length) return this.registersOf(operand, form).at(row, group);
    if (operand.axes.length === 0) return this.registersOf(operand, 'single').at(0, 0);
    const isRow = operand.axes[0]!.kind === this.plan.analysis.gridAxes(result)[0];
    return this.registersOf(operand, isRow ? 'row' : 'column').at(isRow ? row : 0, isRow ? 0 : group);
  }

  // ── Indices ───────────────────────────────────────────────────────────────────────────────────────

  readonly row = atom('thread_row', 'int');
  readonly column = atom('thread_column', 'int');
  readonly thread = atom('thread', 'int');

  /** Offset along the tile's row axis, of one of the rows of this thread. */
  rowOffset({ low, high }: HeldRange, row: number): Offset {
    const each = rowsEach({ low, high }, this.plan.threads);
    const base = this.named(plusConstant(codes.times(this.row, integerCode(each)), low), 'row');
    return { base, constant: row };
  }

  /** Offset along the tile's column axis, of the first of a group of four columns of this thread. */
  columnOffset({ low }: HeldRange, group: number): Offset {
    const base = this.named(plusConstant(codes.times(this.column, integerCode(4)), low), 'column');
    return { base, constant: 4 * this.plan.threads.columns * group };
  }

  /** Offset of the entry that this thread holds of a flat tile. */
  flatOffset({ low }: HeldRange, n: number): Offset {
    return { base: this.thread, constant: low + n * threadCount(this.plan.threads) };
  }

  /** An absolute index: origin + offset; what does not change from register to register is named once. */
  absolute(axis: TileAxis, { base, constant }: Offset): Code {
    return plusConstant(this.named(codes.sum(this.scalar(axis.origin), base), tileVariables[axis.kind]), constant);
  }

  /** Offsets along each axis of the entry, or of the first of four, in a register. */
  offsets(tile: Tile, { form, row, group }: At): ReadonlyMap<TileAxisKind, Offset> {
    const [one, other] = tile.axes.length === 2 ? this.plan.analysis.gridAxes(tile) : [tile.axes[0]?.kind, undefined];
    switch (form) {
      case 'single':
        return new Map();
      case 'row':
        return new Map([[one!, this.rowOffset(this.range(tile, one!), row)]]);
      case 'column':
        return new Map([[one!, this.columnOffset(this.range(tile, one!), group)]]);
      case 'flat':
        return new Map([[one!, this.flatOffset(this.range(tile, one!), row)]]);
      case 'grid':
        return new Map([
          [one!, this.rowOffset(this.range(tile, one!), row)],
          [other!, this.columnOffset(this.range(tile, other!), group)],
        ]);
    }
  }

  /** The kind that runs along the four entries of a wide register. */
  wideKind(tile: Tile, form: Form): TileAxisKind | undefined {
    return form === 'grid' ? this.plan.analysis.gridAxes(tile)[1] : form === 'column' ? tile.axes[0]!.kind : undefined;
  }

  /** The index variables of an element expression at a register: i, j, … as absolute indices. */
  indexVariables(tile: Tile, at: At): ReadonlyMap<string, Code> {
    const wide = this.wideKind(tile, at.form);
    const variables = new Map<string, Code>();
    for (const [kind, offset] of this.offsets(tile, at)) {
      const axis = axisOfKind(tile.axes, kind)!;
      const index = lazily(() => {
        const first = this.absolute(axis, offset);
        return kind === wide ? this.named(fourFrom(first), tileVariables[kind]) : first;
      });
      variables.set(tileVariables[kind], index);
    }
    return variables;
  }

  // ── Workgroup memory ──────────────────────────────────────────────────────────────────────────────

  /** The vector of the arena at base + offset. */
  arenaAt(base: number, offset: Code): string {
    return `${this.arenaName}[${plusConstant(offset, base).text}]`;
  }

  /** A name for neighbouring vectors of the arena, from one on; the same name for the same, as long as it is in scope. */
  vectorsAt(first: Code, count: number, prefix: string): Code {
    const reader = this.context.tapFunctions.vectors(this.arenaName, count);
    return this.named(atom(`${reader}(${first.text})`, 'float'), prefix, vectorsType(count));
  }
}

/** The indices of four neighbouring columns. */
const fourFrom = (first: Code): Code => ({
  text: `${first.text} + vec4i(0, 1, 2, 3)`,
  level: level.add,
  type: 'int',
  wide: true,
});

/** A code whose text is asked for, and its lines written, only where it is used. */
function lazily(make: () => Code): Code {
  let made: Code | undefined;
  const get = (): Code => {
    made ??= make();
    return made;
  };
  return {
    get text() {
      return get().text;
    },
    get level() {
      return get().level;
    },
    get type() {
      return 'int' as const;
    },
    get wide() {
      return get().wide;
    },
  };
}
