// Writes the text of one kernel: lines and names, the registers that hold each tile, indices of rows and columns, and the
// barriers that accesses to workgroup memory need.

import { operandIndex } from '../../codegen/tile/operations.js';
import type { ForStatement } from '../../codegen/tile/program.js';
import {
  axisOfKind,
  type Buffer,
  type Ring,
  type Scalar,
  type Tile,
  type TileAxis,
  type TileAxisKind,
  tileVariables,
} from '../../codegen/tile/types.js';
import type { Expression, Read } from '../../src/ir/index.js';
import { type Form, gridAxes, type HeldRange, isWide } from '../shared/layout/analysis.js';
import { refuse } from '../shared/refusal.js';
import type { ExpressionPrinter, LineWriter, Surroundings } from '../shared/text/expressions.js';
import { axisExtent, type BoundBuffer, codes } from './buffers.js';
import type { KernelPlan } from './layout/plan.js';
import { rowsEach, threadCount } from './layout/threads.js';
import type { ModuleContext } from './module-context.js';
import { atom, type Code, integerCode, level, plusConstant, splat, typeName } from './text/code.js';
import { wgslPrinter } from './text/expressions.js';

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

interface Access {
  readonly kind: 'read' | 'write';
  readonly base: number;
  readonly end: number;
}

const everywhere: readonly Access[] = [
  { kind: 'write', base: 0, end: Number.POSITIVE_INFINITY },
  { kind: 'read', base: 0, end: Number.POSITIVE_INFINITY },
];

export class KernelWriter implements LineWriter {
  readonly lines: string[] = [];
  readonly plan: KernelPlan;
  readonly context: ModuleContext;
  readonly printer: ExpressionPrinter;
  readonly arenaName: string;
  private depth = 1;
  private names = 0;
  private readonly registers = new Map<Tile, Map<Form, Registers>>();
  private readonly known: Map<string, Code>[] = [new Map()];
  private scalars = new Map<string, Code>();
  private pending: readonly Access[] = [];
  /** The loops that are being written, outer before inner. */
  readonly loops = new Set<ForStatement>();
  /** Where each ring ends: known from what was pushed to it. */
  readonly ringEnds = new Map<Ring, Scalar>();

  constructor(plan: KernelPlan, context: ModuleContext) {
    this.plan = plan;
    this.context = context;
    this.printer = wgslPrinter(this, context.helpers);
    this.arenaName = `${context.entryPoint(plan.kernel)}_arena`;
  }

  // ── Lines and names ───────────────────────────────────────────────────────────────────────────────

  line(text: string): void {
    this.lines.push('  '.repeat(this.depth) + text);
  }

  open(text: string): void {
    this.line(text);
    this.depth += 1;
    this.known.push(new Map());
  }

  close(text = '}'): void {
    this.depth -= 1;
    this.known.pop();
    this.line(text);
  }

  fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}_${this.names}`;
  }

  /** A name for a value that does not change while it is in scope; the same name for the same text. */
  named(code: Code, prefix: string): Code {
    if (/^-?[\w.]+$/.test(code.text)) return code;
    for (const scope of this.known) {
      const name = scope.get(code.text);
      if (name) return name;
    }
    const name = atom(this.fresh(prefix), code.type, code.wide);
    this.line(`let ${name.text} = ${code.text};`);
    this.known.at(-1)!.set(code.text, name);
    return name;
  }

  /** Parts of element expressions are shared by tiles, unless they read what a push or another operation may overwrite. */
  share(code: Code, prefix: string): Code {
    return code.text.includes(`${this.arenaName}[`) ? this.printer.bind(code, prefix) : this.named(code, prefix);
  }

  /** A variable that starts as `initial`. */
  variable(prefix: string, initial: Code, wide = initial.wide): Code {
    const name = atom(this.fresh(prefix), initial.type, wide);
    this.line(`var ${name.text} = ${(wide ? splat(initial) : initial).text};`);
    return name;
  }

  // ── Scalars: the same for the whole block ─────────────────────────────────────────────────────────

  withScalars<Result>(added: ReadonlyMap<string, Code>, body: () => Result): Result {
    const outer = this.scalars;
    this.scalars = new Map([...outer, ...added]);
    const result = body();
    this.scalars = outer;
    return result;
  }

  setScalar(name: string, code: Code): void {
    this.scalars.set(name, code);
  }

  scalar(expression: Scalar): Code {
    return this.printer.print(expression, this.surroundings(new Map()));
  }

  /** Free variables and reads of an expression; `own` names what is particular to where it stands. */
  surroundings(
    own: ReadonlyMap<string, Code>,
    readOwn?: (read: Read, index: readonly Code[]) => Code | undefined,
  ): Surroundings {
    return {
      variable: (name) =>
        own.get(name) ??
        (name === 'R' ? codes.field('rows') : this.scalars.get(name)) ??
        refuse(`nothing in scope is called ${name}`),
      length: (of) => codes.field({ batch: 'batch', query: 'queries', key: 'keys' }[of]),
      read: (read, index) => readOwn?.(read, index) ?? this.table(read, index),
    };
  }

  /** An entry of a table at checked indices; of four tables' entries where an index is wide. */
  private table(read: Read, index: readonly Code[]): Code {
    const { source } = read;
    const bound = source.op === 'tensor' ? this.context.buffers.byName.get(source.name) : undefined;
    if (!bound) refuse(`an expression reads ${source.op === 'tensor' ? source.name : source.op}, which is no buffer`);
    this.uses(bound.buffer);
    const bands = bound.buffer.axes.flatMap((axis) => (axis.kind === 'band' ? [this.scalar(axis.origin)] : []));
    const name = this.context.reader(bound);
    const type = read.type;
    const one = (indices: readonly Code[]): string =>
      `${name}(${[...bands, ...indices].map(({ text }) => text).join(', ')})`;
    // Nothing that a kernel reads as a table changes while it runs: each entry is read once.
    if (!index.some(({ wide }) => wide)) return this.named(atom(one(index), type), 'entry');
    const named = index.map((each) => (each.wide ? this.named(each, 'at') : each));
    const parts = ['x', 'y', 'z', 'w'].map((part) =>
      one(named.map((each) => (each.wide ? atom(`${each.text}.${part}`, each.type) : each))),
    );
    return this.named(atom(`${typeName(type, true)}(${parts.join(', ')})`, type, true), 'entries');
  }

  uses(buffer: Buffer): BoundBuffer {
    this.context.usedBuffers.add(buffer);
    return this.context.buffers.bound.get(buffer)!;
  }

  /** Start and size of a buffer's axis. */
  extentOf(axis: Buffer['axes'][number]): { start: Code; size: Code } {
    return axisExtent(axis, (band) => this.scalar(band.origin));
  }

  // ── Registers ─────────────────────────────────────────────────────────────────────────────────────

  range(tile: Tile, kind: TileAxisKind): HeldRange {
    return this.plan.analysis.range(tile, kind);
  }

  /** The number of rows and groups that each thread holds of a tile in a form. */
  shape(tile: Tile, form: Form): { readonly rows: number; readonly groups: number } {
    return this.plan.shape(tile, form);
  }

  readonly isWide = isWide;

  assign(tile: Tile, registers: Registers): void {
    const forms = this.registers.get(tile) ?? new Map<Form, Registers>();
    this.registers.set(tile, forms.set(registers.form, registers));
  }

  /** Computes each register of a tile once, row by row, in every form that is wanted. */
  define(tile: Tile, prefix: string, entry: (row: number, group: number, form: Form) => Code): void {
    for (const form of this.plan.analysis.forms(tile)) {
      const shape = this.shape(tile, form);
      const wide = this.isWide(form);
      const names: Code[][] = [];
      for (let row = 0; row < shape.rows; row += 1) {
        names.push([]);
        for (let group = 0; group < shape.groups; group += 1) {
          const value = entry(row, group, form);
          const name = atom(this.fresh(prefix), 'float', wide);
          this.line(`let ${name.text} = ${(wide ? splat(value) : value).text};`);
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

  registersOf(tile: Tile, form: Form): Registers {
    const found = this.registers.get(tile)?.get(form);
    if (!found) refuse(`a tile is wanted by ${form}, and is not held so`);
    return found;
  }

  /** The register of an operand at a place of a result that has all of its axes. */
  operandAt(operand: Tile, result: Tile, form: Form, row: number, group: number): Code {
    if (operand.axes.length === result.axes.length) return this.registersOf(operand, form).at(row, group);
    if (operand.axes.length === 0) return this.registersOf(operand, 'single').at(0, 0);
    const isRow = operand.axes[0]!.kind === gridAxes(result)[0];
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
  offsets(tile: Tile, form: Form, row: number, group: number): ReadonlyMap<TileAxisKind, Offset> {
    const [one, other] = tile.axes.length === 2 ? gridAxes(tile) : [tile.axes[0]?.kind, undefined];
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
    return form === 'grid' ? gridAxes(tile)[1] : form === 'column' ? tile.axes[0]!.kind : undefined;
  }

  /** The index variables of an element expression at a register: i, j, … as absolute indices. */
  indexVariables(tile: Tile, form: Form, row: number, group: number): ReadonlyMap<string, Code> {
    const wide = this.wideKind(tile, form);
    const variables = new Map<string, Code>();
    for (const [kind, offset] of this.offsets(tile, form, row, group)) {
      const axis = axisOfKind(tile.axes, kind)!;
      const index = lazily(() => {
        const first = this.absolute(axis, offset);
        return kind === wide ? this.named(fourFrom(first), tileVariables[kind]) : first;
      });
      variables.set(tileVariables[kind], index);
    }
    return variables;
  }

  /** Surroundings of an element expression whose operands are tiles. */
  elementOf(
    result: Tile,
    operands: readonly Tile[],
    form: Form,
    row: number,
    group: number,
    further?: ReadonlyMap<string, Code>,
    readOwn?: (read: Read, index: readonly Code[]) => Code | undefined,
  ): Surroundings {
    const variables = new Map([...this.indexVariables(result, form, row, group), ...(further ?? [])]);
    return this.surroundings(variables, (read, index) => {
      const n = operandIndex(read.source);
      if (n !== undefined) return this.operandAt(operands[n]!, result, form, row, group);
      return readOwn?.(read, index);
    });
  }

  print(expression: Expression, surroundings: Surroundings): Code {
    return this.printer.print(expression, surroundings);
  }

  // ── Workgroup memory ──────────────────────────────────────────────────────────────────────────────

  /** The vector of the arena at base + offset. */
  arenaAt(base: number, offset: Code): string {
    return `${this.arenaName}[${plusConstant(offset, base).text}]`;
  }

  /** Declares that all threads are about to read or write vectors base … base + size − 1; writes a barrier if needed. */
  access(kind: Access['kind'], base: number, size: number, holds = 'an operation'): void {
    this.plan.arena.use(base, size, holds);
    this.touch([{ kind, base, end: base + size }]);
  }

  /** Declares what is about to be read together: a barrier that one place needs comes before all of them. */
  reads(places: readonly { readonly base: number; readonly size: number }[]): void {
    for (const { base, size } of places) this.plan.arena.use(base, size, 'an operation');
    this.touch(places.map(({ base, size }) => ({ kind: 'read', base, end: base + size })));
  }

  private touch(accesses: readonly Access[]): void {
    const clashes = accesses.some((own) =>
      this.pending.some(
        (each) => (each.kind === 'write' || own.kind === 'write') && each.base < own.end && own.base < each.end,
      ),
    );
    if (clashes) this.barrier();
    this.pending = distinct([...this.pending, ...accesses]);
  }

  barrier(): void {
    this.line('workgroupBarrier();');
    this.pending = [];
  }

  /** At the head of a loop any access of its body may have gone before. Gives what was pending where the loop begins. */
  enterLoop(): readonly Access[] {
    const before = this.pending;
    this.pending = everywhere;
    return before;
  }

  /** Behind a loop that may take no step, what was pending where it began may still be. */
  leaveLoop(before: readonly Access[]): void {
    this.pending = distinct([...before, ...this.pending]);
  }

  /** Runs bodies of which one is taken; what any of them left pending is pending afterwards. */
  branches(bodies: readonly (() => void)[]): void {
    const before = this.pending;
    const after: Access[] = [];
    for (const body of bodies) {
      this.pending = before;
      body();
      for (const each of this.pending) after.push(each);
    }
    this.pending = distinct(after);
  }
}

/** Each access once: branches within loops would repeat what went before them without end. */
const distinct = (accesses: readonly Access[]): Access[] => [
  ...new Map(accesses.map((each) => [`${each.kind} ${each.base} ${each.end}`, each])).values(),
];

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
