// Functions that kernels have made of what stands in them more than once, each written once in a module, before the kernel that
// calls it first. Their names and those within them are of words that the kernel had for the same.
import { lineText, printed, wordsOf } from '../../shared/text/lines.js';
import type { Names } from '../../shared/text/names.js';
import { localNames } from '../text/names.js';
import { assembled, type Place } from './pieces.js';
import { BARRIER, type Shapes } from './shapes.js';
import { entriesOf, type Statement } from './statements.js';

export interface FunctionParameter {
  /** What the body calls it. */
  readonly name: string;
  readonly type: string;
  readonly isPointer: boolean;
}

/** A function that does statements, or one that gives a value. */
export interface FunctionText {
  readonly parameters: readonly FunctionParameter[];
  readonly body: readonly Statement[];
  /** What it gives back, where it gives anything: what that is called where it is used, and its type. */
  readonly result?: { readonly word: string; readonly type: string } | undefined;
}

/** A name without the number that makes it one of its own. */
export const wordOf = (name: string): string => name.replace(/_\d+$/, '');

/** Names of the text of one function. */
interface Locals {
  /** By what they were called in the kernel. */
  readonly own: Map<string, string>;
  readonly names: Names<'wgsl'>;
  /** Those that are pointers, as they were called. */
  readonly pointers: ReadonlySet<string>;
}

/** What a kernel calls its thread before its lines begin. */
const THREAD = 'thread';

export class OutlinedFunctions {
  private readonly names: Names<'wgsl'>;
  private readonly known = new Map<string, string>();
  /** What the name of a function was made of. */
  private readonly stems = new Map<string, string>();
  private fresh: string[] = [];

  constructor(names: Names<'wgsl'>) {
    this.names = names;
  }

  /** The name of a function, the same one for the same text. */
  define({ parameters, body, result }: FunctionText, shapes: Shapes): string {
    const { own, names } = this.localNames();
    for (const { name } of parameters) own.set(name, names.take(wordOf(name)));
    const pointers = new Set(parameters.flatMap(({ name, isPointer }) => (isPointer ? [name] : [])));
    const renamed = this.renamed(body, shapes, { own, names, pointers });
    const list = parameters.map(
      ({ name, type, isPointer }) => `${own.get(name)}: ${isPointer ? `ptr<function, ${type}>` : type}`,
    );
    const text = [
      `(${list.join(', ')})${result ? ` -> ${result.type}` : ''} {`,
      ...printed(entriesOf(renamed)),
      '}',
    ].join('\n');
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const [stem, ending] = result ? [result.word, '_of'] : this.nameFor(parameters, body);
    const name = this.names.take(`${stem}${ending}`);
    this.stems.set(name, stem);
    this.known.set(text, name);
    this.fresh.push(`fn ${name}${text}`);
    return name;
  }

  /** The statements of a kernel, with names that have numbers only where others are called the same. */
  ofKernel(body: readonly Statement[], shapes: Shapes): readonly Statement[] {
    const locals = this.localNames();
    locals.names.reserve([THREAD]);
    locals.own.set(THREAD, THREAD);
    return this.renamed(body, shapes, { ...locals, pointers: new Set() });
  }

  private localNames(): Pick<Locals, 'own' | 'names'> {
    return { own: new Map(), names: this.names.copy(localNames) };
  }

  private renamed(body: readonly Statement[], shapes: Shapes, { own, names, pointers }: Locals): readonly Statement[] {
    const nameOf = (name: string): string => {
      const known = own.get(name) ?? names.take(wordOf(name));
      own.set(name, known);
      return known;
    };
    const textOf = ({ text, names: mentioned, role, isAddress, terms }: Place): string => {
      if (terms) return assembled(terms.literals, terms.places.map(textOf));
      if (mentioned.length === 0) return text;
      const name = nameOf(text);
      if (!pointers.has(text)) return isAddress ? `&${name}` : name;
      return isAddress ? name : role === 'write' ? `*${name}` : `(*${name})`;
    };
    return body.map((each) => shapes.rewritten(each, shapes.of(each).places.map(textOf)));
  }

  /** The functions that have been defined since it was asked last. */
  takeTexts(): readonly string[] {
    const texts = this.fresh;
    this.fresh = [];
    return texts;
  }

  /** What a function of statements is called: by the variable that it sets, or by what it calls or writes last. */
  private nameFor(parameters: readonly FunctionParameter[], body: readonly Statement[]): readonly [string, string] {
    const set = parameters.find(({ isPointer }) => isPointer);
    if (set) return [`update_${wordOf(set.name)}`, ''];
    const ending = body.length > 1 ? '_each' : '_where';
    const line = lastLine(body);
    const [word = 'step'] = wordsOf(line);
    return [this.stems.get(word) ?? (line.startsWith(`${word}(`) ? word : `set_${word}`), ending];
  }
}

/** The last line that is no barrier. */
function lastLine(body: readonly Statement[]): string {
  for (const each of [...body].reverse()) {
    const line = each.kind === 'line' ? lineText(each.line) : lastLine(each.parts.at(-1)!.body);
    if (line !== '' && line !== BARRIER) return line;
  }
  return '';
}
