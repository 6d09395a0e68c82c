// Nested blocks of statements under construction. A block stands in its parent from when it is closed, so that what is
// added to the parent while it is open comes before it: constants that a loop does not depend on.
import type { Names } from '../shared/text/names.js';
import { atom, type Code } from './code.js';

export class Block {
  readonly depth: number;
  private readonly lines: string[] = [];
  private readonly constants = new Map<string, Code>();
  private readonly names: Names;
  private readonly parent: Block | undefined;
  private readonly head: string;

  constructor(names: Names, parent?: Block, head = '') {
    this.names = names;
    this.parent = parent;
    this.head = head;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  line(text: string): void {
    this.lines.push(text);
  }

  open(head: string): Block {
    return new Block(this.names, this, head);
  }

  /** Puts this block into the one around it, and gives that. */
  close(): Block {
    const around = this.parent!;
    around.lines.push(`${this.head} {`, ...this.lines.map((line) => `  ${line}`), '}');
    return around;
  }

  /** A constant that holds `code`; the same one if this block or one around it already holds it. */
  constant(wanted: string, code: Code): Code {
    const known = this.known(code.text);
    if (known) return known;
    const name = atom(this.names.take(wanted));
    this.line(`const ${name.text} = ${code.text};`);
    this.constants.set(code.text, name);
    return name;
  }

  variable(wanted: string, start: Code): Code {
    const name = atom(this.names.take(wanted));
    this.line(`let ${name.text} = ${start.text};`);
    return name;
  }

  text(): readonly string[] {
    return this.lines;
  }

  private known(text: string): Code | undefined {
    return this.constants.get(text) ?? this.parent?.known(text);
  }
}
