// Lowering of tile programs, statement by statement: a table says what a target makes of each operation, and of each kind of
// statement. What has no use is left out.
import type { TileOperationName, TileOperationOf, ValueOf } from '../../../codegen/tile/operations.js';
import type { Block, LetStatement, Statement } from '../../../codegen/tile/program.js';
import type { Value } from '../../../codegen/tile/types.js';
import type { Analysis } from '../layout/analysis.js';

/** What writes the text of a kernel, as far as walking over its statements needs it. */
export interface StatementWriter {
  readonly plan: { readonly analysis: Analysis; positionOf(statement: Statement): number };
}

/** Writes one operation. `position` is that of its statement. */
export type Lowering<Writer, Op extends TileOperationName> = (
  writer: Writer,
  operation: TileOperationOf<Op>,
  value: ValueOf<Op>,
  position: number,
) => void;

type Lower<Writer, Name extends Statement['statement']> = (
  writer: Writer,
  statement: Extract<Statement, { statement: Name }>,
  lowerer: Lowerer<Writer>,
) => void;

export interface LoweringTable<Writer> {
  readonly operations: { readonly [Op in TileOperationName]: Lowering<Writer, Op> };
  readonly store: Lower<Writer, 'store'>;
  readonly for: Lower<Writer, 'for'>;
  readonly switch: Lower<Writer, 'switch'>;
  /** What goes in front of a statement, and at the end of a block, where something does. */
  readonly around?: (writer: Writer, at: Statement | Block) => void;
  /** What opens in front of a statement and is closed by what this gives, at the end of its block. */
  readonly bracket?: (writer: Writer, statement: Statement) => (() => void) | undefined;
  /** What goes before an operation, where something does. */
  readonly before?: (writer: Writer, statement: LetStatement) => void;
}

/** Writes blocks and statements; loops and switches are given it for what is inside of them. */
export interface Lowerer<Writer> {
  /** `end` writes what belongs to the block behind its statements. */
  readonly block: (writer: Writer, block: Block, end?: () => void) => void;
  readonly statement: (writer: Writer, statement: Statement) => void;
}

export function lowererOf<Writer extends StatementWriter>(table: LoweringTable<Writer>): Lowerer<Writer> {
  const lowerer: Lowerer<Writer> = {
    block: (writer, block, end) => {
      const brackets: (() => void)[] = [];
      for (const each of block.statements) {
        const close = table.bracket?.(writer, each);
        if (close) brackets.unshift(close);
        lowerer.statement(writer, each);
      }
      table.around?.(writer, block);
      end?.();
      for (const close of brackets) close();
    },
    statement: (writer, statement) => {
      table.around?.(writer, statement);
      switch (statement.statement) {
        case 'let': {
          const { value, operation } = statement;
          table.before?.(writer, statement);
          const lower = table.operations[operation.op] as (
            writer: Writer,
            operation: unknown,
            value: Value,
            position: number,
          ) => void;
          lower(writer, operation, value, writer.plan.positionOf(statement));
          return;
        }
        case 'store':
          return table.store(writer, statement, lowerer);
        case 'for':
          return table.for(writer, statement, lowerer);
        case 'switch':
          return table.switch(writer, statement, lowerer);
      }
    },
  };
  return lowerer;
}
