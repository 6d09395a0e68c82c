// Loops and switches: control is uniform over a block, carried values are arrays of their own. A loop waits for the views
// that were read ahead for this step, and starts the copies of the next one before it computes.
import type { Block, ForStatement, MaskClass, Statement, SwitchStatement } from '../../../codegen/tile/program.js';
import type { Ring, Tile, Value } from '../../../codegen/tile/types.js';
import { sameView } from '../../shared/layout/views.js';
import { statementsOf } from '../../shared/layout/walk.js';
import { type MaskBox, maskBox, writeMaskClass } from '../../shared/mask-class.js';
import { prepareRowRanges } from '../../shared/mask-tables.js';
import type { Lowerer } from '../../shared/tile/lowerer.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { dimensions } from '../kernel-writer.js';
import { loopsOf, subscript } from '../layout/fragments.js';
import { chunksOf } from '../layout/matrices.js';
import type { KeptView } from '../layout/products.js';
import { tableRange } from '../mask-tables.js';
import { atom, type Code } from '../text/code.js';
import { enterStages, overStages } from './pipeline.js';
import { completeRows } from './reduce.js';
import { stageKept } from './staging.js';
import { fillTapTables } from './taps.js';
import { fillBands } from './toeplitz.js';

/** Copies an array entry by entry. */
function copy(writer: KernelWriter, into: string, from: string, { form, rows, columns }: Registers): void {
  const entry = subscript(form, form);
  const loops = loopsOf[form]({ rows, columns });
  for (const [counter, extent] of loops) writer.openUnrolled(counter, extent);
  writer.line(`${into}${entry} = ${from}${entry};`);
  for (const _ of loops) writer.close();
}

/** Sets arrays to what a block yields, all at once: a value that is overwritten before it is read is kept aside. */
function hand(writer: KernelWriter, targets: readonly (readonly [Registers, Tile])[]): void {
  const moves = targets
    .map(([into, from]) => ({ into, from: writer.registersOf(from, into.form).name }))
    .filter(({ into, from }) => into.name !== from);
  const written = new Set<string>();
  const sources = moves.map(({ into, from }) => {
    const isOverwritten = written.has(from);
    written.add(into.name);
    if (!isOverwritten) return from;
    const kept = writer.fresh('kept');
    writer.line(`float ${kept}${dimensions(into)};`);
    copy(writer, kept, from, into);
    return kept;
  });
  for (const [n, { into }] of moves.entries()) copy(writer, into.name, sources[n]!, into);
}

const isLiveTile = (writer: KernelWriter, value: Value): value is Tile =>
  value.kind === 'tile' && writer.plan.analysis.isLive(value);

export function lowerFor(writer: KernelWriter, statement: ForStatement, lowerer: Lowerer<KernelWriter>): void {
  const { variable, from, to, step, carried, body } = statement;
  const targets: [Registers, Tile][] = [];
  for (const [n, { initial, inside, after }] of carried.entries()) {
    if (!isLiveTile(writer, inside)) continue;
    for (const form of writer.plan.analysis.forms(inside)) {
      const registers = writer.declare(inside, form);
      copy(writer, registers.name, writer.registersOf(initial as Tile, form).name, registers);
      writer.assign(inside, registers);
      writer.assign(after as Tile, registers);
      targets.push([registers, body.yields[n] as Tile]);
    }
  }
  const kept = writer.plan.keptViews.filter(({ loop }) => loop === statement);
  const ahead = kept.filter(({ isAhead }) => isAhead);
  const start = writer.named(writer.scalar(from), 'start');
  const end = writer.named(writer.scalar(to), 'end');
  stageViews(writer, statement, kept, start);
  prepareRowRanges(writer, statement, tablesOf(writer));
  const stage = writer.fresh('stage');
  if (ahead.length > 0) writer.line(`int ${stage} = 0;`);
  const standing = writer.plan.pipeline ? enterStages(writer, statement, start, end) : undefined;
  if (standing) writer.stages.set(statement, atom(standing.stage, 'int'));
  const index = atom(writer.fresh(variable), 'int');
  writer.line('#pragma unroll 1');
  writer.open(`for (int ${index.text} = ${start.text}; ${index.text} < ${end.text}; ${index.text} += ${step}) {`);
  const before = writer.enterLoop();
  writer.loops.add(statement);
  writer.withScalars(new Map([[variable, index]]), () => {
    if (ahead.length > 0) readAhead(writer, statement, ahead, index, end, stage);
    fillTapTables(writer, statement);
    fillBands(writer, statement);
    if (writer.plan.pipeline)
      overStages(writer, statement, standing, { index, end }, (each) => lowerer.statement(writer, each));
    else lowerer.block(writer, body);
    hand(writer, targets);
    if (ahead.length > 0) writer.line(`${stage} ^= 1;`);
  });
  writer.close();
  writer.stages.delete(statement);
  writer.loops.delete(statement);
  if (ahead.length > 0) landCopies(writer, ahead);
  writer.leaveLoop(before);
  // What each thread holds a share of is added up once, here.
  for (const { after } of carried) {
    if (writer.plan.analysis.isCompleted(after)) completeRows(writer, after as Tile, writer.plan.endOf(statement));
  }
}

