// The lines of a kernel as statements within statements: what a pass can take out as a whole.
// An `if` and its `else` are one statement.
import type { Entry, Line } from '../../shared/text/lines.js';

export interface LineStatement {
  readonly kind: 'line';
  readonly line: Line;
}

/** A head, what stands under it, and how it ends. */
export interface Part {
  readonly head: string;
  readonly isLoop: boolean;
  readonly body: readonly Statement[];
  readonly end: string;
}

export interface BlockStatement {
  readonly kind: 'block';
  readonly parts: readonly Part[];
}

export type Statement = LineStatement | BlockStatement;

/** @param entries of which each block that is opened is closed */
export function statementsOf(entries: readonly Entry[]): readonly Statement[] {
  let at = 0;
  const list = (): readonly Statement[] => {
    const statements: Statement[] = [];
    for (let each = entries[at]; each !== undefined && each.entry !== 'close'; each = entries[at]) {
      at += 1;
      if (each.entry === 'line') {
        statements.push({ kind: 'line', line: each.line });
        continue;
      }
      const body = list();
      const end = entries[at];
      at += 1;
      const part = { head: each.head, isLoop: each.isLoop, body, end: end?.entry === 'close' ? end.text : '}' };
      const before = statements.at(-1);
      if (each.head.startsWith('else ') && before?.kind === 'block') {
        statements[statements.length - 1] = { kind: 'block', parts: [...before.parts, part] };
      } else statements.push({ kind: 'block', parts: [part] });
    }
    return statements;
  };
  return list();
}

export const entriesOf = (statements: readonly Statement[]): readonly Entry[] =>
  statements.flatMap((each): readonly Entry[] =>
    each.kind === 'line'
      ? [{ entry: 'line', line: each.line }]
      : each.parts.flatMap(({ head, isLoop, body, end }): readonly Entry[] => [
          { entry: 'open', head, isLoop },
          ...entriesOf(body),
          { entry: 'close', text: end },
        ]),
  );
