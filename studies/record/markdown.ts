// A record as Markdown: what was asked and where, a table for each device, pass and shape, and what failed.
// Texts of the study are escaped, so that they stay in their cells.
import type { StudiedDevice, StudyRecord } from './study.js';
import { type Block, blocksOf, type Cell, type Column } from './table.js';

export function markdownText(record: StudyRecord): string {
  const { title, name, summary, asked, ran, devices } = record;
  const versions = Object.entries(ran.versions).map(([what, version]) => `${what} ${version}`);
  const parts = [
    `# ${escaped(title ?? name)}`,
    ...(summary === undefined ? [] : [escaped(summary)]),
    `\`${asked.command.replaceAll('`', "'")}\``,
    `${escaped(ran.machine.processor)}, ${ran.machine.cores} cores, ${escaped(ran.machine.system)}; ${versions.join(', ')}; ${ran.date}`,
    devices.map(deviceLine).join('\n'),
    ...blocksOf(record).map((block) => blockText(block, record)),
    ...failuresText(record),
  ];
  return `${parts.join('\n\n')}\n`;
}

function deviceLine({ name, kind, detail, missing, untimed }: StudiedDevice): string {
  const more = missing === undefined ? (untimed === undefined ? '' : `; not timed, ${untimed}`) : `missing: ${missing}`;
  return `- **${escaped(name)}** (${kind}): ${escaped(detail)}${escaped(more)}`;
}

const shown: readonly (readonly [heading: string, column: Column, text: (cell: Cell) => string])[] = [
  ['variant', 'variant', (cell) => escaped(String(cell))],
  ['settings', 'settings', (cell) => escaped(String(cell ?? ''))],
  ['check', 'check', (cell) => String(cell ?? '')],
  ['error', 'error', (cell) => (typeof cell === 'number' ? cell.toExponential(1) : '')],
  ['parameters', 'parameters', counted],
  ['operations', 'operations', counted],
  ['bytes moved', 'bytes_moved', counted],
  ['kernels', 'kernels', counted],
  ['ms', 'milliseconds', (cell) => (typeof cell === 'number' ? cell.toPrecision(3) : '')],
  ['ratio', 'ratio', (cell) => (typeof cell === 'number' ? cell.toFixed(3) : '')],
  ['from', 'ratio_low', (cell) => (typeof cell === 'number' ? cell.toFixed(3) : '')],
  ['to', 'ratio_high', (cell) => (typeof cell === 'number' ? cell.toFixed(3) : '')],
  ['verdict', 'verdict', (cell) => String(cell ?? '')],
  ['because', 'because', (cell) => escaped(String(cell ?? ''))],
];

function counted(cell: Cell): string {
  return typeof cell === 'number' ? cell.toLocaleString('en', { maximumFractionDigits: 0 }) : '';
}

function blockText({ device, pass, shape, comparisons, rows }: Block, record: StudyRecord): string {
  const { batch, queries, keys } = record.shapes[shape]!;
  const noise = comparisons?.noise;
  const lines = [
    shown.map(([heading]) => heading),
    shown.map(() => '---'),
    ...rows.map((row) => shown.map(([, column, text]) => text(row[column]))),
  ];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const caption =
    noise === undefined
      ? ''
      : `\n\nThe base against itself: ${noise.median.toFixed(3)} (${noise.low.toFixed(3)} to ${noise.high.toFixed(3)}) over ${comparisons!.rounds} rounds.`;
  const more = pass === 'backward' ? ', gradients' : '';
  return `## ${escaped(device.name)} (${device.kind})${more}, batch ${batch}, ${queries} queries, ${keys} keys\n\n${table}${caption}`;
}

function failuresText({ variants }: StudyRecord): readonly string[] {
  const lines = variants.flatMap(({ name, failures, checks }) => [
    ...failures.map(({ stage, message }) => `- **${escaped(name)}**, ${escaped(stage)}: ${escaped(message)}`),
    ...checks
      .filter(({ passed }) => !passed)
      .map(
        ({ device, problems }) =>
          `- **${escaped(name)}**, check on ${escaped(device)}: ${escaped(problems.join('; '))}`,
      ),
  ]);
  return lines.length === 0 ? [] : ['## What failed', lines.join('\n')];
}

/** On one line, and without what Markdown or HTML would read. */
const escaped = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`)
    .replaceAll('&', '&amp;');