/** Reads what stays for a loop, and starts the copies for its first step. */
function stageViews(writer: KernelWriter, { variable }: ForStatement, kept: readonly KeptView[], start: Code): void {
  if (kept.length === 0) return;
  for (const each of kept) {
    writer.line(`// a view of ${each.view.buffer.name} ${each.isAhead ? 'is read ahead' : 'stays for the loop'}`);
    writer.withScalars(new Map([[variable, start]]), () => stageKept(writer, each, undefined));
  }
  writer.line('commit_copies();');
  // Loops wait for what they read ahead at their head; what stays lands with it.
  if (!kept.some(({ isAhead }) => isAhead)) writer.line('await_copies<0>();');
}

/** A loop without a step leaves its first copies under way; what comes behind it may use their place. */
function landCopies(writer: KernelWriter, ahead: readonly KeptView[]): void {
  writer.line('await_copies<0>();');
  for (const each of ahead) writer.access('write', writer.plan.baseOf(each), 2 * chunksOf(each.matrix));
}

/** Waits for this step's views, and starts the copies of the next step's into the other place. */
function readAhead(
  writer: KernelWriter,
  statement: ForStatement,
  ahead: readonly KeptView[],
  index: Code,
  end: Code,
  stage: string,
): void {
  const { variable, step } = statement;
  writer.stages.set(statement, atom(stage, 'int'));
  writer.line('await_copies<0>();');
  writer.barrier();
  const next = atom(`(${index.text} + ${step})`, 'int');
  writer.open(`if (${next.text} < ${end.text}) {`);
  writer.withScalars(new Map([[variable, next]]), () => {
    for (const [gate, views] of byGate(ahead, statement)) {
      const isEmpty = gate && maskClassOf(writer, gate).empty;
      if (isEmpty) writer.open(`if (!${isEmpty}) {`);
      for (const each of views) stageKept(writer, each, `(${stage} ^ 1)`);
      if (isEmpty) writer.close();
    }
  });
  writer.close();
  writer.line('commit_copies();');
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

/**
 * The cases that a switch distinguishes, each after those that are told by a condition: what cannot be told, or does the
 * same as the partial case, is left to that one.
 */
function distinguished(
  { cases }: SwitchStatement,
  classes: { readonly full: string | undefined; readonly empty: string | undefined },
): readonly { readonly block: Block; readonly name: MaskClass; readonly condition: string | undefined }[] {
  const told = (['full', 'empty'] as const).flatMap((name) =>
    classes[name] === undefined || cases[name] === cases.partial
      ? []
      : [{ block: cases[name], name, condition: classes[name] }],
  );
  return [...told, { block: cases.partial, name: 'partial', condition: undefined }];
}

const tablesOf =
  (writer: KernelWriter): MaskBox['table'] =>
  (read, index) =>
    tableRange(writer, read, index);

/** Writes what decides the class of a switch's box; gives the conditions, by class. */
const maskClassOf = (writer: KernelWriter, statement: SwitchStatement) =>
  writeMaskClass(writer, statement.mask, maskBox(writer, statement, tablesOf(writer)));

export function lowerSwitch(writer: KernelWriter, statement: SwitchStatement, lowerer: Lowerer<KernelWriter>): void {
  const { cases, results } = statement;
  const taken = distinguished(statement, maskClassOf(writer, statement));
  const targets = results.flatMap((result, n): [Registers, number][] => {
    if (!isLiveTile(writer, result)) return [];
    return writer.plan.analysis.forms(result).map((form) => {
      const registers = writer.declare(result, form);
      writer.assign(result, registers);
      return [registers, n];
    });
  });
  const { underWay } = writer;
  const run = (block: Block): void => {
    // A case that is not taken waits for nothing.
    writer.underWay = underWay;
    lowerer.block(writer, block);
    hand(
      writer,
      targets.map(([registers, n]) => [registers, block.yields[n] as Tile]),
    );
  };
  writer.branches(
    taken.map(({ block, name, condition }, n) => () => {
      writer.open(`${n === 0 ? '' : 'else '}${condition ? `if (${condition}) ` : ''}{ // ${name}`);
      run(block);
      writer.close();
    }),
  );
  writer.underWay = underWay;
  for (const [n, result] of results.entries()) {
    const end = result.kind === 'ring' ? writer.ringEnds.get(cases.partial.yields[n] as Ring) : undefined;
    if (end) writer.ringEnds.set(result as Ring, end);
  }
}
