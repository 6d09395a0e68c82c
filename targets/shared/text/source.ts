// Text of emitted programs as a type of its own. Text of a spec is a plain string, and becomes part of a program through the
// escapes below alone: as a comment, as a string, or as a name (names.ts). What joins parts to a program takes no plain string.
import { printable } from '../../../src/diagnostics/index.js';
import type { SettingValue } from '../../../src/ir/index.js';

export type Language = 'javascript' | 'wgsl' | 'cuda' | 'python';

declare const writtenIn: unique symbol;

/** Text that may stand in a program in the language. */
export type Source<L extends Language = Language> = string & { readonly [writtenIn]: L };

type Part<L extends Language> = Source<L> | number;

/** A template tag: between its own text only text of the language, and numbers, can be put in. */
export const sourceTag =
  <L extends Language>(_language: L) =>
  (texts: TemplateStringsArray, ...parts: readonly Part<L>[]): Source<L> =>
    texts.map((text, n) => `${text}${parts[n] ?? ''}`).join('') as Source<L>;

/** Parts of a program with a text between them that is the compiler's own. */
export const joined = <L extends Language>(
  parts: readonly Source<L>[],
  between: '\n' | '\n\n' | ', ' | '',
): Source<L> => parts.join(between) as Source<L>;

/** Text of which the compiler wrote every word: of a lowering, or the same for every spec. Nothing of a spec goes through here. */
export const ownText = <L extends Language>(_language: L, text: string): Source<L> => text as Source<L>;

// ── Comments ────────────────────────────────────────────────────────────────────────────────────────

/** More does not help who reads; the manifest has all of it. */
const LONGEST_LINE = 2000;

/**
 * `text` on one line without anything that a language or a terminal takes for more than text: line ends of all kinds, control
 * and formatting characters, lone surrogates.
 */
export function oneLine(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ').trim());
  return line.length <= LONGEST_LINE ? line : `${Array.from(line).slice(0, LONGEST_LINE).join('')}…`;
}

/** `// text`, in the languages that have it. A backslash at its end, or what once stood for one, would add the next line. */
export function lineComment<L extends 'javascript' | 'wgsl' | 'cuda'>(_language: L, text: string): Source<L> {
  return `// ${oneLine(text).replace(/(?:\\|\?\?\/)$/, '$&.')}` as Source<L>;
}

/** What stands in a comment between slashes and stars. */
export function insideComment<L extends 'javascript' | 'cuda'>(_language: L, text: string): Source<L> {
  return oneLine(text)
    .replace(/\*(?=\/)/g, '* ')
    .replace(/\/(?=\*)/g, '/ ') as Source<L>;
}

/** What stands in a documentation string of Python, which begins and ends with three double quotes; a line end follows it. */
export function insideDocumentation(text: string): Source<'python'> {
  return oneLine(text).replace(/\\/g, '\\\\').replace(/"""/g, '\\"\\"\\"') as Source<'python'>;
}

/** The settings of a compile, for a comment: `heads=8 padKey="left"`. */
export const settingsText = (settings: Readonly<Record<string, SettingValue>>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(' ');

// ── Strings ─────────────────────────────────────────────────────────────────────────────────────────

const hexadecimal = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A string in double quotes, ASCII alone, with escapes that JavaScript, JSON and Python read alike (Python by code units). */
const escapedString = (text: string): string => JSON.stringify(text).replace(/[^ -~]/g, hexadecimal);

/** A string literal; in single quotes where nothing in it needs an escape, as the emitted text has them. */
export function stringLiteral<L extends 'javascript' | 'python'>(_language: L, text: string): Source<L> {
  const literal = escapedString(text);
  return (/['\\]/.test(literal) ? literal : `'${literal.slice(1, -1)}'`) as Source<L>;
}

/** A program in another language as a template literal of JavaScript: its lines stay lines. */
export const templateLiteral = (text: string): Source<'javascript'> =>
  `\`${text.replace(/[\\`$]/g, '\\$&')}\`` as Source<'javascript'>;
