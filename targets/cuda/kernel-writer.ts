// Writes the text of one kernel: lines and names, the registers that hold each tile, indices of rows and columns, and the
// barriers that accesses to shared memory need.

import type { Statement } from '../../codegen/tile/program.js';
import {
  axisOfKind,
  type Tile,
  type TileAxis,
  type TileAxisKind,
  tileVariables,
  type Value,
} from '../../codegen/tile/types.js';
import type { Read } from '../../src/ir/index.js';
import type { Form, HeldRange } from '../shared/layout/analysis.js';
import { refuse } from '../shared/refusal.js';
import type { ExpressionPrinter } from '../shared/text/expressions.js';
import { type Entry, type NameLine, printed, renamed } from '../shared/text/lines.js';
import { withoutUnused } from '../shared/text/unused.js';
import { TileWriter, type TypesOf } from '../shared/tile/writer.js';
import { type BoundBuffer, codes, type NarrowType } from './buffers.js';
import {
  columnFragments,
  columnsHeld,
  FRAGMENT_COLUMNS,
  FRAGMENT_ROWS,
  type FragmentShape,
  loopsOf,
  rowFragments,
  rowsHeld,
  subscript,
  WARP,
} from './layout/fragments.js';
import type { KernelPlan } from './layout/plan.js';
import type { KeptView } from './layout/products.js';
import type { RingLayout } from './layout/rings.js';
import type { Toeplitz } from './layout/toeplitz.js';
import { type BoxedView, bringsMany } from './layout/warpgroups.js';
import type { ModuleContext } from './module-context.js';
import { atom, type Code, integerCode, plusConstant, typeNames } from './text/code.js';
import { cudaPrinter } from './text/expressions.js';
import { ValueTexts } from './value-names.js';

/** The array that holds a tile in one form. */
export interface Registers extends FragmentShape {
  readonly form: Form;
  readonly name: string;
  /** Set where pairs of neighbouring columns lie in one word, rounded: name[m][n][half]. */
  readonly packed?: NarrowType | undefined;
}

/** What the steps of a role are called in the text, as far as they have been written. */
export interface Turns {
  /** The number of the current stage, and the parity of its phase. */
  stage?: string;
  parity?: string;
  /** The variable of the loop, which is not known before it. */
  index?: Code;
  readonly from: Code;
  readonly to: Code;
  readonly step: number;
  /** Writes a statement of the loop's body. */
  lower?: (statement: Statement) => void;
}

/** The loops of a form run over its registers. */
export type Types = TypesOf<'cuda', BoundBuffer, KernelPlan, ModuleContext, Registers, Form>;

export class KernelWriter extends TileWriter<Types> {
  readonly printer: ExpressionPrinter;
  protected readonly barrierText: string;
  private threadsBegin = 0;
  private readonly counts = new Map<string, number>();
  private readonly values: ValueTexts;
  /** The name of the thread's index where it has been read again, for tiles on the edge of a mask. */
  private edgeThread: string | undefined;
  private threadNames = new Map<string, Code>();
  /** Where names of what depends on the thread begin anew, and those that were known before. */
  private again: { readonly at: number; readonly before: ReadonlyMap<string, Code> } | undefined;
  /** The half of a ring that has been pushed to last, by the name of where it begins. */
  readonly halves = new Map<RingLayout, string>();
  /** Registers that Toeplitz matrices stay in. */
  readonly weights = new Map<Toeplitz, string>();
  /** What the steps of consumers are called, for loops of boxes that have begun. */
  readonly turns = new Map<Statement, Turns>();
  /** Which of the two places the views of a loop lie in, for loops that are under way. */
  readonly stages = new Map<Statement, Code>();
  /** What has to be written before a product reads a view, of loops that are under way. */
  readonly beforeReading = new Map<KeptView, () => void>();

  constructor(plan: KernelPlan, context: ModuleContext) {
    super(plan, context);
    this.barrierText = plan.pipeline ? `synchronize_group<${plan.threads}>();` : 'synchronize();';
    this.printer = cudaPrinter(this);
    this.values = new ValueTexts(plan.kernel);
  }

  // ── Lines and names ───────────────────────────────────────────────────────────────────────────────

