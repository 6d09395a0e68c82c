// A record as comma-separated values (RFC 4180): one line for each variant, device, pass and shape.
// A text that a spreadsheet would take for a formula gets an apostrophe, which those show as nothing.
import type { StudyRecord } from './study.js';
import { blocksOf, type Cell, columns } from './table.js';

export function csvText(record: StudyRecord): string {
  const rows = blocksOf(record).flatMap((block) => block.rows);
  const lines = [columns.join(','), ...rows.map((row) => columns.map((column) => cellText(row[column])).join(','))];
  return lines.map((line) => `${line}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
