// Leaves out copies of registers: where a name is only a copy of another, or is copied into a variable that nothing else needs
// until then, both are one. Values are computed where they were, in the order in which they were.
import { type Entry, type NameLine, renamed, wordsOf } from './lines.js';

/** The lines of a kernel with fewer names. @param entries names are declared once in all of them */
export function withoutCopies(entries: readonly Entry[]): readonly Entry[] {
  return new Merger(entries).result();
}

interface Block {
  readonly parent: Block | undefined;
  readonly isLoop: boolean;
  readonly from: number;
  to: number;
}

interface Mention {
  readonly at: number;
  readonly reads: boolean;
  readonly writes: boolean;
}

interface Name {
  readonly name: string;
  isVariable: boolean;
  /** Where it is declared. */
  at: number;
  /** All lines that mention it behind its declaration, in their order. */
  mentions: readonly Mention[];
}

class Merger {
  private readonly entries: (Entry | undefined)[];
  private readonly blocks: Block[] = [];
  private readonly names = new Map<string, Name>();
  /** What a name that is gone became one with. */
  private readonly called = new Map<string, Name>();

  constructor(entries: readonly Entry[]) {
    this.entries = [...entries];
    this.findBlocks();
    this.findNames();
    while (this.mergeAll());
  }

  result(): readonly Entry[] {
    const nameOf = (word: string): string => this.nameOf(word)?.name ?? word;
    return this.entries.flatMap((each): Entry[] => {
      if (each === undefined) return [];
      if (each.entry === 'open') return [{ ...each, head: renamed(each.head, nameOf) }];
      if (each.entry === 'close') return [each];
      const { line } = each;
      if (typeof line === 'string') return [{ entry: 'line', line: renamed(line, nameOf) }];
      const own = { ...line, name: nameOf(line.name), value: renamed(line.value, nameOf) };
      return own.line === 'set' && own.name === own.value ? [] : [{ entry: 'line', line: own }];
    });
  }

  private findBlocks(): void {
    let block: Block = { parent: undefined, isLoop: false, from: 0, to: this.entries.length };
    for (const [at, each] of this.entries.entries()) {
      if (each?.entry === 'close') {
        block.to = at;
        block = block.parent!;
      }
      this.blocks.push(block);
      if (each?.entry === 'open') block = { parent: block, isLoop: each.isLoop, from: at, to: at };
    }
  }

  private findNames(): void {
    const mentions = new Map<string, Mention[]>();
    for (const [at, each] of this.entries.entries()) {
      const line = lineOf(each);
      if (line?.declared === undefined) continue;
      this.names.set(line.name, { name: line.name, isVariable: line.line === 'variable', at, mentions: [] });
      mentions.set(line.name, []);
    }
    for (const [at, each] of this.entries.entries()) {
      const line = lineOf(each);
      const text = line ? line.value : textOf(each!);
      const isRead = new Set(wordsOf(text));
      // A line that is only text writes to the name that it begins with, and to those whose address it takes.
      const writes = (word: string): boolean => !line && (text.startsWith(word) || text.includes(`&${word}`));
      for (const word of isRead) mentions.get(word)?.push({ at, reads: true, writes: writes(word) });
      if (line === undefined || line.declared !== undefined) continue;
      const own = mentions.get(line.name);
      const reads = isRead.has(line.name);
      if (reads) own?.pop();
      own?.push({ at, reads: reads || line.line === 'add', writes: true });
    }
    for (const [word, name] of this.names) name.mentions = mentions.get(word)!;
  }

  private nameOf(word: string): Name | undefined {
    let name = this.names.get(word);
    while (name) {
      const into = this.called.get(name.name);
      if (!into) return name;
      name = into;
    }
    return undefined;
  }

  /** Whether any copy could be left out. */
  private mergeAll(): boolean {
    let isAny = false;
    for (let at = 0; at < this.entries.length; at += 1) {
      const line = lineOf(this.entries[at]);
      if (line === undefined || line.line === 'add') continue;
      const [to, from] = [this.nameOf(line.name), this.nameOf(line.value)];
      if (!to || !from || to === from) continue;
      if (line.line === 'constant' ? this.readDirectly(to, from) : this.computeInPlace(to, from, at)) isAny = true;
    }
    return isAny;
  }

  /** `let copy = from`: reads `from` in its place, if nothing is written to that before the last read. */
  private readDirectly(copy: Name, from: Name): boolean {
    const until = this.lastUse(copy, copy.at);
    if (from.mentions.some(({ at, writes }) => writes && at > copy.at && !this.isWrittenLast(at, until))) return false;
    this.entries[copy.at] = undefined;
    this.merge(copy, from, copy.at);
    return true;
  }

