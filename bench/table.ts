// The table of a workload for people, as text in columns: one line for each contender at each length.
// Ratios are over the first contender's times: above 1 is slower than it.
import type { Statistics, Summary } from './results.js';

const header = [
  'T',
  'contender',
  'ratio',
  'range',
  'median',
  'by processor',
  'median',
  'dispatches',
  'buffers',
  'error',
];

export function tableOf(summaries: readonly Summary[]): string {
  const rows = summaries.map(({ length, contender, detail, ratio, milliseconds, dispatches, bytes, ...each }) => [
    String(length),
    detail === undefined ? contender : `${contender} (${detail})`,
    `${ratio.median.toFixed(2)}×`,
    `${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)}`,
    timeText(milliseconds),
    each.processorRatio ? `${each.processorRatio.median.toFixed(2)}×` : '',
    each.processorMilliseconds ? timeText(each.processorMilliseconds) : '',
    String(dispatches),
    `${(bytes / 2 ** 20).toFixed(1)} MiB${growth(summaries, contender, length, bytes)}`,
    errorText(each.error, each.wrong),
  ]);
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const isText = (column: number): boolean => column === 1;
  return lines
    .map((line) =>
      line
        .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Milliseconds, short ones with a digit or two more. */
export function timeText({ median }: Pick<Statistics, 'median'>): string {
  const digits = median < 1 ? 3 : median < 10 ? 2 : median < 100 ? 1 : 0;
  return `${median.toFixed(digits)} ms`;
}

/** The error of what is right, and what is wrong; neither where something else is computed. */
export function errorText(error: number | undefined, wrong: readonly string[] = []): string {
  const right = error === undefined ? [] : [error.toExponential(1)];
  return [...right, ...wrong].join(', ') || 'other';
}

/** How bytes grow from the length before: about 1 is linear, about 2 a matrix of scores. */
function growth(summaries: readonly Summary[], contender: string, length: number, bytes: number): string {
  const before = summaries.filter((each) => each.contender === contender && each.length < length).at(-1);
  if (!before) return '';
  const power = Math.log(bytes / before.bytes) / Math.log(length / before.length);
  return ` ~T^${power.toFixed(1)}`;
}
