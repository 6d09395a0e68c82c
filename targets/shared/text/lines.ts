// The lines of a kernel before they are text: which names they declare, set and read. Passes take out copies (copies.ts) and what
// is not used (unused.ts); everything else of a line is text from the start.

/** What a line does to a name: declares it for good or to be written again, sets it, or adds to it. */
export interface NameLine {
  readonly line: 'constant' | 'variable' | 'set' | 'add';
  /** What a declaration begins with: `let`, `const int`. */
  readonly declared?: string;
  /** The type of what is declared, in a language whose declarations leave it out. */
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

/** A line that declares or writes one name, or any other one. */
export type Line = NameLine | string;

/** A line, or the head or the end of a block. */
export type Entry =
  | { readonly entry: 'line'; readonly line: Line }
  | { readonly entry: 'open'; readonly head: string; readonly isLoop: boolean }
  | { readonly entry: 'close'; readonly text: string };

/** The text of a line, in the languages that end it with a semicolon. */
export function lineText(line: Line): string {
  if (typeof line === 'string') return line;
  const { name, value } = line;
  switch (line.line) {
    case 'constant':
    case 'variable':
      return `${line.declared} ${name} = ${value};`;
    case 'set':
      return `${name} = ${value};`;
    case 'add':
      return `${name} += ${value};`;
  }
}

/** Whether a text is a name or a number as it is, perhaps with a sign, or a part of something by its name. */
export const isName = (text: string): boolean => /^-?[\w.]+$/.test(text);

/** The words of a text that may be names of a kernel; those behind a point are parts of something. */
export const wordsOf = (text: string): readonly string[] => text.match(WORDS) ?? [];

const WORDS = /(?<![\w.])[A-Za-z_]\w*/g;

/** A text with some of its names exchanged. */
export const renamed = (text: string, nameOf: (name: string) => string): string => text.replace(WORDS, nameOf);

export class LineList {
  readonly entries: Entry[] = [];

  line(line: Line): void {
    this.entries.push({ entry: 'line', line });
  }

  open(head: string): void {
    this.entries.push({ entry: 'open', head, isLoop: head.startsWith('for ') || head.startsWith('while ') });
  }

  close(text = '}'): void {
    this.entries.push({ entry: 'close', text });
  }
}

/** Lines as they are printed, indented by their depth. What a preprocessor reads stands at the margin. */
export function printed(entries: readonly Entry[], outermost = 1): readonly string[] {
  let depth = outermost;
  return entries.map((each): string => {
    const text = each.entry === 'line' ? lineText(each.line) : each.entry === 'open' ? each.head : each.text;
    if (each.entry === 'close') depth -= 1;
    const line = text.startsWith('#') ? text : '  '.repeat(depth) + text;
    if (each.entry === 'open') depth += 1;
    return line;
  });
}
