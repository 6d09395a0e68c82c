// The table of variants: its head with a button to sort by each column, and its rows with a button to make each the base.
// The document has it as it is first; the page writes it anew when something is chosen.
import { html, type Markup, nothing } from './markup.js';
import { type Cell, type Column, columns, type Row } from './rows.js';
import type { Selection } from './selection.js';

const groupTitles: Readonly<Record<Column['group'], string>> = {
  variant: '',
  time: 'Time',
  correctness: 'Correctness',
  cost: 'Cost',
  kernels: 'Kernels',
};

/** Columns of which some row has something to say. */
export function shownColumns(rows: readonly Row[]): readonly Column[] {
  return columns.filter(
    ({ id, group }) => group === 'variant' || rows.some(({ cells }) => cells.get(id)!.tone !== 'hole'),
  );
}

export function variantsTable(rows: readonly Row[], shown: readonly Column[], selection: Selection): Markup {
  const groups = [...new Set(shown.map(({ group }) => group))];
  return html`<table class="data variants"><caption class="unseen">Variants, their correctness and cost. Columns can be sorted by the buttons in their heads.</caption>
<thead><tr class="groups">${groups.map((group) => {
    const span = shown.filter((column) => column.group === group).length;
    return group === 'variant'
      ? html`<td colspan="${span}"></td>`
      : html`<th scope="colgroup" colspan="${span}">${groupTitles[group]}</th>`;
  })}</tr>
<tr>${shown.map((column) => headCell(column, selection))}</tr></thead>
<tbody>${rows.map((row) => bodyRow(row, shown, selection))}</tbody></table>`;
}

function headCell({ id, title, meaning, isNumber }: Column, { sort, descending }: Selection): Markup {
  const order = sort !== id ? 'none' : descending ? 'descending' : 'ascending';
  const mark = sort !== id ? '' : descending ? '▼' : '▲';
  return html`<th scope="col" aria-sort="${order}"${isNumber && html` class="number"`}><button type="button" data-sort="${id}" title="${meaning}">${title}<span aria-hidden="true" class="order">${mark}</span></button></th>`;
}

function bodyRow({ variant, cells }: Row, shown: readonly Column[], { base }: Selection): Markup {
  const isBase = variant.name === base;
  const [, ...rest] = shown;
  return html`<tr data-variant="${variant.name}"${isBase && html` class="base"`}><th scope="row"><button type="button" class="choose-base" data-base="${variant.name}" aria-pressed="${isBase ? 'true' : 'false'}" title="${isBase ? 'The base of all ratios' : 'Compare all with this one'}"><span class="unseen">${isBase ? 'Base: ' : 'Make the base: '}</span><span class="mark" aria-hidden="true"></span>${variant.name}</button></th>${rest.map(
    (column) => bodyCell(cells.get(column.id)!, column),
  )}</tr>
`;
}

function bodyCell({ text, order, tone, detail }: Cell, { isNumber }: Column): Markup {
  const kinds = [isNumber ? 'number' : '', tone ?? ''].filter((kind) => kind !== '').join(' ');
  const data = typeof order === 'number' ? html` data-value="${order}"` : nothing;
  return html`<td${kinds !== '' && html` class="${kinds}"`}${data}${detail !== undefined && html` title="${detail}"`}>${text}</td>`;
}
