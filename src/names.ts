// What may name a setting, an export, an input, an output or a score graph: an ASCII identifier, the same rule wherever a
// name comes in. Names appear in programs, in file names and as keys of objects in every language that is emitted.

/** No name needs more, and names of files have room for an ending. */
export const LONGEST_NAME = 100;

/** What a name must be, to go on after "use" or "must be". */
export const NAME_RULE = `at most ${LONGEST_NAME} ASCII letters, digits and underscores, a letter or underscore first`;

/**
 * Whether `text` is a name. `__proto__` is none: an object in JavaScript cannot be written with such a key, so that a caller
 * could not give the tensor or the setting.
 */
export function isName(text: string): boolean {
  return text.length <= LONGEST_NAME && isSafeName(text);
}

/** The rule without its length: names that passes make of names, such as `grad_q`, are longer than what they come from. */
export function isSafeName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && text !== '__proto__';
}

/** `text` as a name in camel case, undefined where nothing of it can stand in one: `row-bias` is `rowBias`. */
export function nameFrom(text: string): string | undefined {
  const words = text
    .normalize('NFKD')
    .split(/[^A-Za-z0-9_]+/)
    .filter((word) => word !== '');
  const joined = words.map((word, n) => (n === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
  const name = (/^\d/.test(joined) ? `spec${joined}` : joined).slice(0, LONGEST_NAME);
  return isName(name) ? name : undefined;
}
