// Loops and switches: control is uniform over a block, carried values are registers of their own. Which case a switch takes is
// decided in the kernel, by interval arithmetic over the box.
import type { Block, ForStatement, MaskClass, Statement, SwitchStatement } from '../../../codegen/tile/program.js';
import type { Ring, Tile } from '../../../codegen/tile/types.js';
import type { Form } from '../layout/analysis.js';
import { maskBox, writeMaskClass } from '../mask-box.js';
import type { MaskBox } from '../mask-class.js';
import { prepareRowRanges } from '../mask-tables.js';
import { atom, type Code } from '../text/code.js';
import type { Lowerer } from './lowerer.js';
import type { TileWriter, WriterTypes } from './writer.js';

/** One assignment of registers, by the names of both. */
export interface Move<Registers> {
  readonly into: string;
  readonly from: string;
  readonly registers: Registers;
}

/** What a target does around a loop's turns. */
export interface LoopFrame {
  readonly from: Code;
  readonly to: Code;
  /** Before each turn's statements. */
  readonly head: (index: Code) => void;
  /** The statements, where they are more than those of the block. */
  readonly body?: (index: Code, lower: (statement: Statement) => void) => void;
  /** Behind them, and behind the loop. */
  readonly tail?: () => void;
  readonly behind?: () => void;
}

/** How a target holds what loops and switches hand on. */
export interface ControlTable<Writer, Registers> {
  /** Registers of a value in one form that begin as others. */
  readonly carried: (writer: Writer, value: Tile, form: Form, initial: Registers) => Registers;
  /** Registers that every case sets; as others to begin with, where a case does nothing. */
  readonly chosen: (writer: Writer, value: Tile, form: Form, initial: Registers | undefined) => Registers;
  readonly moves: (into: Registers, from: Registers) => readonly Move<Registers>[];
  /** Keeps what a move is from under another name, and gives that. */
  readonly keep: (writer: Writer, move: Move<Registers>) => string;
  readonly move: (writer: Writer, move: Move<Registers>, from: string) => void;
  /** What is to be done before a loop, and around its turns. Ranges of rows are looked at by `prepare`. */
  readonly frame: (writer: Writer, loop: ForStatement, prepare: () => void) => LoopFrame;
  readonly openLoop: (writer: Writer, loop: ForStatement, index: Code, frame: LoopFrame) => void;
  /** Adds up, behind a loop, what each thread holds a share of. */
  readonly complete: (writer: Writer, tile: Tile, position: number) => void;
  readonly tableRange: (writer: Writer, ...given: Parameters<MaskBox['table']>) => ReturnType<MaskBox['table']>;
  /** How a switch asks for its full case, where that is known around it. */
  readonly fullIn?: (writer: Writer, statement: SwitchStatement) => string | undefined;
  /** What stands behind the head of a case, as a comment. */
  readonly caseComment?: (name: MaskClass) => string;
  /** Whether a case that does nothing, or gives constants, is left out, what it yields being there before the others. */
  readonly leavesOutIdle: boolean;
}

type Handed<Registers> = readonly (readonly [Registers, Tile])[];