  /** A loop of few turns, which a compiler is to write out. */
  openUnrolled(counter: string, extent: number): void {
    this.line('#pragma unroll');
    this.open(`for (int ${counter} = 0; ${counter} < ${extent}; ++${counter}) {`);
  }

  /** Says which statement of the tile program the next lines are. */
  explain(statement: Statement): void {
    this.line(this.values.comment(statement));
  }

  fresh(prefix: string): string {
    const count = (this.counts.get(prefix) ?? 0) + 1;
    this.counts.set(prefix, count);
    return `${prefix}_${count}`;
  }

  /** The name of a value of the tile program, as its text has it. */
  nameOf = (value: Value): string => this.values.nameOf(value);

  protected constantLine(name: string, { type, text: value }: Code, cType = typeNames[type]): NameLine {
    return { line: 'constant', declared: `const ${cType}`, name, value };
  }

  /** Has what only depends on the thread worked out anew from here on, from its index; gives what ends that. */
  beginEdge(): () => void {
    const before = this.edgeThread;
    this.edgeThread = this.fresh('thread');
    this.line(this.constantLine(this.edgeThread, atom('thread_index_again()', 'int')));
    return () => {
      this.edgeThread = before;
    };
  }

  /** A name for what only depends on the thread: it is known from the start of the kernel on, unless that is read again. */
  ofThread(code: Code, prefix: string): Code {
    if (this.edgeThread) {
      const places = new Map(this.placesOf(this.edgeThread));
      return this.named(
        atom(
          renamed(code.text, (name) => places.get(name) ?? name),
          code.type,
        ),
        prefix,
      );
    }
    const known = this.threadNames.get(code.text);
    if (known) return known;
    const name = atom(this.fresh(prefix), code.type);
    this.threadNames.set(code.text, name);
    return name;
  }

  /** Where a thread of an index stands in its warp and its block. */
  private placesOf(thread: string): readonly (readonly [name: string, place: string])[] {
    const { columns } = this.plan.warps;
    return [
      ['thread', `(${thread})`],
      ['lane', `(${thread} % ${WARP})`],
      ['warp_row', `(${thread} / ${WARP * columns})`],
      ['warp_column', `(${thread} / ${WARP} % ${columns})`],
    ];
  }

  /** Names of what depends on the thread begin here: what stands above is for other threads too. */
  beginThreads(): void {
    this.threadsBegin = this.lines.entries.length;
  }

  /** From here on the index of the thread is read again: what depends on it alone takes no registers in the loop before. */
  readThreadAgain(): void {
    if (this.again) return;
    this.again = { at: this.lines.entries.length, before: this.threadNames };
    this.threadNames = new Map();
  }

  /** The name of what depends on the thread alone, where the text is. */
  private atThread(name: string): string {
    return this.again ? `${name}_again` : name;
  }

  private linesOfThread(names: ReadonlyMap<string, Code>, suffix: string): readonly Entry[] {
    return [
      constantEntry(`lane${suffix}`, `thread${suffix} % 32`),
      constantEntry(`warp_row${suffix}`, `thread${suffix} / ${WARP * this.plan.warps.columns}`),
      constantEntry(`warp_column${suffix}`, `thread${suffix} / ${WARP} % ${this.plan.warps.columns}`),
      ...(this.plan.pipeline && suffix === '' ? [constantEntry('warpgroup', 'warpgroup_index()')] : []),
      ...[...names].map(([text, { text: name }]) => constantEntry(name, text)),
    ];
  }

  /** The kernel's text: what depends on the thread alone, what has been written, and no name that goes unused. */
  get text(): readonly string[] {
    const { again } = this;
    const thread = this.linesOfThread(again?.before ?? this.threadNames, '');
    const { entries } = this.lines;
    const [above, end] = [entries.slice(0, this.threadsBegin), again?.at ?? entries.length];
    const below = [
      ...entries.slice(this.threadsBegin, end),
      ...(again
        ? [constantEntry('thread_again', 'thread_index_again()'), ...this.linesOfThread(this.threadNames, '_again')]
        : []),
      ...entries.slice(end),
    ];
    if (this.plan.pipeline && bringsMany(this.plan.pipeline)) {
      return printed(withoutUnused([...above, constantEntry('thread', 'thread_index_again()'), ...thread, ...below]));
    }
    return printed(withoutUnused([constantEntry('thread', 'thread_index()'), ...above, ...thread, ...below]));
  }

