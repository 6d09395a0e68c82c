// Columns of text, aligned: how commands show lists on standard output.
// Plain text without lines, so that it reads well and cuts well.

export type Alignment = 'left' | 'right';

/** A row of headings and rows of cells; cells of a column are as wide as its widest. Ends with a line end. */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = [],
): string {
  const all = headings.some((heading) => heading !== '') ? [headings, ...rows] : rows;
  const widths = headings.map((_, column) => Math.max(...all.map((row) => cellWidth(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - cellWidth(cell));
        return alignments[column] === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return all.map((row) => `${line(row)}\n`).join('');
}

const cellWidth = (cell: string): number => Array.from(cell).length;
