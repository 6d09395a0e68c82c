// Loops and switches: control is uniform over a block, carried values are variables.
// Which case a switch takes is decided in the kernel, by interval arithmetic over the box.
import type { Block, ForStatement, SwitchStatement } from '../../../codegen/tile/program.js';
import type { Ring, Tile, Value } from '../../../codegen/tile/types.js';
import { maskBox, writeMaskClass } from '../../shared/mask-class.js';
import { prepareRowRanges } from '../../shared/mask-tables.js';
import type { Lowerer } from '../../shared/tile/lowerer.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { tableRange } from '../mask-tables.js';
import { atom, type Code, integerCode } from '../text/code.js';
import { completeRows } from './reduce.js';
import { stageView } from './staging.js';
import { fillTapTables } from './taps.js';

/** Sets variables to what a block yields, all at once: a value that is overwritten before it is read is kept aside. */
function hand(writer: KernelWriter, targets: readonly (readonly [Registers, Tile])[]): void {
  const assignments: [string, string][] = [];
  for (const [into, from] of targets) {
    const source = writer.registersOf(from, into.form);
    for (let row = 0; row < into.rows; row += 1) {
      for (let group = 0; group < into.groups; group += 1) {
        const [name, value] = [into.at(row, group).text, source.at(row, group).text];
        if (name !== value) assignments.push([name, value]);
      }
    }
  }
  const written = new Set<string>();
  const safe = assignments.map(([name, value]): [string, string] => {
    const isOverwritten = written.has(value);
    written.add(name);
    if (!isOverwritten) return [name, value];
    const kept = writer.fresh('kept');
    return [name, kept];
  });
  for (const [n, [, value]] of safe.entries()) {
    if (value !== assignments[n]![1]) writer.line(`let ${value} = ${assignments[n]![1]};`);
  }
  for (const [name, value] of safe) writer.line(`${name} = ${value};`);
}

const isLiveTile = (writer: KernelWriter, value: Value): value is Tile =>
  value.kind === 'tile' && writer.plan.analysis.isLive(value);

export function lowerFor(writer: KernelWriter, statement: ForStatement, lowerer: Lowerer<KernelWriter>): void {
  const { variable, from, to, step, carried, body } = statement;
  const targets: [Registers, Tile][] = [];
  for (const [n, { initial, inside, after }] of carried.entries()) {
    if (!isLiveTile(writer, inside)) continue;
    for (const form of writer.plan.analysis.forms(inside)) {
      const source = writer.registersOf(initial as Tile, form);
      const registers = writer.variables(inside, form, 'carried', (row, group) => source.at(row, group));
      writer.assign(inside, registers);
      writer.assign(after as Tile, registers);
      targets.push([registers, body.yields[n] as Tile]);
    }
  }
  stageResidents(writer, statement);
  prepareRowRanges(writer, statement, (read, at) => tableRange(writer, read, at));
  const end = writer.named(writer.scalar(to), 'end');
  const index = atom(writer.fresh(variable), 'int');
  writer.open(
    `for (var ${index.text} = ${writer.scalar(from).text}; ${index.text} < ${end.text}; ${index.text} += ${step}) {`,
  );
  const before = writer.enterLoop();
  writer.loops.add(statement);
  writer.withScalars(new Map([[variable, index]]), () => {
    fillTapTables(writer, statement);
    lowerer.block(writer, body);
    hand(writer, targets);
  });
  writer.loops.delete(statement);
  writer.close();
  writer.leaveLoop(before);
  // What each thread holds a share of is added up once, here.
  for (const { after } of carried) {
    if (writer.plan.analysis.isCompleted(after)) completeRows(writer, after as Tile, writer.plan.endOf(statement));
  }
}

/** Reads the views that stay for a loop. */
function stageResidents(writer: KernelWriter, loop: ForStatement): void {
  for (const resident of writer.plan.residents) {
    if (resident.loop !== loop) continue;
    const base = writer.plan.arena.baseOf(writer.plan.regionOf(resident));
    const slice = { kind: resident.over, from: integerCode(0), end: resident.length };
    stageView(writer, resident.view, { base, ...resident.shape }, slice);
  }
}

/**
 * The cases that a switch distinguishes, each after those that are told by a condition: what cannot be told, or does the
 * same as the partial case, is left to that one.
 */
function distinguished(
  { cases }: SwitchStatement,
  classes: { readonly full: string | undefined; readonly empty: string | undefined },
): readonly { readonly block: Block; readonly condition: string | undefined }[] {
  const told = (['full', 'empty'] as const).flatMap((name) =>
    classes[name] === undefined || cases[name] === cases.partial
      ? []
      : [{ block: cases[name], condition: classes[name] }],
  );
  return [...told, { block: cases.partial, condition: undefined }];
}

export function lowerSwitch(writer: KernelWriter, statement: SwitchStatement, lowerer: Lowerer<KernelWriter>): void {
  const { cases, results } = statement;
  const box = maskBox(writer, statement, (read, index) => tableRange(writer, read, index));
  const taken = distinguished(statement, writeMaskClass(writer, statement.mask, box));
  // A case that does nothing gives the values to begin with, where it can be told from the one other.
  const idle = taken.length === 2 ? taken.findIndex(({ block }) => block.statements.length === 0) : -1;
  const targets = results.flatMap((result, n): [Registers, number][] => {
    if (!isLiveTile(writer, result)) return [];
    return writer.plan.analysis.forms(result).map((form) => {
      const initial = idle < 0 ? undefined : writer.registersOf(taken[idle]!.block.yields[n] as Tile, form);
      const zero: Code = atom(writer.isWide(form) ? 'vec4f()' : '0.0', 'float', writer.isWide(form));
      const registers = writer.variables(result, form, 'chosen', (row, group) => initial?.at(row, group) ?? zero);
      writer.assign(result, registers);
      return [registers, n];
    });
  });
  const run = (block: Block): void => {
    lowerer.block(writer, block);
    hand(
      writer,
      targets.map(([registers, n]) => [registers, block.yields[n] as Tile]),
    );
  };
  writer.branches(
    taken.map(({ block, condition }, n) => () => {
      if (n === idle) return;
      const isNegated = idle >= 0 && condition === undefined;
      const own = isNegated ? `!${taken[idle]!.condition}` : condition;
      if (n === 0 || idle >= 0) writer.open(own ? `if (${own}) {` : '{');
      else writer.open(own ? `else if (${own}) {` : 'else {');
      run(block);
      writer.close();
    }),
  );
  for (const [n, result] of results.entries()) {
    const end = result.kind === 'ring' ? writer.ringEnds.get(cases.partial.yields[n] as Ring) : undefined;
    if (end) writer.ringEnds.set(result as Ring, end);
  }
}
