// Loops and switches in WGSL: carried values are variables, one a register.
// Views that stay for a loop are read before it.
import type { ForStatement } from '../../../codegen/tile/program.js';
import { controlOf } from '../../shared/tile/control.js';
import type { KernelWriter, Types } from '../kernel-writer.js';
import { tableRange } from '../mask-tables.js';
import { atom, type Code, integerCode } from '../text/code.js';
import { completeRows } from './reduce.js';
import { stageView } from './staging.js';
import { fillTapTables } from './taps.js';

/** Reads the views that stay for a loop. */
function stageResidents(writer: KernelWriter, loop: ForStatement): void {
  for (const resident of writer.plan.residents) {
    if (resident.loop !== loop) continue;
    const base = writer.plan.arena.baseOf(writer.plan.regionOf(resident));
    const slice = { kind: resident.over, from: integerCode(0), end: resident.length };
    stageView(writer, resident.view, { base, ...resident.shape }, slice);
  }
}

export const { lowerFor, lowerSwitch } = controlOf<Types, KernelWriter>({
  carried: (writer, value, form, initial) =>
    writer.variables(value, form, 'carried', (row, group) => initial.at(row, group)),
  chosen(writer, value, form, initial) {
    const zero: Code = atom(writer.isWide(form) ? 'vec4f()' : '0.0', 'float', writer.isWide(form));
    return writer.variables(value, form, 'chosen', (row, group) => initial?.at(row, group) ?? zero);
  },
  moves: (into, from) =>
    Array.from({ length: into.rows }, (_, row) =>
      Array.from({ length: into.groups }, (__, group) => ({
        into: into.at(row, group).text,
        from: from.at(row, group).text,
        registers: into,
      })),
    ).flat(),
  keep(writer, { from, registers }) {
    const kept = atom(writer.fresh('kept'), 'float', writer.isWide(registers.form));
    writer.constant(kept, from);
    return kept.text;
  },
  move: (writer, { into }, from) => writer.line({ line: 'set', name: into, value: from }),
  frame(writer, loop, prepare) {
    stageResidents(writer, loop);
    prepare();
    const to = writer.named(writer.scalar(loop.to), 'end');
    return { from: writer.scalar(loop.from), to, head: () => fillTapTables(writer, loop) };
  },
  openLoop(writer, { step }, { text }, { from, to }) {
    writer.open(`for (var ${text} = ${from.text}; ${text} < ${to.text}; ${text} += ${step}) {`);
  },
  complete: completeRows,
  tableRange,
  leavesOutIdle: true,
});
