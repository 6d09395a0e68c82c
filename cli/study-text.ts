// A study as people see it when it is done: a table for each device, pass and shape, what failed, and where the report is.
// The same numbers as in the report, for its base.

import { renderTable } from '../driver/table.js';
import { painter } from '../src/diagnostics/color.js';
import { printable } from '../src/diagnostics/printable.js';
import { type Block, blocksOf } from '../studies/record/table.js';
import type { Ablation } from './studies.js';

export function studyText({ record, files, performed }: Ablation, color: boolean): string {
  const paint = painter(color);
  const tables = blocksOf(record).map((block) => blockText(block, record.shapes[block.shape]!, color));
  const failures = record.variants.flatMap(({ name, failures: found, checks }) => [
    ...found.map(({ stage, code, message }) => `${name}, ${stage}: ${code === undefined ? '' : `${code}: `}${message}`),
    ...checks
      .filter(({ passed }) => !passed)
      .map(({ device, problems }) => `${name}, check on ${device}: ${problems.join('; ')}`),
  ]);
  const missing = record.devices.flatMap(({ name, missing: why }) =>
    why === undefined ? [] : [`${name} cannot run here: ${why}`],
  );
  const lines = [
    ...missing,
    ...failures.map((line) => `${paint('error', 'failed')}  ${printable(line)}`),
    performed === 0 ? 'nothing had changed: all of it was known' : '',
    `report: ${files[0]}`,
  ];
  return `${tables.join('\n')}\n${lines.filter((line) => line !== '').join('\n')}\n`;
}

function blockText(
  { device, pass, comparisons, rows }: Block,
  shape: { readonly batch: number; readonly queries: number; readonly keys: number },
  color: boolean,
): string {
  const paint = painter(color);
  const fixed = (cell: unknown, digits: number): string => (typeof cell === 'number' ? cell.toFixed(digits) : '');
  const table = renderTable(
    ['variant', 'check', 'parameters', 'kernels', 'ms', 'ratio', 'interval', 'verdict'],
    rows.map((row) => [
      printable(String(row.variant)),
      row.check === undefined ? '' : row.check === 'pass' ? paint('hint', 'pass') : paint('error', 'FAIL'),
      String(row.parameters ?? ''),
      String(row.kernels ?? ''),
      typeof row.milliseconds === 'number' ? row.milliseconds.toPrecision(3) : '',
      fixed(row.ratio, 3),
      row.ratio === undefined ? '' : `${fixed(row.ratio_low, 3)}–${fixed(row.ratio_high, 3)}`,
      row.verdict === undefined ? '' : `${row.verdict} (${row.because})`,
    ]),
    ['left', 'left', 'right', 'right', 'right', 'right'],
  );
  const noise = comparisons?.noise;
  const against =
    noise === undefined ? '' : `the base against itself: ${noise.low.toFixed(3)}–${noise.high.toFixed(3)}\n`;
  const { batch, queries, keys } = shape;
  const more = pass === 'backward' ? ', gradients' : '';
  return `${device.name} (${device.kind})${more}, shape ${batch},${queries},${keys}\n${table}${against}`;
}
