// Loops and switches: control is uniform over a block, carried values are arrays of their own. A loop reads views ahead, or has
// boxes brought by stages.
import type { ForStatement, Statement } from '../../../codegen/tile/program.js';
import { controlOf, type LoopFrame, maskClassOf } from '../../shared/tile/control.js';
import type { KernelWriter, Registers, Turns, Types } from '../kernel-writer.js';
import { dimensions } from '../kernel-writer.js';
import { loopsOf, subscript } from '../layout/fragments.js';
import { tableRange } from '../mask-tables.js';
import { atom } from '../text/code.js';
import { writeSteps } from './pipeline.js';
import { beginReading } from './read-ahead.js';
import { completeRows } from './reduce.js';
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

/** What a loop does besides its statements, where views are read ahead or boxes come in by stages. */
function frame(writer: KernelWriter, loop: ForStatement, prepare: () => void): LoopFrame {
  const from = writer.named(writer.scalar(loop.from), 'start');
  const to = writer.named(writer.scalar(loop.to), 'end');
  const reading = beginReading(writer, loop, { start: from, end: to });
  prepare();
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
      reading.head(index);
      fillTapTables(writer, loop);
      fillToeplitz(writer, loop);
    },
    ...(own
      ? { body: (index, lower) => writeSteps(writer, own.consumer.turn, Object.assign(turns, { index, lower })) }
      : {}),
    tail: (index) => reading.tail(index),
    behind() {
      writer.stages.delete(loop);
      reading.behind();
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
  // What only tiles on the edge of a mask need of a thread's place takes no registers in all other turns.
  beginCase: (writer, name) => (writer.plan.isTight && name === 'partial' ? writer.beginEdge() : () => {}),
  fullIn: (writer, statement) =>
    writer.plan.pipeline?.schedule.divided.has(statement) ? `decltype(${FULL})::value` : undefined,
  caseComment: (name) => ` // ${name}`,
  leavesOutIdle: false,
});