  protected tableEntry({ type }: Read, reader: string, bands: readonly Code[], index: readonly Code[]): Code {
    const operands = ['launch', ...[...bands, ...index].map(({ text }) => text)];
    return this.named(atom(`${reader}(${operands.join(', ')})`, type), 'entry');
  }

  /** The map of a tensor that boxes of a view are copied by. */
  mapOf(view: BoxedView): string {
    this.uses(view.view.buffer);
    return mapName(this.plan.pipeline!.views.indexOf(view), this.context.bound(view.view.buffer));
  }

  // ── Registers ─────────────────────────────────────────────────────────────────────────────────────

  shape(tile: Tile, form: Form): FragmentShape {
    return this.plan.shape(tile, form);
  }

  /** Declares the array of a tile in one form, its entries not yet set. */
  declare(tile: Tile, form: Form, name = this.nameOf(tile)): Registers {
    const place = this.plan.pipeline?.places.get(tile);
    if (place) return this.registersOf(place, form);
    const shape = this.shape(tile, form);
    const packed = this.plan.packedAs(tile);
    const own = this.plan.analysis.forms(tile).length > 1 ? `${name}_by_${form}` : name;
    const registers: Registers = { form, name: own, ...shape, packed };
    this.line(`${packed ? 'uint32_t' : 'float'} ${own}${dimensions(registers)};`);
    return registers;
  }

  /** Says that a tile is computed by now, and read or changed from here on: no sooner and no later. */
  hold(tile: Tile): void {
    for (const form of this.plan.analysis.forms(tile)) {
      const { name } = this.registersOf(tile, form);
      if (form === 'grid') this.line(`hold(${name}[0]);`);
      else if (form === 'row') this.line(`hold(${name});`);
    }
  }

  /** Opens the loops over what a thread holds in a form. */
  openForm(form: Form, shape: FragmentShape): void {
    for (const [counter, extent] of loopsOf[form](shape)) this.openUnrolled(counter, extent);
  }

  closeForm(form: Form): void {
    for (const _ of loopsOf[form]({ rows: 1, columns: 1 })) this.close();
  }

  /** Writes an assignment to every entry of registers; `entry` may write lines of its own, inside of the loops. */
  fill(registers: Registers, entry: () => Code): void {
    const { form, name } = registers;
    this.openForm(form, registers);
    const value = entry();
    this.line(`${name}${subscript(form, form)} = ${value.text};`);
    this.closeForm(form);
  }

  /** Computes every entry of a tile, in every form that is wanted. */
  define(tile: Tile, _prefix: string, entry: (form: Form) => Code): void {
    for (const form of this.plan.analysis.forms(tile)) {
      const registers = this.declare(tile, form);
      this.fill(registers, () => entry(form));
      this.assign(tile, registers);
    }
  }

  /** The entry of an operand inside of the loops of a result that has all of its axes. */
  operandAt(operand: Tile, result: Tile, form: Form): Code {
    const own = this.formIn(operand, result, form);
    const registers = this.registersOf(operand, own);
    if (registers.packed) refuse('a tile of rounded pairs is read one by one');
    return atom(`${registers.name}${subscript(own, form)}`, 'float');
  }

  private formIn(operand: Tile, result: Tile, form: Form): Form {
    if (operand.axes.length === result.axes.length) return form;
    if (operand.axes.length === 0) return 'single';
    return operand.axes[0]!.kind === this.plan.analysis.gridAxes(result)[0] ? 'row' : 'column';
  }

  // ── Indices ───────────────────────────────────────────────────────────────────────────────────────

  /** The offset along a tile's rows of the first entry that this thread holds. */
  firstRow(range: HeldRange): Code {
    const warp = this.ofWarp('rows', rowFragments(range, this.plan.warps) * FRAGMENT_ROWS);
    return this.ofThread(plusConstant(codes.sum(warp, atom(`${this.atThread('lane')} / 4`, 'int')), range.low), 'row');
  }