/** The conditions of a switch's classes, as far as they can be told; writes what decides them. */
export const maskClassOf = <T extends WriterTypes, Writer extends TileWriter<T>>(
  writer: Writer,
  statement: SwitchStatement,
  { tableRange }: Pick<ControlTable<Writer, T['registers']>, 'tableRange'>,
): ReturnType<typeof writeMaskClass> =>
  writeMaskClass(
    writer,
    statement.mask,
    maskBox(writer, statement, (read, index) => tableRange(writer, read, index)),
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

/** A statement that writes nothing where constants need no names. */
const isConstant = (each: Statement): boolean => each.statement === 'let' && each.operation.op === 'constant';

/** The lowering of loops and switches by a target's table. */
export function controlOf<T extends WriterTypes, Writer extends TileWriter<T>>(
  table: ControlTable<Writer, T['registers']>,
) {
  type Registers = T['registers'];
  /** Sets registers to what a block yields, all at once: a value that is overwritten before it is read is kept aside. */
  function hand(writer: Writer, targets: Handed<Registers>): void {
    const moves = targets
      .flatMap(([into, from]) => table.moves(into, writer.registersOf(from, into.form)))
      .filter(({ into, from }) => into !== from);
    const written = new Set<string>();
    const sources = moves.map((move) => {
      const isOverwritten = written.has(move.from);
      written.add(move.into);
      return isOverwritten ? table.keep(writer, move) : move.from;
    });
    for (const [n, move] of moves.entries()) table.move(writer, move, sources[n]!);
  }

  function lowerFor(writer: Writer, statement: ForStatement, lowerer: Lowerer<Writer>): void {
    const { variable, carried, body } = statement;
    const targets: [Registers, Tile][] = [];
    for (const [n, { initial, inside, after }] of carried.entries()) {
      if (inside.kind !== 'tile') continue;
      for (const form of writer.plan.analysis.forms(inside)) {
        const registers = table.carried(writer, inside, form, writer.registersOf(initial as Tile, form));
        writer.assign(inside, registers);
        writer.assign(after as Tile, registers);
        targets.push([registers, body.yields[n] as Tile]);
      }
    }
    const frame = table.frame(writer, statement, () =>
      prepareRowRanges(writer, statement, (read, index) => table.tableRange(writer, read, index)),
    );
    const index = atom(writer.fresh(variable), 'int');
    table.openLoop(writer, statement, index, frame);
    const before = writer.enterLoop();
    writer.loops.add(statement);
    writer.withScalars(new Map([[variable, index]]), () => {
      frame.head(index);
      if (frame.body) frame.body(index, (each) => lowerer.statement(writer, each));
      else lowerer.block(writer, body);
      hand(writer, targets);
      frame.tail?.();
    });
    writer.loops.delete(statement);
    writer.close();
    frame.behind?.();
    writer.leaveLoop(before);
    // What each thread holds a share of is added up once, here.
    for (const { after } of carried) {
      if (writer.plan.analysis.isCompleted(after)) table.complete(writer, after as Tile, writer.plan.endOf(statement));
    }
  }

  function lowerSwitch(writer: Writer, statement: SwitchStatement, lowerer: Lowerer<Writer>): void {
    const { cases, results } = statement;
    const classes = maskClassOf<T, Writer>(writer, statement, table);
    const taken = distinguished(statement, {
      ...classes,
      full: classes.full && (table.fullIn?.(writer, statement) ?? classes.full),
    });
    // A case that does nothing gives the values to begin with, where it can be told from the one other.
    const isIdle = taken.length === 2 && table.leavesOutIdle;
    const idle = isIdle ? taken.findIndex(({ block }) => block.statements.every(isConstant)) : -1;
    if (idle >= 0) lowerer.block(writer, taken[idle]!.block);
    const targets = results.flatMap((result, n): { registers: Registers; n: number }[] => {
      if (result.kind !== 'tile') return [];
      return writer.plan.analysis.forms(result).map((form) => {
        const initial = idle < 0 ? undefined : writer.registersOf(taken[idle]!.block.yields[n] as Tile, form);
        const registers = table.chosen(writer, result, form, initial);
        writer.assign(result, registers);
        return { registers, n };
      });
    });
    writer.branches(
      taken.map(({ block, name, condition }, n) => () => {
        if (n === idle) return;
        const own = idle >= 0 && condition === undefined ? `!${taken[idle]!.condition}` : condition;
        const isFirst = n === 0 || idle >= 0;
        const comment = table.caseComment?.(name) ?? '';
        writer.open(`${isFirst ? '' : 'else '}${own ? `if (${own}) ` : ''}{${comment}`);
        lowerer.block(writer, block, () =>
          hand(
            writer,
            targets.map(({ registers, n: yielded }) => [registers, block.yields[yielded] as Tile]),
          ),
        );
        writer.close();
      }),
    );
    for (const [n, result] of results.entries()) {
      const end = result.kind === 'ring' ? writer.ringEnds.get(cases.partial.yields[n] as Ring) : undefined;
      if (end) writer.ringEnds.set(result as Ring, end);
    }
  }

  return { lowerFor, lowerSwitch };
}
