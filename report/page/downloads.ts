// Downloads of a figure: its picture as SVG with the style it needs, its numbers as CSV and JSON.
// Files are made in the page from what it shows; nothing is asked of any server.

export function save(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The text of an SVG file: the picture with the page's style in the theme that is shown. */
export function svgFile(picture: SVGElement): string {
  const copy = picture.cloneNode(true) as SVGElement;
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  const shown = getComputedStyle(document.documentElement);
  const sheet = document.querySelector('style')?.textContent ?? '';
  const names = new Set(Array.from(sheet.matchAll(/(--[a-z-]+):/g), ([, name]) => name!));
  const variables = [...names].map((name) => `${name}:${shown.getPropertyValue(name)}`).join(';');
  // Rules alone: those of a medium would follow the viewer's theme, and variables stand as they are shown.
  const rules = sheet.replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '').replace(/:root\{[^}]*\}/g, '');
  style.textContent = `${rules}svg{${variables};background:var(--ground);font-family:sans-serif}`;
  copy.prepend(style);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(copy);
}

type Row = readonly (string | number)[];

/** The rows of a table in the document: numbers in full where cells have them. */
export function rowsOfTable(table: HTMLTableElement): readonly Row[] {
  const rows = [...table.rows].filter((row) => !row.classList.contains('groups'));
  return rows.map((row) =>
    [...row.cells].map((cell) => {
      const value = cell.dataset['value'];
      const text = [...cell.querySelectorAll('.unseen, .order')].reduce(
        (rest, { textContent }) => rest.replace(textContent ?? '', ''),
        cell.textContent ?? '',
      );
      return value !== undefined && value !== '' && Number.isFinite(Number(value)) ? Number(value) : text.trim();
    }),
  );
}

/** RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe. */
export const csvFile = (rows: readonly Row[]): string =>
  rows
    .map((row) =>
      row
        .map((cell) => {
          if (typeof cell === 'number') return String(cell);
          const safe = /^[=+@\t\r]|^-(?!\d)/.test(cell) ? `'${cell}` : cell;
          return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
        })
        .join(','),
    )
    .join('\r\n');

export function jsonFile([head = [], ...rows]: readonly Row[]): string {
  const objects = rows.map((row) => Object.fromEntries(row.map((cell, n) => [String(head[n] ?? n), cell])));
  return `${JSON.stringify(objects, undefined, 1)}\n`;
}
