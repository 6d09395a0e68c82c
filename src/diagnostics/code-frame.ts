// The source lines around a span, numbered, with carets under the span: what a diagnostic shows of a spec.
// Works in terminal cells, so that carets stand under their characters after tabs and wide characters too.
import { painter } from './color.js';
import type { SourceSpan } from './diagnostic.js';

export interface CodeFrameOptions {
  /** Lines shown before and after the span; 2 unless told. */
  readonly context?: number;
  readonly color?: boolean;
  /** Cells of source shown per line; longer lines are cut around the span. 100 unless told. */
  readonly width?: number;
}

type Place = Omit<SourceSpan, 'file'>;

const TAB_WIDTH = 4;
/** A longer span shows its first and last lines only. */
const MOST_MARKED_LINES = 8;
const MARKED_LINES_BEFORE_GAP = 4;
const MARKED_LINES_AFTER_GAP = 2;

// The line ends of ECMAScript, which are the ones that the compiler's line numbers count.
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;
const ZERO_WIDTH = /^[\p{M}\ufeff]$/u;
const UNPRINTABLE = /^[\p{Cc}\p{Cf}\p{Cs}]$/u;
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]$/u;

/** A line laid out in cells: `cellOf[n]` is the cell where its n-th UTF-16 unit starts. */
interface CellLine {
  readonly cells: readonly string[];
  readonly cellOf: readonly number[];
}

/**
 * The frame of `span` in `sourceText`, without a line end after its last line. A span that reaches beyond the text is
 * shown at the nearest place inside it; an empty one gets one caret.
 */
export function codeFrame(sourceText: string, span: Place, options: CodeFrameOptions = {}): string {
  const { context = 2, color = false, width = 100 } = options;
  const lines = sourceText.split(LINE_END);
  const { line: firstLine, column, endLine: lastLine, endColumn } = insideText(span, lines);
  const shown = shownLines(firstLine, lastLine, context, lines.length);
  const gutterWidth = String(shown.at(-1)).length;

  const sourceOf = (number: number) => lines[number - 1] ?? '';
  const offset = windowStart(toCells(sourceOf(firstLine)), column - 1, width);
  const frame: string[] = [];
  let previous = (shown[0] ?? 1) - 1;
  for (const number of shown) {
    if (number !== previous + 1) frame.push(`  ${'.'.repeat(gutterWidth)} |`);
    previous = number;
    const layout = toCells(sourceOf(number));
    const marked = number >= firstLine && number <= lastLine;
    const numberText = String(number).padStart(gutterWidth);
    frame.push(`${marked ? '>' : ' '} ${numberText} | ${windowOf(layout.cells, offset, width)}`.trimEnd());
    if (!marked) continue;
    const start = number === firstLine ? column - 1 : indentation(sourceOf(number));
    const end = number === lastLine ? endColumn - 1 : layout.cellOf.length - 1;
    const carets = caretsUnder(layout, start, end, offset, width);
    if (carets !== '') frame.push(`  ${' '.repeat(gutterWidth)} | ${carets}`);
  }
  return colorFrame(frame.join('\n'), color);
}

/** Styles a plain frame: numbers and bars in the background, markers and carets in the error's colour. */
export function colorFrame(frame: string, color: boolean): string {
  if (!color) return frame;
  const paint = painter(color);
  return frame.replace(
    /^([> ])( +[\d.]* *\|(?: +(?=\^+$))?)(\^+$)?/gm,
    (_, marker: string, gutter: string, carets?: string) => {
      const shownMarker = marker === '>' ? paint('error', marker) : marker;
      return shownMarker + paint('gutter', gutter) + (carets === undefined ? '' : paint('error', carets));
    },
  );
}

/** `span` moved inside the text and put in order, so that a stale or careless span still shows something. */
function insideText(span: Place, lines: readonly string[]): Place {
  const within = (value: number, most: number) => Math.min(Math.max(1, Math.trunc(value) || 1), most);
  const lengthOf = (line: number) => lines[line - 1]?.length ?? 0;
  const line = within(span.line, lines.length);
  const column = within(span.column, lengthOf(line) + 1);
  let endLine = Math.max(line, within(span.endLine, lines.length));
  let endColumn = within(span.endColumn, lengthOf(endLine) + 1);
  // The end is exclusive: a span that ends before a line's first character does not touch that line.
  if (endLine > line && endColumn === 1) {
    endLine -= 1;
    endColumn = lengthOf(endLine) + 1;
  }
  return { line, column, endLine, endColumn: endLine === line ? Math.max(column, endColumn) : endColumn };
}

function shownLines(first: number, last: number, context: number, count: number): number[] {
  const from = Math.max(1, first - context);
  const to = Math.min(count, last + context);
  const skipped = (number: number) =>
    last - first + 1 > MOST_MARKED_LINES &&
    number >= first + MARKED_LINES_BEFORE_GAP &&
    number <= last - MARKED_LINES_AFTER_GAP;
  const shown: number[] = [];
  for (let number = from; number <= to; number += 1) if (!skipped(number)) shown.push(number);
  return shown;
}

function toCells(line: string): CellLine {
  const cells: string[] = [];
  const cellOf: number[] = [];
  for (const character of line) {
    for (let unit = 0; unit < character.length; unit += 1) cellOf.push(cells.length);
    if (character >= ' ' && character <= '~') {
      cells.push(character);
    } else if (character === '\t') {
      do cells.push(' ');
      while (cells.length % TAB_WIDTH !== 0);
    } else if (ZERO_WIDTH.test(character)) {
      if (cells.length > 0) cells[cells.length - 1] += character;
    } else if (UNPRINTABLE.test(character)) {
      cells.push('\ufffd');
    } else {
      cells.push(character);
      if (WIDE.test(character)) cells.push('');
    }
  }
  cellOf.push(cells.length);
  return { cells, cellOf };
}

/** The first cell to show: 0 unless the span would start beyond, or near, the right edge. */
function windowStart(layout: CellLine, unit: number, width: number): number {
  const start = layout.cellOf[unit] ?? 0;
  if (layout.cells.length <= width || start < (width * 2) / 3) return 0;
  return Math.max(0, Math.min(start - Math.floor(width / 3), layout.cells.length - width));
}

function windowOf(cells: readonly string[], offset: number, width: number): string {
  const shown = cells.slice(offset, offset + width);
  if (offset > 0) shown[0] = '…';
  if (cells.length > offset + width) shown[shown.length - 1] = '…';
  return shown.join('');
}

function caretsUnder(layout: CellLine, startUnit: number, endUnit: number, offset: number, width: number): string {
  const { cellOf } = layout;
  const cellAt = (unit: number) => cellOf[Math.min(unit, cellOf.length - 1)] ?? 0;
  const start = Math.max(cellAt(startUnit) - offset, 0);
  // A further line of the span whose text begins beyond what is shown.
  if (start > width) return '';
  const end = Math.min(Math.max(cellAt(endUnit), cellAt(startUnit) + 1) - offset, Math.max(width, start + 1));
  return end > start ? ' '.repeat(start) + '^'.repeat(end - start) : '';
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
