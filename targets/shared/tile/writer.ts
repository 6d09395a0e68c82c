// Writes the statements of one kernel, whatever the language: names in scopes, scalars of the block, the registers of each tile,
// and barriers where accesses of shared memory clash. What lines look like, and how registers are held, is a target's.
import { operandIndex } from '../../../codegen/tile/operations.js';
import type { ForStatement, Statement } from '../../../codegen/tile/program.js';
import type { Buffer, Ring, Scalar, Tile, TileAxisKind } from '../../../codegen/tile/types.js';
import type { Counter, Expression, Read } from '../../../src/ir/index.js';
import type { Analysis, Form, HeldRange } from '../layout/analysis.js';
import type { Arena } from '../layout/arena.js';
import { axisExtent, codes } from '../places.js';
import { refuse } from '../refusal.js';
import { atom, binary, type Code, integerCode, level } from '../text/code.js';
import type { ExpressionPrinter, LineWriter, Surroundings } from '../text/expressions.js';
import { isName, type Line, LineList, type NameLine } from '../text/lines.js';
import type { Language } from '../text/source.js';
import { type Access, Hazards, type LoopHead } from './hazards.js';
import type { Bound, ModuleContext } from './module-context.js';

/** A part of shared memory, in vectors of the arena. */
export interface Place {
  readonly base: number;
  readonly size: number;
}

/** What a value of an expression is read from, where it is none of the tables. */
export type ReadOwn = (read: Read, index: readonly Code[]) => Code | undefined;

interface WriterPlan {
  readonly analysis: Analysis;
  readonly arena: Arena;
  positionOf(statement: Statement): number;
  endOf(statement: Statement): number;
}

/** What a target's writer is made of. */
export interface WriterTypes {
  readonly language: Language;
  readonly bound: Bound;
  readonly plan: WriterPlan;
  readonly context: unknown;
  /** The registers of a tile in one form. */
  readonly registers: { readonly form: Form };
  /** Which of the registers of a form the text is at. */
  readonly at: unknown;
}

/** The types of a target's writer, by their names. */
export interface TypesOf<L, B, Plan, Context, Registers, At> {
  readonly language: L;
  readonly bound: B;
  readonly plan: Plan;
  readonly context: Context;
  readonly registers: Registers;
  readonly at: At;
}

export abstract class TileWriter<T extends WriterTypes> implements LineWriter {
  protected readonly lines = new LineList();
  readonly plan: T['plan'];
  readonly context: T['context'] & ModuleContext<T['language'], T['bound']>;
  abstract readonly printer: ExpressionPrinter;
  private readonly registers = new Map<Tile, Map<Form, T['registers']>>();
  private readonly known: Map<string, Code>[] = [new Map()];
  private scalars = new Map<string, Code>();
  private readonly hazards = new Hazards(
    this.lines,
    () => this.barrierText,
    () => this.joinsTurns,
  );
  /** The loops that are being written, outer before inner. */
  readonly loops = new Set<ForStatement>();
  /** Where each ring ends: known from what was pushed to it. */
  readonly ringEnds = new Map<Ring, Scalar>();

  constructor(plan: T['plan'], context: T['context'] & ModuleContext<T['language'], T['bound']>) {
    this.plan = plan;
    this.context = context;
  }

  // ── Lines and names ───────────────────────────────────────────────────────────────────────────────

  line(line: Line): void {
    this.lines.line(line);
  }

  open(head: string): void {
    this.lines.open(head);
    this.known.push(new Map());
  }

  close(text?: string): void {
    this.lines.close(text);
    this.known.pop();
  }

  abstract fresh(prefix: string): string;

  /** The line that declares a name of a value; of another type than the value's where one is told. */
  protected abstract constantLine(name: string, value: Code, type?: string): NameLine;

  /** A name for a value that does not change while it is in scope; the same name for the same text. */
  named(code: Code, prefix: string, type?: string): Code {
    if (isName(code.text)) return code;
    for (const scope of this.known) {
      const name = scope.get(code.text);
      if (name) return name;
    }
    const name = atom(this.fresh(prefix), code.type, code.wide);
    this.line(this.constantLine(name.text, code, type));
    this.known.at(-1)!.set(code.text, name);
    return name;
  }

  /** The values of counters at a number of them all, the last one fastest. */
  countersAt(number: Code, counters: readonly Counter[]): Map<string, Code> {
    const values = new Map<string, Code>();
    let rest = number;
    for (const { name, extent } of counters.toReversed()) {
      const size = integerCode(extent);
      values.set(name, this.named(binary(rest, '%', size, 'int', level.multiply), name));
      rest = binary(rest, '/', size, 'int', level.multiply);
    }
    return values;
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
    return this.print(expression, this.surroundings(new Map()));
  }

  print(expression: Expression, surroundings: Surroundings): Code {
    return this.printer.print(expression, surroundings);
  }

