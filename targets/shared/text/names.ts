// Names in emitted programs, made by one function for every language: from any text, never a word of the language, never one
// that the emitted text itself uses, and never one that was given out before.
import { LONGEST_NAME } from '../../../src/names.js';
import type { Language, Source } from './source.js';

/** What may not be a name in a language. */
export interface NameRules<L extends Language> {
  readonly language: L;
  /** Words of the language and of what its programs include, and those that emitted text is written with. */
  readonly reserved: ReadonlySet<string>;
  /** What cannot be listed, such as all macros. */
  readonly isReserved?: (name: string) => boolean;
}

export interface Wanted {
  /** What a name ends with where the wanted one is not free, before numbers are tried. */
  readonly ending?: string;
  /** The names that the text makes of a name: all of them must be free. The name itself unless told. */
  readonly derived?: (name: string) => readonly string[];
}

/** An ASCII identifier that reads like `text`: words joined by single underscores, none at its ends, a letter first. */
export function identifierFrom(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_/, '')
    .slice(0, LONGEST_NAME)
    .replace(/_$/, '');
  return /^[A-Za-z]/.test(words) ? words : `value${words === '' ? '' : `_${words}`}`;
}

const itself = (name: string): readonly string[] => [name];

/** Gives out names that are used once. */
export class Names<L extends Language = Language> {
  private readonly rules: NameRules<L>;
  private readonly taken: Set<string>;

  constructor(rules: NameRules<L>, taken: Iterable<string> = []) {
    this.rules = rules;
    this.taken = new Set(taken);
  }

  /** A name like `wanted`: as it is where that is free, else with an ending or a number. */
  take(wanted: string, { ending = '', derived = itself }: Wanted = {}): Source<L> {
    const plain = identifierFrom(wanted);
    const numbered = `${plain}${ending}`;
    let name = plain;
    for (let n = 1; !derived(name).every((each) => this.isFree(each)); n += 1) {
      name = n === 1 ? numbered : `${numbered}${/\d$/.test(numbered) ? '_' : ''}${n}`;
    }
    for (const each of derived(name)) this.taken.add(each);
    return name as Source<L>;
  }

  /** Another that has given out the same names so far; by other rules where those are told. */
  copy(rules: NameRules<L> = this.rules): Names<L> {
    return new Names(rules, this.taken);
  }

  /** Names that something else than `take` has given out. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.taken.add(name);
  }

  private isFree(name: string): boolean {
    const { reserved, isReserved } = this.rules;
    return !this.taken.has(name) && !reserved.has(name) && isReserved?.(name) !== true;
  }
}