  /**
   * `to = from` or `var to = from`: computes `from` in `to`, if they are the same from the declaration of `from` to the copy,
   * and what is written to `to` behind the copy comes behind the last read of `from`.
   */
  private computeInPlace(to: Name, from: Name, copy: number): boolean {
    if (!to.isVariable || this.blocks[from.at] !== this.blocks[copy]) return false;
    const declaresTo = to.at === copy;
    if (!declaresTo && to.at > from.at) return false;
    const start = lineOf(this.entries[from.at])!;
    const startsAsTo = this.nameOf(start.value) === to;
    // As long as nothing else has been written to `from`, it is what `to` still is.
    const changed = Math.min(
      ...from.mentions.flatMap(({ at, writes }) =>
        writes && this.nameOf(lineOf(this.entries[at])?.value ?? '') !== to ? [this.startOfLoop(at, from.at)] : [],
      ),
    );
    const isBetween = ({ at }: Mention): boolean => at > from.at && at < copy;
    const isSame = (mention: Mention): boolean => startsAsTo && !mention.writes && mention.at < changed;
    if (!declaresTo && to.mentions.some((each) => isBetween(each) && !isSame(each))) return false;
    if (from.mentions.some(({ at, writes }) => writes && at > copy)) return false;
    const until = this.lastUse(from, copy);
    if (to.mentions.some(({ at, writes }) => writes && at > copy && !this.isWrittenLast(at, until))) return false;
    const { value } = start;
    const declaration = lineOf(this.entries[copy])!;
    this.entries[from.at] = {
      entry: 'line',
      line: declaresTo ? { ...declaration, value } : { line: 'set', name: to.name, value },
    };
    this.entries[copy] = undefined;
    if (declaresTo) to.at = from.at;
    else to.mentions = [...to.mentions, { at: from.at, reads: startsAsTo, writes: true }];
    this.merge(from, to, copy);
    return true;
  }

  private merge(gone: Name, into: Name, copy: number): void {
    const all = [...gone.mentions, ...into.mentions].filter(({ at }) => at !== copy);
    const byLine = new Map<number, Mention>();
    for (const each of all) {
      const known = byLine.get(each.at);
      byLine.set(each.at, {
        at: each.at,
        reads: each.reads || known?.reads === true,
        writes: each.writes || known?.writes === true,
      });
    }
    into.mentions = [...byLine.values()].sort((one, other) => one.at - other.at);
    this.called.set(gone.name, into);
  }

  /** The last line behind `from` that mentions a name; the end of a loop that repeats it. */
  private lastUse(name: Name, from: number): { readonly at: number; readonly isRepeated: boolean } {
    let [last, isRepeated] = [from, false];
    for (const { at } of name.mentions) {
      if (at <= from) continue;
      const end = this.endOfLoop(at, from);
      if (end >= last) [last, isRepeated] = [end, end > at];
    }
    return { at: last, isRepeated };
  }

  /** Whether a line writes behind the last use, or is the last use itself, which reads before it writes. */
  private isWrittenLast(at: number, until: { readonly at: number; readonly isRepeated: boolean }): boolean {
    return at > until.at || (at === until.at && !until.isRepeated && lineOf(this.entries[at]) !== undefined);
  }

  /** The outermost loop around a line that the line `from` is not in. */
  private loopAround(at: number, from: number): Block | undefined {
    let found: Block | undefined;
    for (let block: Block | undefined = this.blocks[at]; block; block = block.parent) {
      if (block.isLoop && !(block.from < from && from <= block.to)) found = block;
    }
    const each = this.entries[at];
    // The head of a loop is read in each of its turns.
    if (!found && each?.entry === 'open' && each.isLoop) return this.blocks[at + 1];
    return found;
  }

  private endOfLoop(at: number, from: number): number {
    return this.loopAround(at, from)?.to ?? at;
  }

  private startOfLoop(at: number, from: number): number {
    return this.loopAround(at, from)?.from ?? at;
  }
}

const lineOf = (each: Entry | undefined): NameLine | undefined =>
  each?.entry === 'line' && typeof each.line === 'object' ? each.line : undefined;

const textOf = (each: Entry): string =>
  each.entry === 'open'
    ? each.head
    : each.entry === 'close'
      ? each.text
      : typeof each.line === 'string'
        ? each.line
        : '';
