// The tables of bench/README.md, written from the JSON of the results between two marks: nobody copies numbers by hand.
// A cell says how much longer a contender takes than Heddle, by the clock and by time of processors.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeasuredDevice, Ratio, Summary } from './results.js';
import { timeText } from './table.js';
import { workloadNames } from './workloads.js';

const README = 'bench/README.md';
const START = '<!-- tables: npm run bench -- --table -->';
const END = '<!-- end of tables -->';

/** What of a file of results the tables show. */
export interface ResultsFile {
  readonly date?: string;
  readonly dtype: string;
  readonly device: Pick<MeasuredDevice, 'description' | 'device'> & { readonly name: string };
  readonly settings: { readonly repeats: number };
  readonly results: readonly Summary[];
}

/** Writes the tables of all results in `folder` into the README. @throws Error where there are no results. */
export function writeTables(folder: string): void {
  const files = readdirSync(folder).filter((name) => /^webgpu-.*\.json$/.test(name));
  if (files.length === 0) throw new Error(`${folder} holds no results: npm run bench measures them`);
  const all = files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ResultsFile);
  writeFileSync(README, withTables(readFileSync(README, 'utf8'), all.map(markdownOf).join('\n')));
}

/** The page with `tables` between its marks. @throws Error where it has none. */
export function withTables(page: string, tables: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${README} has no place for tables: ${START} … ${END}`);
  return `${page.slice(0, start + START.length)}\n\n${tables}\n${page.slice(end)}`;
}

/** The columns beside Heddle's own times, where somebody has them. */
const columns = [
  'onnxruntime',
  'jax-js jit',
  'jax-js',
  'jax-js without masks',
  'heddle, materialised',
  'heddle, device limits',
];

export function markdownOf({ date, dtype, device, results }: ResultsFile): string {
  const present = columns.filter((column) => results.some(({ contender }) => contender === column));
  const when = date === undefined ? '' : `, ${date}`;
  // Parts of a run may have had fewer.
  const roundsOf = ({ milliseconds }: Summary): number => milliseconds.all.length;
  const most = Math.max(...results.map(roundsOf));
  const lines = workloadNames.flatMap(({ name, title }) => {
    const own = results.filter(({ workload }) => workload === name);
    const lengths = [...new Set(own.map(({ length }) => length))];
    return lengths.map((length) => {
      const of = (contender: string) => own.find((each) => each.length === length && each.contender === contender);
      const heddle = of('heddle');
      const times = [heddle?.milliseconds, heddle?.processorMilliseconds].map((each) => (each ? timeText(each) : ''));
      const fewer = heddle && roundsOf(heddle) < most ? `, ${roundsOf(heddle)} rounds` : '';
      return [title, `${length}${fewer}`, times.join(' / '), ...present.map((contender) => cellOf(of(contender)))];
    });
  });
  const header = ['', 'T', 'heddle', ...present];
  const rule = header.map((_, n) => (n === 0 ? '---' : '--:'));
  const table = [header, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const what = `${device.name}: ${device.description || device.device}, ${dtype}`;
  return `### ${what}\n\n${most} rounds unless told${when}.\n\n${table}\n`;
}

function cellOf(summary: Summary | undefined): string {
  if (summary === undefined) return '';
  const ratios = [summary.ratio, summary.processorRatio].map(ratioText).filter(Boolean).join(' / ');
  return summary.wrong === undefined ? ratios : `${ratios}, wrong`;
}

const ratioText = (ratio: Ratio | undefined): string => (ratio === undefined ? '' : `${ratio.median.toFixed(2)}×`);
