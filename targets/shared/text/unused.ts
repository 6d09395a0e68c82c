// Leaves out names of values that nothing reads: compilers warn of them, and they are text for nothing.
// What a line declares and what it mentions stands in lines.ts; nothing is left out that has an effect.
import { type Entry, lineText, wordsOf } from './lines.js';

/** The lines without constants, and without variables, that nothing else mentions. */
export function withoutUnused(entries: readonly Entry[]): readonly Entry[] {
  const words = entries.map(wordsIn);
  const mentions = new Map<string, number>();
  const declarations = new Map<string, number>();
  for (const [n, each] of entries.entries()) {
    for (const word of words[n]!) mentions.set(word, (mentions.get(word) ?? 0) + 1);
    const name = declaredBy(each);
    if (name !== undefined) declarations.set(name, n);
  }
  const dropped = new Set<number>();
  // What only a dropped line mentions is dropped too.
  const drop = (name: string): void => {
    const declaration = declarations.get(name);
    if (declaration === undefined || mentions.get(name) !== 1 || dropped.has(declaration)) return;
    dropped.add(declaration);
    for (const word of words[declaration]!) {
      mentions.set(word, mentions.get(word)! - 1);
      if (word !== name) drop(word);
    }
  };
  for (const name of declarations.keys()) drop(name);
  return dropped.size === 0 ? entries : entries.filter((_, n) => !dropped.has(n));
}

const wordsIn = (each: Entry): readonly string[] =>
  wordsOf(each.entry === 'line' ? lineText(each.line) : each.entry === 'open' ? each.head : each.text);

const declaredBy = (each: Entry): string | undefined =>
  each.entry === 'line' && typeof each.line === 'object' && each.line.declared !== undefined
    ? each.line.name
    : undefined;
