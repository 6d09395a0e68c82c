// Tables of the benchmark: in columns for a terminal, and as Markdown between the marks of bench/README.md.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { markdownOf, type ResultsFile, withTables } from '../../bench/readme-tables.js';
import { type Measured, summarise } from '../../bench/results.js';
import { tableOf, timeText } from '../../bench/table.js';
import { millisecondsOf } from '../../bench/timestamps.js';
import { inRepository } from '../cli/harness.js';

const measured = (contender: string, length: number, factor: number): Measured => ({
  workload: 'plain-64',
  length,
  contender,
  what: '',
  error: 2e-7,
  bytes: length * 1024 * factor,
  dispatches: factor,
  milliseconds: [4 * factor, 5 * factor, 6 * factor],
  processorMilliseconds: [8 * factor, 10 * factor, 12 * factor],
  deviceMilliseconds: [],
});
const results = summarise([
  measured('heddle', 256, 1),
  { ...measured('onnxruntime', 256, 2), wrong: ['out wrong by 3.0e-3'] },
  measured('heddle', 512, 1),
  measured('onnxruntime', 512, 3),
]);

it('columns hold both clocks, and how bytes grow', () => {
  const lines = tableOf(results).split('\n');
  expect(lines[2]).toMatch(
    /256 +onnxruntime +2\.00× .* 10\.0 ms +2\.00× +20\.0 ms +2 .* 2\.0e-7, out wrong by 3\.0e-3$/,
  );
  expect(lines[4]).toMatch(/0\.0 ms|15\.0 ms/);
  expect(lines[4]).toContain('~T^1.6');
});

it.each([
  [0.0123, '0.012 ms'],
  [1.234, '1.23 ms'],
  [12.34, '12.3 ms'],
  [1234.5, '1235 ms'],
])('%f milliseconds are %s', (median, text) => expect(timeText({ median })).toBe(text));

const file: ResultsFile = {
  date: '2026-01-02',
  dtype: 'f32',
  device: { name: 'wgpu', description: 'llvmpipe', device: '' },
  settings: { repeats: 3 },
  results,
};

it('Markdown has a line for each length, and a column for each contender that took part', () => {
  const lines = markdownOf(file).split('\n');
  expect(lines[0]).toBe('### wgpu: llvmpipe, f32');
  expect(lines.slice(4)).toEqual([
    '|  | T | heddle | onnxruntime |',
    '| --- | --: | --: | --: |',
    '| plain causal attention, 8 heads of 64 | 256 | 5.00 ms / 10.0 ms | 2.00× / 2.00×, wrong |',
    '| plain causal attention, 8 heads of 64 | 512 | 5.00 ms / 10.0 ms | 3.00× / 3.00× |',
    '',
  ]);
});

it('stand between marks, and nothing else changes', () => {
  const page = readFileSync(inRepository('bench/README.md'), 'utf8');
  const once = withTables(page, 'TABLES\n');
  expect(withTables(once, 'TABLES\n')).toBe(once);
  expect(once).toContain('TABLES');
  expect(once.split('## Results')[0]).toBe(page.split('## Results')[0]);
  expect(() => withTables('no marks', '')).toThrow('no place for tables');
});

it('times within passes are sums of intervals, and nothing where no clock has moved', () => {
  expect(millisecondsOf(BigUint64Array.of(10n, 1_000_010n, 5n, 500_005n))).toBe(1.5);
  // A counter that was set back between two stamps tells nothing.
  expect(millisecondsOf(BigUint64Array.of(10n, 5n, 0n, 1000n))).toBe(0.001);
  expect(millisecondsOf(BigUint64Array.of(7n, 7n))).toBeUndefined();
});
