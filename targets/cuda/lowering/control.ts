// Loops and switches: control is uniform over a block, carried values are arrays of their own. A loop waits for the views
// that were read ahead for this step, and starts the copies of the next one before it computes.
import type { ForStatement, Statement, SwitchStatement } from '../../../codegen/tile/program.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import { sameView } from '../../shared/layout/views.js';
import { controlOf, type LoopFrame, maskClassOf } from '../../shared/tile/control.js';
import type { KernelWriter, Registers, Turns, Types } from '../kernel-writer.js';
import { dimensions } from '../kernel-writer.js';
import { loopsOf, subscript } from '../layout/fragments.js';
import { chunksOf } from '../layout/matrices.js';
import type { KeptView } from '../layout/products.js';
import { tableRange } from '../mask-tables.js';
import { atom, type Code } from '../text/code.js';
import { writeSteps } from './pipeline.js';
import { completeRows } from './reduce.js';
import { declarePointer, rowsATurn, stepPointer } from './row-copies.js';
import { keptRowCopies, keptSlice, stageKept } from './staging.js';
import { fillTapTables } from './taps.js';
import { fillToeplitz, keepToeplitz } from './toeplitz.js';

/** Copies an array entry by entry. */
function copy(writer: KernelWriter, into: string, from: string, { form, rows, columns }: Registers): void {
  const entry = subscript(form, form);
  const loops = loopsOf[form]({ rows, columns });
  for (const [counter, extent] of loops) writer.openUnrolled(counter, extent);
  writer.line(`${into}${entry} = ${from}${entry};`);
  for (const _ of loops) writer.close();
}

/** Reads what stays for a loop, and starts the copies for its first step. */
function stageViews(writer: KernelWriter, loop: ForStatement, kept: readonly KeptView[], start: Code): Pointers {
  const pointers = new Map<KeptView, Pointer>();
  if (kept.length === 0) return pointers;
  for (const each of kept) {
    writer.line(`// a view of ${each.view.buffer.name} ${each.isAhead ? 'is read ahead' : 'stays for the loop'}`);
    writer.withScalars(new Map([[loop.variable, start]]), () => {
      const pointer = pointerOf(writer, each, loop);
      if (pointer) pointers.set(each, pointer);
      stageKept(writer, each, undefined, pointer?.name);
    });
    pointers.get(each)?.step();
  }
  writer.line('commit_copies();');
  // Loops wait for what they read ahead at their head; what stays lands with it.
  if (!kept.some(({ isAhead }) => isAhead)) writer.line('await_copies<0>();');
  return pointers;
}

/** Points to what a thread copies first of a view's next box. */
interface Pointer {
  readonly name: string;
  /** Writes the line that moves it on by a turn. */
  readonly step: () => void;
}

/** Of the views that are read ahead, those whose pointers are kept. */
type Pointers = ReadonlyMap<KeptView, Pointer>;

/** Declares the pointer of a view that moves by as many rows in each turn, where there are registers for it. */
function pointerOf(writer: KernelWriter, kept: KeptView, loop: ForStatement): Pointer | undefined {
  const copies = kept.isAhead && !writer.plan.stagesMany ? keptRowCopies(writer, kept) : undefined;
  const rows = copies && rowsATurn(copies, loop);
  if (!copies || rows === undefined) return undefined;
  const name = declarePointer(writer, copies, keptSlice(kept));
  return { name, step: () => stepPointer(writer, copies, name, rows) };
}

/** A loop without a step leaves its first copies under way; what comes behind it may use their place. */
function landCopies(writer: KernelWriter, ahead: readonly KeptView[]): void {
  writer.line('await_copies<0>();');
  for (const each of ahead) writer.access('write', writer.plan.baseOf(each), 2 * chunksOf(each.matrix));
}

interface Turn {
  readonly index: Code;
  readonly end: Code;
  readonly stage: string;
  readonly pointers: Pointers;
}

/** Waits for this step's views, and starts the copies of the next step's into the other place. */
function readAhead(
  writer: KernelWriter,
  statement: ForStatement,
  ahead: readonly KeptView[],
  { index, end, stage, pointers }: Turn,
): void {
  const { variable, step } = statement;
  writer.stages.set(statement, atom(stage, 'int'));
  writer.line('await_copies<0>();');
  writer.barrier();
  const next = atom(`(${index.text} + ${step})`, 'int');
  writer.open(`if (${next.text} < ${end.text}) {`);
  writer.withScalars(new Map([[variable, next]]), () => {
    for (const [gate, views] of byGate(ahead, statement)) {
      const isEmpty = gate && maskClassOf<Types, KernelWriter>(writer, gate, { tableRange }).empty;
      if (isEmpty) writer.open(`if (!${isEmpty}) {`);
      for (const each of views) stageKept(writer, each, `(${stage} ^ 1)`, pointers.get(each)?.name);
      if (isEmpty) writer.close();
    }
  });
  writer.close();
  writer.line('commit_copies();');
  for (const { step: move } of pointers.values()) move();
}