  firstColumn(range: HeldRange): Code {
    const warp = this.ofWarp('columns', columnFragments(range, this.plan.warps) * FRAGMENT_COLUMNS);
    return this.ofThread(
      plusConstant(codes.sum(warp, atom(`${this.atThread('lane')} % 4 * 2`, 'int')), range.low),
      'column',
    );
  }

  /** What comes before this warp's part along an axis, where each warp has so much. */
  ofWarp(along: 'rows' | 'columns', each: number): Code {
    if (this.plan.warps[along] === 1) return integerCode(0);
    return codes.times(atom(this.atThread(along === 'rows' ? 'warp_row' : 'warp_column'), 'int'), integerCode(each));
  }

  /** The offset along the axis of rows, or of columns, inside of the loops of a form. */
  rowOffset(range: HeldRange, form: Form): Code {
    return codes.sum(this.firstRow(range), atom(form === 'row' ? 'm * 16 + half * 8' : 'm * 16 + (e >> 1) * 8', 'int'));
  }

  columnOffset(range: HeldRange, form: Form): Code {
    return codes.sum(this.firstColumn(range), atom(form === 'column' ? 'n * 8 + pair' : 'n * 8 + (e & 1)', 'int'));
  }

  /** Offsets along each axis of the entry that the loops of a form are at. */
  offsets(tile: Tile, form: Form): ReadonlyMap<TileAxisKind, Code> {
    if (form === 'single') return new Map();
    if (form === 'flat') {
      const { kind } = tile.axes[0]!;
      const own = atom(`thread + k * ${this.plan.threads}`, 'int');
      return new Map([[kind, plusConstant(own, this.range(tile, kind).low)]]);
    }
    const rows = (kind: TileAxisKind) => [kind, lazily(() => this.rowOffset(this.range(tile, kind), form))] as const;
    const columns = (kind: TileAxisKind) =>
      [kind, lazily(() => this.columnOffset(this.range(tile, kind), form))] as const;
    if (form === 'row') return new Map([rows(tile.axes[0]!.kind)]);
    if (form === 'column') return new Map([columns(tile.axes[0]!.kind)]);
    const [one, other] = this.plan.analysis.gridAxes(tile);
    return new Map([rows(one), columns(other)]);
  }

  /** Offsets that all threads together reach along an axis. */
  reached(tile: Tile, form: Form, kind: TileAxisKind): HeldRange {
    const range = this.range(tile, kind);
    if (form === 'flat') return { low: range.low, high: range.low + this.shape(tile, form).rows * this.plan.threads };
    const isColumn = form === 'column' || (form === 'grid' && this.plan.analysis.gridAxes(tile)[1] === kind);
    return {
      low: range.low,
      high: range.low + (isColumn ? columnsHeld(range, this.plan.warps) : rowsHeld(range, this.plan.warps)),
    };
  }

  /** An absolute index: origin + offset. */
  absolute(axis: TileAxis, offset: Code): Code {
    return this.named(codes.sum(this.scalar(axis.origin), offset), tileVariables[axis.kind]);
  }

  /** The index variables of an element expression inside of the loops of a form: i, j, … as absolute indices. */
  indexVariables(tile: Tile, form: Form): ReadonlyMap<string, Code> {
    const variables = new Map<string, Code>();
    for (const [kind, offset] of this.offsets(tile, form)) {
      const axis = axisOfKind(tile.axes, kind)!;
      variables.set(
        tileVariables[kind],
        lazily(() => this.absolute(axis, offset)),
      );
    }
    return variables;
  }
}

const constantEntry = (name: string, value: string): Entry => ({
  entry: 'line',
  line: { line: 'constant', declared: 'const int', name, value },
});

/** A field of the structure of maps: views of one tensor may be copied in boxes of several shapes. */
export const mapName = (index: number, { name }: BoundBuffer): string => `${name}_${index + 1}`;

export const dimensions = ({ form, rows, columns, packed }: Registers): string =>
  packed
    ? `[${rows}][${columns}][2]`
    : loopsOf[form]({ rows, columns })
        .map(([, extent]) => `[${extent}]`)
        .join('');

/**
 * A code that is made where it is used, and only there: the names that it takes are those of the block which it stands in.
 */
const lazily = (make: () => Code): Code => ({
  get text() {
    return make().text;
  },
  get level() {
    return make().level;
  },
  type: 'int',
  wide: false,
});
