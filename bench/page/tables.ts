// Tables of the page: one for each workload and precision, a line for each contender at each length.
// By the device's own clock where it has told times, else by the clock on the wall.
import type { Summary } from '../results.js';
import { errorText, timeText } from '../table.js';
import type { BenchDtype } from '../workloads.js';
import { written } from './elements.js';
import type { PageFile } from './file.js';

interface Which {
  readonly workload: string;
  readonly dtype: BenchDtype;
  readonly title: string;
}

export function meaningOf({ settings, complaints }: PageFile): string {
  const said = complaints.length === 0 ? '' : ` The device has complained: ${complaints.at(-1)}`;
  return `A ratio above 1 is slower than Heddle: the median of ${settings.repeats} rounds. Error is the distance from what is right, over its size.${said}`;
}

const columns = ['T', 'contender', 'ratio', 'on the device', 'on the wall', 'dispatches', 'error'];
const isText = (column: number): boolean => column === 1;

export function tableElement({ results, failures }: PageFile, { workload, dtype, title }: Which): HTMLElement {
  const isOwn = (each: { readonly workload: string; readonly dtype: BenchDtype }): boolean =>
    each.workload === workload && each.dtype === dtype;
  const head = written('tr', {}, ...columns.map((name, n) => written('th', { scope: 'col', ...cellClass(n) }, name)));
  const rows = results.filter(isOwn).map((each) => written('tr', {}, ...cellsOf(each).map(cellElement)));
  const heading = `${title}, ${dtype === 'f16' ? 'float16' : 'float32'}`;
  const table = written('table', {}, written('thead', {}, head), written('tbody', {}, ...rows));
  const notes = failures
    .filter(isOwn)
    .map(({ contender, length, why }) =>
      written('p', { class: 'note' }, `${contender} does not compute it at ${length}: ${why}`),
    );
  // What is wider than a phone can be reached by keys as well.
  const attributes = { class: 'wide', tabindex: '0', role: 'region', 'aria-label': heading };
  return written('section', {}, written('h3', {}, heading), written('div', attributes, table), ...notes);
}

function cellsOf(summary: Summary): readonly string[] {
  const { length, contender, detail, ratio, deviceRatio, milliseconds, deviceMilliseconds, dispatches } = summary;
  return [
    String(length),
    detail === undefined ? contender : `${contender} (${detail})`,
    `${(deviceRatio ?? ratio).median.toFixed(2)}×`,
    deviceMilliseconds === undefined ? '' : timeText(deviceMilliseconds),
    timeText(milliseconds),
    String(dispatches),
    errorText(summary.error, summary.wrong),
  ];
}

const cellElement = (text: string, column: number): HTMLElement => written('td', cellClass(column), text);
const cellClass = (column: number): Readonly<Record<string, string>> => (isText(column) ? { class: 'text' } : {});