/** Views by the switch of a loop's body that all their readers are in, outside of its empty case; others by nothing. */
function byGate(
  ahead: readonly KeptView[],
  { body }: ForStatement,
): ReadonlyMap<SwitchStatement | undefined, readonly KeptView[]> {
  const gates = new Map<SwitchStatement | undefined, KeptView[]>();
  for (const kept of ahead) {
    const readers = body.statements.filter((each) => readsView([each], kept));
    const [only] = readers;
    const isGate =
      readers.length === 1 && only?.statement === 'switch' && !readsView(only.cases.empty.statements, kept);
    const gate = isGate ? only : undefined;
    gates.set(gate, [...(gates.get(gate) ?? []), kept]);
  }
  return gates;
}

/** Whether one of the statements, or one inside of them, multiplies with a view. */
const readsView = (statements: readonly Statement[], { view }: KeptView): boolean =>
  [...statementsOf({ statements, yields: [] })].some(
    (each) =>
      each.statement === 'let' &&
      each.operation.op === 'matmul' &&
      [each.operation.left, each.operation.right].some((side) => side.kind === 'view' && sameView(side, view)),
  );

/** What a loop does besides its statements, where views are read ahead or boxes come in by stages. */
function frame(writer: KernelWriter, loop: ForStatement, prepare: () => void): LoopFrame {
  const kept = writer.plan.keptViews.filter((each) => each.loop === loop);
  const ahead = kept.filter(({ isAhead }) => isAhead);
  const from = writer.named(writer.scalar(loop.from), 'start');
  const to = writer.named(writer.scalar(loop.to), 'end');
  const pointers = stageViews(writer, loop, kept, from);
  prepare();
  const stage = writer.fresh('stage');
  if (ahead.length > 0) writer.line(`int ${stage} = 0;`);
  const own = writer.plan.pipeline?.schedule.loops.find((each) => each.loop === loop);
  const turns: Turns = { from, to, step: loop.step };
  if (own) writer.turns.set(loop, turns);
  if (own) keepToeplitz(writer);
  if (own) writeSteps(writer, own.consumer.before, turns);
  if (turns.stage !== undefined) writer.stages.set(loop, atom(turns.stage, 'int'));
  return {
    from,
    to,
    head(index) {
      if (ahead.length > 0) readAhead(writer, loop, ahead, { index, end: to, stage, pointers });
      fillTapTables(writer, loop);
      fillToeplitz(writer, loop);
    },
    ...(own
      ? { body: (index, lower) => writeSteps(writer, own.consumer.turn, Object.assign(turns, { index, lower })) }
      : {}),
    tail() {
      if (ahead.length > 0) writer.line(`${stage} ^= 1;`);
    },
    behind() {
      writer.stages.delete(loop);
      if (ahead.length > 0) landCopies(writer, ahead);
      if (own) writeSteps(writer, own.consumer.behind, turns);
      if (own && own.consumer.behind.length > 0) writer.readThreadAgain();
    },
  };
}

/** The name of what tells the full case where a block is written once for either: a type, so that each is compiled by itself. */
const FULL = 'is_full';

/** Opens a function of the case around the rest of a block, where the schedule says so; gives what closes and calls it. */
export function divide(writer: KernelWriter, statement: Statement): (() => void) | undefined {
  if (statement.statement !== 'switch' || !writer.plan.pipeline?.schedule.divided.has(statement)) return undefined;
  const { full } = maskClassOf<Types, KernelWriter>(writer, statement, { tableRange });
  if (!full) return undefined;
  const rest = writer.fresh('rest');
  writer.open(`const auto ${rest} = [&](const auto ${FULL}) {`);
  return () => {
    writer.close('};');
    writer.line(`if (${full}) ${rest}(std::true_type{});`);
    writer.line(`else ${rest}(std::false_type{});`);
  };
}

export const { lowerFor, lowerSwitch } = controlOf<Types, KernelWriter>({
  carried(writer, value, form, initial) {
    const registers = writer.declare(value, form);
    copy(writer, registers.name, initial.name, registers);
    return registers;
  },
  chosen: (writer, value, form) => writer.declare(value, form),
  moves: (registers, from) => [{ into: registers.name, from: from.name, registers }],
  keep(writer, { from, registers }) {
    const kept = writer.fresh('kept');
    writer.line(`float ${kept}${dimensions(registers)};`);
    copy(writer, kept, from, registers);
    return kept;
  },
  move: (writer, { into, registers }, from) => copy(writer, into, from, registers),
  frame,
  openLoop(writer, { step }, { text }, { from, to }) {
    writer.line('#pragma unroll 1');
    writer.open(`for (int ${text} = ${from.text}; ${text} < ${to.text}; ${text} += ${step}) {`);
  },
  complete: completeRows,
  tableRange,
  fullIn: (writer, statement) =>
    writer.plan.pipeline?.schedule.divided.has(statement) ? `decltype(${FULL})::value` : undefined,
  caseComment: (name) => ` // ${name}`,
  leavesOutIdle: false,
});
