// The frame of every picture: a title, the picture, a caption that says how to read it, its numbers as a table, downloads.
// And the tables themselves, with numbers as data beside what is shown, so that downloads have them in full.
import { html, type Markup, nothing } from './markup.js';

export interface Figure {
  /** Unique in the document; part of file names. */
  readonly id: string;
  readonly title: string;
  /** What it is of, where several figures have the same title. */
  readonly of?: string;
  readonly caption: string | Markup;
  readonly picture: Markup;
  /** Absent where the page writes it on demand, of a graph from the statements of its nodes. */
  readonly table?: Markup;
  /** Above the picture: what the reader can choose. */
  readonly controls?: Markup;
  readonly downloads?: readonly Download[];
}

export type Download = 'svg' | 'csv' | 'json';
const allDownloads: readonly Download[] = ['svg', 'csv', 'json'];

export function figure({ id, title, of, caption, picture, table, controls, downloads = allDownloads }: Figure): Markup {
  const named = of === undefined ? title : `${title}, ${of}`;
  return html`<figure id="${id}" class="figure" aria-labelledby="${id}-title">
<h3 id="${id}-title">${title}</h3>
${controls ?? nothing}<div class="picture">${picture}</div>
<figcaption>${caption}</figcaption>
<div class="below"><details class="numbers"><summary>Numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers: ${named}">${table ?? nothing}</div></details>
<div class="downloads" role="group" aria-label="Download ${named}">${downloads.map(
    (kind) =>
      html`<button type="button" data-download="${kind}" aria-label="Download ${named} as ${kind.toUpperCase()}">${kind.toUpperCase()}</button>`,
  )}</div></div>
</figure>
`;
}

/** A cell of a table of numbers: shown as `text`, downloaded as `value`. */
export type TableCell = string | number | { readonly text: string; readonly value: number | string };

export interface NumbersTable {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
}

export function numbersTable({ label, columns, rows }: NumbersTable): Markup {
  const isNumber = (column: number): boolean =>
    rows.some((row) => typeof numberOf(row[column]) === 'number') &&
    rows.every((row) => typeof numberOf(row[column]) === 'number' || numberOf(row[column]) === '');
  const numeric = columns.map((_, column) => isNumber(column));
  return html`<table class="data"><caption class="unseen">${label}</caption>
<thead><tr>${columns.map((column, n) => html`<th scope="col"${numeric[n] && html` class="number"`}>${column}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, n) => {
      const [text, value] = [textOf(cell), numberOf(cell)];
      const data = typeof value === 'number' || value !== text ? html` data-value="${value}"` : nothing;
      const align = numeric[n] ? html` class="number"` : nothing;
      return n === 0 ? html`<th scope="row"${align}${data}>${text}</th>` : html`<td${align}${data}>${text}</td>`;
    })}</tr>
`,
  )}</tbody></table>`;
}

const textOf = (cell: TableCell): string => (typeof cell === 'object' ? cell.text : String(cell));
const numberOf = (cell: TableCell | undefined): number | string =>
  typeof cell === 'object' ? cell.value : (cell ?? '');
