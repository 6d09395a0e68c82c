// Markup as a type of its own. Everything of a record is a stranger's text and stays a plain string: `html` escapes each
// plain string put into it, and takes as it is only what `html` made before. This is the one escape of a report.

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What no document can hold, control characters and halves of pairs, becomes U+FFFD. */
export const holdable = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');

/** Text as it stands between tags and in quoted attributes. */
const escaped = (text: string): string => holdable(text).replace(/[&<>"']/g, (character) => entities[character]!);

/** HTML or SVG that may stand in a document. */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** Markup that `html` made when the document was written, and that comes back out of its data. */
  static written(this: void, text: string): Markup {
    return new Markup(text);
  }

  /** A template tag: its own text is markup, what is put in is not unless it is Markup. */
  static html(this: void, texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
    return new Markup(texts.map((text, n) => text + (n < parts.length ? textOf(parts[n]) : '')).join(''));
  }
}

/** What can be put into markup: `undefined` and `false` are nothing, lists are joined without anything between. */
export type Part = Markup | string | number | undefined | false | readonly Part[];

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join('');
  return escaped(String(part));
}

export const { html, written } = Markup;

export const nothing: Markup = html``;
