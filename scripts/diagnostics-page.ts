// Writes the text of docs/diagnostics.md from the catalogue of diagnostics.
// test/diagnostics/page.test.ts compares the page with it; with `UPDATE_GOLDEN=1 vitest run test/diagnostics` it is written anew.
import type { CatalogueEntry } from '../src/diagnostics/catalogue/entry.js';
import { sections } from '../src/diagnostics/catalogue/index.js';

const INTRODUCTION = `# Diagnostics

Every diagnostic that Heddle raises: what it says, why the rule exists, and what to do. Codes are stable; wordings are
not, so match on codes. Names in ‹angle brackets› stand for what the diagnostic fills in. This page is generated from
\`src/diagnostics/catalogue/\`.
`;

/** The whole page, with a line end after its last line. */
export function diagnosticsPage(): string {
  return [INTRODUCTION, ...Object.values(sections).flatMap(sectionText)].join('\n');
}

function sectionText({ title, entries }: { title: string; entries: object }): string[] {
  const inOrder = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
  if (inOrder.length === 0) return [];
  return [`## ${title}\n`, ...inOrder.map(([code, entry]) => entryText(code, entry))];
}

function entryText(code: string, { title, message, hint, explanation, example }: CatalogueEntry<object>): string {
  let calculates = false;
  const details =
    example ??
    namesOfDetails(() => {
      calculates = true;
    });
  const [says, todo] = [message(details), hint(details)];
  if (calculates && /NaN/.test(says + todo)) {
    throw new Error(`${code} calculates with its details, so the page cannot show their names: give it an example`);
  }
  return `### ${code}: ${escaped(title)}

> ${escaped(says)}

- **Why**: ${escaped(explanation)}
- **What to do**: ${escaped(todo)}
`;
}

/** Details that read as their own names in a sentence; `onCalculation` is called when one is used as a number. */
function namesOfDetails(onCalculation: () => void): object {
  return new Proxy({}, { get: (_, name) => placeholder(String(name), undefined, onCalculation) });
}

/** Reads as ‹name› in a sentence; its methods return it, and taken for a list it holds itself once. */
function placeholder(name: string, owner: unknown, onCalculation: () => void): unknown {
  const text = (kind?: string) => {
    if (kind === 'number') onCalculation();
    return `‹${name}›`;
  };
  const asText: ReadonlySet<PropertyKey> = new Set([Symbol.toPrimitive, 'toString', 'toJSON']);
  const self: unknown = new Proxy(() => undefined, {
    get(_, property) {
      if (asText.has(property)) return text;
      if (property === Symbol.iterator) return () => [self].values();
      return placeholder(`${name}.${String(property)}`, self, onCalculation);
    },
    apply: () => owner,
  });
  return self;
}

/** Text as Markdown that shows it unchanged; what stands between backticks is code already. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_<>[\]|#]/g, '\\$&')))
    .join('');
}