  /** Free variables and reads of an expression; `own` names what is particular to where it stands. */
  surroundings(own: ReadonlyMap<string, Code>, readOwn?: ReadOwn): Surroundings {
    return {
      variable: (name) =>
        own.get(name) ??
        (name === 'R' ? codes.field('rows') : this.scalars.get(name)) ??
        refuse(`nothing in scope is called ${name}`),
      length: (of) => codes.field({ batch: 'batch', query: 'queries', key: 'keys' }[of]),
      read: (read, index) => readOwn?.(read, index) ?? this.table(read, index),
    };
  }

  /** An entry of a table at checked indices. */
  private table(read: Read, index: readonly Code[]): Code {
    const { source } = read;
    const bound = source.op === 'tensor' ? this.context.boundTo(source.name) : undefined;
    if (!bound) refuse(`an expression reads ${source.op === 'tensor' ? source.name : source.op}, which is no buffer`);
    this.uses(bound.buffer);
    const bands = bound.buffer.axes.flatMap((axis) => (axis.kind === 'band' ? [this.scalar(axis.origin)] : []));
    return this.tableEntry(read, this.context.reader(bound), bands, index);
  }

  protected abstract tableEntry(read: Read, reader: string, bands: readonly Code[], index: readonly Code[]): Code;

  uses(buffer: Buffer): T['bound'] {
    this.context.usedBuffers.add(buffer);
    return this.context.bound(buffer);
  }

  /** Start and size of a buffer's axis. */
  extentOf(axis: Buffer['axes'][number]): { start: Code; size: () => Code } {
    return axisExtent(axis, (band) => this.scalar(band.origin));
  }

  // ── Registers ─────────────────────────────────────────────────────────────────────────────────────

  range(tile: Tile, kind: TileAxisKind): HeldRange {
    return this.plan.analysis.range(tile, kind);
  }

  assign(tile: Tile, registers: T['registers']): void {
    const forms = this.registers.get(tile) ?? new Map<Form, T['registers']>();
    this.registers.set(tile, forms.set(registers.form, registers));
  }

  registersOf(tile: Tile, form: Form): T['registers'] {
    const found = this.registers.get(tile)?.get(form);
    if (!found) refuse(`a tile is wanted by ${form}, and is not held so`);
    return found;
  }

  /** Computes every register of a tile once, in every form that is wanted; `prefix` says what for. */
  abstract define(tile: Tile, prefix: string, entry: (at: T['at']) => Code): void;

  /** The register of an operand at a place of a result that has all of its axes. */
  abstract operandAt(operand: Tile, result: Tile, at: T['at']): Code;

  /** The index variables of an element expression at a register: i, j, … as absolute indices. */
  abstract indexVariables(tile: Tile, at: T['at']): ReadonlyMap<string, Code>;

  /** Surroundings of an element expression whose operands are tiles. */
  elementOf(
    result: Tile,
    operands: readonly Tile[],
    at: T['at'],
    further: ReadonlyMap<string, Code> = new Map(),
    readOwn?: ReadOwn,
  ): Surroundings {
    const variables = new Map([...this.indexVariables(result, at), ...further]);
    return this.surroundings(variables, (read, index) => {
      const n = operandIndex(read.source);
      return n === undefined ? readOwn?.(read, index) : this.operandAt(operands[n]!, result, at);
    });
  }

  // ── Shared memory ─────────────────────────────────────────────────────────────────────────────────

  /** Declares that all threads are about to read or write vectors base … base + size − 1; writes a barrier if needed. */
  access(kind: Access['kind'], base: number, size: number, holds = 'an operation'): void {
    this.plan.arena.use(base, size, holds);
    this.hazards.touch([{ kind, base, end: base + size }]);
  }

  /** Declares what is about to be read together: a barrier that one place needs comes before all of them. */
  reads(places: readonly Place[]): void {
    for (const { base, size } of places) this.plan.arena.use(base, size, 'an operation');
    this.hazards.touch(places.map(({ base, size }) => ({ kind: 'read', base, end: base + size })));
  }

  /** Where an operation may work above what is live: beyond what others may still be reading, where there is room. */
  scratchBeside(position: number, size: number): number {
    const { arena } = this.plan;
    const first = arena.scratchBase(position);
    const base = [first, ...this.hazards.endsFrom(first)].find((base) => this.hazards.isFree(base, size));
    return base !== undefined && base + size <= first + arena.roomAt(position) ? base : first;
  }

  protected abstract readonly barrierText: string;

  /** Whether turns of a loop are looked at together: else any access of a turn may have gone before the next one. */
  protected readonly joinsTurns: boolean = false;

  barrier(): void {
    this.hazards.barrier();
  }

  /** Begins the turns of a loop, behind the line that opens it. */
  enterLoop(): LoopHead {
    return this.hazards.enterLoop();
  }

  /** Ends the turns of a loop, behind its last line. */
  leaveLoop(head: LoopHead): void {
    this.hazards.leaveLoop(head);
  }

  /** Runs bodies of which one is taken. */
  branches(bodies: readonly (() => void)[]): void {
    this.hazards.branches(bodies);
  }
}
